package reproduce

import (
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/model"
)

// Client ids of the application, which tell its requests apart.
const (
	producerID = "kcheck-producer"
	consumerID = "kcheck-consumer"
)

// fetchOf picks the fetches of follower f at other brokers, requests only.
func fetchOf(f int) proxy.Rule {
	return func(m *proxy.Message) bool {
		return !m.Response && m.Link.Node != cluster.ServiceNode && m.API == kmsg.Fetch && fetcher(m) == f
	}
}

// fetcher is the broker that fetches: by the client id, or in Kafka 0.8 by the request itself, as its fetchers are named for
// whom they fetch from (kafka.server.ReplicaFetcherManager); 0 for a client.
func fetcher(m *proxy.Message) int {
	if !strings.HasPrefix(m.Client, "ReplicaFetcherThread-") {
		return cluster.NodeOf(m.Client)
	}
	if r, ok := m.Request().(*kmsg.FetchRequest); ok {
		return int(r.ReplicaID)
	}
	return 0
}

// fetchAnswerOf picks the answers to the fetches of follower f.
func fetchAnswerOf(f int) proxy.Rule {
	request := fetchOf(f)
	return func(m *proxy.Message) bool { return m.Response && request(m.Of) }
}

// altersOf picks the requests by which leader b asks for another in-sync set.
func altersOf(b int) proxy.Rule {
	return func(m *proxy.Message) bool {
		return !m.Response && m.Link.Kind != proxy.ClientLink && m.API == kmsg.AlterPartition && cluster.NodeOf(m.Client) == b
	}
}

// cutOff picks everything between node b and other nodes, both ways.
func cutOff(b int) proxy.Rule {
	return func(m *proxy.Message) bool {
		of := m
		if m.Response {
			of = m.Of
		}
		from := cluster.NodeOf(m.Client)
		if from == 0 && m.API == kmsg.Fetch {
			from = fetcher(of)
		}
		return (from > 0 || m.Link.Kind != proxy.ClientLink) && (m.Link.Node == b || from == b)
	}
}

// requestsOf picks the requests with an API key from a client of the application, and with answers their answers.
func requestsOf(client string, api kmsg.Key, answers bool) proxy.Rule {
	return func(m *proxy.Message) bool {
		return m.API == api && strings.HasPrefix(m.Client, client) && m.Link.Kind == proxy.ClientLink && (answers || !m.Response)
	}
}

// produces picks the produce requests that carry a message and have not been given up by their sender.
func produces(m model.MessageID) proxy.Rule {
	request := requestsOf(producerID, kmsg.Produce, false)
	return func(r *proxy.Message) bool { return !r.Late && request(r) && r.Carries(valueOf(m)) }
}

// answers picks the answers to produce requests that carry a message.
func answers(m model.MessageID) proxy.Rule {
	return func(a *proxy.Message) bool {
		return a.Response && a.API == kmsg.Produce && strings.HasPrefix(a.Client, producerID) && a.Of.Carries(valueOf(m))
	}
}

// gate names a rule about a broker.
func gate(kind string, b int) string { return fmt.Sprintf("%s-%d", kind, b) }
