package reproduce

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
)

// fetchBy is a fetch of a broker; of -1 a client's.
func fetchBy(broker int32) kmsg.Request {
	r := kmsg.NewPtrFetchRequest()
	r.ReplicaID = broker
	return r
}

func TestGatesPickTheirRequests(t *testing.T) {
	t.Parallel()
	at := func(kind proxy.LinkKind, node int, client string, req kmsg.Request, version int16) *proxy.Message {
		req.SetVersion(version)
		frame := kmsg.NewRequestFormatter(kmsg.FormatterClientID(client)).AppendRequest(nil, req, 7)
		m, err := proxy.NewMessage(proxy.Link{Kind: kind, Node: node}, frame[4:])
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	beat := kmsg.NewPtrBrokerHeartbeatRequest()
	starting := kmsg.NewPtrBrokerHeartbeatRequest()
	starting.WantFence = true
	for name, c := range map[string]struct {
		rule proxy.Rule
		m    *proxy.Message
		want bool
	}{
		"a follower's fetch":               {fetchOf(2), at(proxy.BrokerLink, 1, "broker-2-fetcher-0", kmsg.NewPtrFetchRequest(), 16), true},
		"another follower's":               {fetchOf(2), at(proxy.BrokerLink, 1, "broker-3-fetcher-0", kmsg.NewPtrFetchRequest(), 16), false},
		"its fetch of an internal topic":   {fetchOf(2), at(proxy.BrokerLink, cluster.ServiceNode, "broker-2-fetcher-0", kmsg.NewPtrFetchRequest(), 16), false},
		"a follower's fetch in Kafka 0.8":  {fetchOf(2), at(proxy.ClientLink, 1, "ReplicaFetcherThread-0-1", fetchBy(2), 0), true},
		"a consumer's fetch":               {fetchOf(2), at(proxy.ClientLink, 1, consumerID+"-1", fetchBy(-1), 0), false},
		"cut off: a fetch in Kafka 0.8":    {cutOff(1), at(proxy.ClientLink, 1, "ReplicaFetcherThread-0-1", fetchBy(2), 0), true},
		"cut off: Kafka 0.8's controller":  {cutOff(1), at(proxy.ClientLink, 1, "id_100-host_127.0.0.1-port_9092", kmsg.NewPtrLeaderAndISRRequest(), 0), true},
		"a heartbeat":                      {cluster.HeartbeatsOf(2), at(proxy.ControllerLink, cluster.ServiceNode, "2", beat, 1), true},
		"a heartbeat of one that starts":   {cluster.HeartbeatsOf(2), at(proxy.ControllerLink, cluster.ServiceNode, "2", starting, 1), false},
		"cut off: what it asks":            {cutOff(1), at(proxy.ControllerLink, cluster.ServiceNode, "raft-client-1", kmsg.NewPtrFetchRequest(), 16), true},
		"cut off: who follows it":          {cutOff(1), at(proxy.BrokerLink, 1, "broker-2-fetcher-0", kmsg.NewPtrFetchRequest(), 16), true},
		"cut off: its clients are not":     {cutOff(1), at(proxy.ClientLink, 1, producerID+"-1", kmsg.NewPtrProduceRequest(), 9), false},
		"cut off: others among each other": {cutOff(1), at(proxy.BrokerLink, 2, "broker-3-fetcher-0", kmsg.NewPtrFetchRequest(), 16), false},
	} {
		if got := c.rule(c.m); got != c.want {
			t.Errorf("%s: held is %v", name, got)
		}
	}
}
