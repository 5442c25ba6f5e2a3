package reproduce

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Client ids of the application, which tell its requests apart.
const (
	producerID = "kcheck-producer"
	consumerID = "kcheck-consumer"
)

var ownerID = regexp.MustCompile(`^(?:broker-(\d+)-.*|raft-client-(\d+)|(\d+))$`)

// owner is the node that a request between nodes comes from, by its client id; 0 if it is none.
func owner(m *message) int {
	for _, s := range ownerID.FindStringSubmatch(m.client) {
		if n, err := strconv.Atoi(s); err == nil {
			return n
		}
	}
	return 0
}

// fetchOf picks the fetches of follower f at other brokers, requests only.
func fetchOf(f int) rule {
	prefix := fmt.Sprintf("broker-%d-fetcher-", f)
	return func(m *message) bool {
		return !m.response && m.link.kind == brokerLink && m.link.node != serviceNode && m.api == apiFetch &&
			strings.HasPrefix(m.client, prefix)
	}
}

// fetchAnswerOf picks the answers to the fetches of follower f.
func fetchAnswerOf(f int) rule {
	request := fetchOf(f)
	return func(m *message) bool { return m.response && request(m.of) }
}

// learnsOf picks what the controller's log tells node b.
func learnsOf(b int) rule {
	id := fmt.Sprintf("raft-client-%d", b)
	return func(m *message) bool {
		return m.response && m.link.kind == controllerLink && m.api == apiFetch && m.client == id
	}
}

// heartbeatsOf picks the heartbeats by which broker b asks to be counted as there.
func heartbeatsOf(b int) rule {
	return func(m *message) bool {
		if m.response || m.link.kind != controllerLink || m.api != apiHeartbeat || owner(m) != b {
			return false
		}
		r, ok := m.request().(*kmsg.BrokerHeartbeatRequest)
		return ok && !r.WantFence
	}
}

// altersOf picks the requests by which leader b asks for another in-sync set.
func altersOf(b int) rule {
	return func(m *message) bool {
		return !m.response && m.link.kind == controllerLink && m.api == apiAlterPartition && owner(m) == b
	}
}

// cutOff picks everything between node b and other nodes, both ways.
func cutOff(b int) rule {
	return func(m *message) bool {
		return m.link.kind != clientLink && (m.link.node == b || owner(m) == b)
	}
}

// of picks the requests with an API key from a client of the application, and with answers their answers.
func of(client string, api int16, answers bool) rule {
	return func(m *message) bool {
		return m.api == api && strings.HasPrefix(m.client, client) && m.link.kind == clientLink && (answers || !m.response)
	}
}

// produces picks the produce requests that carry a message and have not been given up by their sender.
func produces(name string) rule {
	request := of(producerID, apiProduce, false)
	return func(m *message) bool { return !m.late && request(m) && m.carries(valueOf(name)) }
}

// answers picks the answers to produce requests that carry a message.
func answers(name string) rule {
	return func(m *message) bool {
		return m.response && m.api == apiProduce && strings.HasPrefix(m.client, producerID) && m.of.carries(valueOf(name))
	}
}

func gate(kind string, b int) string { return fmt.Sprintf("%s-%d", kind, b) }
