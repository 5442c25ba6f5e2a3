// Package clustertest starts Kafka clusters in memory (franz-go's kfake) for tests. They answer the requests of admin
// clients; they do not replicate.
package clustertest

import (
	"context"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Start starts a cluster of three brokers, which ends with the test, and gives the address of one of them.
func Start(t *testing.T, opts ...kfake.Opt) (*kfake.Cluster, string) {
	t.Helper()
	c, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(3)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, c.ListenAddrs()[0]
}

// Admin is an admin client of a cluster that takes plain connections.
func Admin(t *testing.T, address string) *kadm.Client {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return kadm.NewClient(client)
}

// CreateTopic creates a topic of three partitions and three replicas with min.insync.replicas.
func CreateTopic(t *testing.T, address, name, minISR string) {
	t.Helper()
	if _, err := Admin(t, address).CreateTopic(context.Background(), 3, 3, map[string]*string{"min.insync.replicas": &minISR}, name); err != nil {
		t.Fatal(err)
	}
}
