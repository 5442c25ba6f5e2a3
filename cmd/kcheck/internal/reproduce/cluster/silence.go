package cluster

import (
	"fmt"
	"net"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
)

// Silence holds what a broker tells the controller of its being there, until [Cluster.Unsilence]: its heartbeats, or with
// ZooKeeper everything between it and ZooKeeper.
func (c *Cluster) Silence(b int) {
	if c.ZooKeeper {
		c.zoo.pipes[b].Hold()
		return
	}
	c.Traffic.Hold(silenced(b), HeartbeatsOf(b))
}

// Unsilence ends [Cluster.Silence].
func (c *Cluster) Unsilence(b int) {
	if c.ZooKeeper {
		c.zoo.pipes[b].Open()
		return
	}
	c.Traffic.Open(silenced(b))
}

// OpenAll lets everything through that is held.
func (c *Cluster) OpenAll() {
	c.Traffic.OpenAll()
	c.zoo.openPipes()
}

// silenced names the rule that holds a broker's heartbeats.
func silenced(b int) string { return fmt.Sprintf("beat-%d", b) }

// HeartbeatsOf picks the heartbeats by which broker b asks to be counted as there.
func HeartbeatsOf(b int) proxy.Rule {
	return func(m *proxy.Message) bool {
		if m.Response || m.Link.Kind != proxy.ControllerLink || m.API != kmsg.BrokerHeartbeat || NodeOf(m.Client) != b {
			return false
		}
		r, ok := m.Request().(*kmsg.BrokerHeartbeatRequest)
		return ok && !r.WantFence
	}
}

// DecisionsTo picks what tells node b of the controller's decisions: the controller's log, or with ZooKeeper LeaderAndIsr
// requests.
func (c *Cluster) DecisionsTo(b int) proxy.Rule {
	if c.ZooKeeper {
		return func(m *proxy.Message) bool {
			return !m.Response && m.Link.Node == b && m.API == kmsg.LeaderAndISR
		}
	}
	id := fmt.Sprintf("raft-client-%d", b)
	return func(m *proxy.Message) bool {
		return m.Response && m.Link.Kind == proxy.ControllerLink && m.API == kmsg.Fetch && m.Client == id
	}
}

// epochIn is the leader epoch of a partition in a LeaderAndIsr request; -1 if it is not about the partition.
func epochIn(m *proxy.Message, topic string, index int32) int {
	r, ok := m.Request().(*kmsg.LeaderAndISRRequest)
	if !ok {
		return -1
	}
	states := r.PartitionStates // up to version 1
	for _, t := range r.TopicStates {
		for _, s := range t.PartitionStates {
			s.Topic = t.Topic
			states = append(states, s)
		}
	}
	for _, s := range states {
		if s.Topic == topic && s.Partition == index {
			return int(s.LeaderEpoch)
		}
	}
	return -1
}

// listens says whether somebody listens on a port of this machine.
func listens(port int) bool {
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}
