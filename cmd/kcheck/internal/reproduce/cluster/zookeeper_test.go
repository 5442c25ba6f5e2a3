package cluster

import (
	"errors"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
)

// TestDeletedBrokers reads what controllers with ZooKeeper log, of 0.8.2 and of 2.8.
func TestDeletedBrokers(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]int{
		"INFO [BrokerChangeListener on Controller 100]: Newly added brokers: , deleted brokers: 2, all live brokers: 100,1,3": {2},
		"INFO [Controller id=100] Newly added brokers: 1, deleted brokers: 2,3, bounced brokers: , all live brokers: 1,100":   {2, 3},
		"INFO [Controller id=100] Newly added brokers: 1, deleted brokers: , bounced brokers: , all live brokers: 1,100":      nil,
		"INFO Fencing broker 1 because its session has timed out":                                                             nil,
	} {
		if got := deletedBrokers(line); !slices.Equal(got, want) {
			t.Errorf("%v, want %v: %s", got, want, line)
		}
	}
}

// TestEpochIn reads the leader epoch that a controller of Kafka 0.8, and one of 2.2, tells a broker.
func TestEpochIn(t *testing.T) {
	t.Parallel()
	p := kmsg.NewLeaderAndISRRequestTopicPartition()
	p.Topic, p.Partition, p.Leader, p.LeaderEpoch = "orders", 0, 2, 3
	old := kmsg.NewPtrLeaderAndISRRequest()
	old.PartitionStates = append(old.PartitionStates, p)
	byTopic := kmsg.NewPtrLeaderAndISRRequest()
	of := kmsg.NewLeaderAndISRRequestTopicState()
	of.Topic, of.PartitionStates = "orders", append(of.PartitionStates, p)
	byTopic.TopicStates = append(byTopic.TopicStates, of)
	byTopic.SetVersion(2)
	toldEpoch(t, old)
	toldEpoch(t, byTopic)
}

// toldEpoch reads a request about partition 0 of orders with leader epoch 3.
func toldEpoch(t *testing.T, req *kmsg.LeaderAndISRRequest) {
	t.Helper()
	frame := kmsg.NewRequestFormatter(kmsg.FormatterClientID("")).AppendRequest(nil, req, 7)
	m, err := proxy.NewMessage(proxy.Link{Node: 2}, frame[4:])
	if err != nil {
		t.Fatal(err)
	}
	c := &Cluster{Kind: Kind{ZooKeeper: true}}
	if !c.DecisionsTo(2)(m) || c.DecisionsTo(1)(m) {
		t.Error("the request is not for broker 2 alone")
	}
	if of, other := epochIn(m, "orders", 0), epochIn(m, "payments", 0); of != 3 || other != -1 {
		t.Errorf("leader epochs %d and %d", of, other)
	}
}

func TestSameEpoch(t *testing.T) {
	t.Parallel()
	for acts, want := range map[int]error{1: kerr.UnknownLeaderEpoch, 2: nil, 3: kerr.FencedLeaderEpoch} {
		if err := sameEpoch(acts, 2); !errors.Is(err, want) {
			t.Errorf("acting on %d: %v", acts, err)
		}
	}
}
