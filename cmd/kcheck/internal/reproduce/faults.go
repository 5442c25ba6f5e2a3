package reproduce

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// name is the client id of who uses the connection.
func (c *connection) name() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.who
}

// breakNode breaks the connections to and from a node; those of clients only if asked to.
func (c *Cluster) breakNode(b int, clients bool) {
	for l, p := range c.proxies {
		switch {
		case l.node == b && (l.kind != clientLink || clients):
			p.breakAll(func(*connection) bool { return true })
		case l.kind != clientLink:
			p.breakAll(func(conn *connection) bool { return owner(&message{header: header{client: conn.name()}}) == b })
		}
	}
}

// deliver sends a late request to its broker on a connection of its own, and waits for the broker's answer.
func (c *Cluster) deliver(ctx context.Context, m *message) error {
	conn, err := net.DialTimeout("tcp", c.proxies[m.link].target, callLimit)
	if err != nil {
		return diverged{"the broker of the late request does not run"}
	}
	defer conn.Close()
	c.traffic.let(m, lost) // the connection that it came on is gone
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if err := writeFrame(conn, m.frame); err != nil {
		return err
	}
	_, _ = readFrame(conn) // nobody waits for it
	return ctx.Err()
}

// believes asks a broker what it has learnt about a partition, and about which nodes are there.
func (c *Cluster) believes(ctx context.Context, b int, topic string, index int32) (partition, []int, error) {
	req := kmsg.NewPtrMetadataRequest()
	t := kmsg.NewMetadataRequestTopic()
	t.Topic = &topic
	req.Topics = append(req.Topics, t)
	resp, err := call[*kmsg.MetadataResponse](ctx, c.nodes[b].client, req, 12)
	if err != nil {
		return partition{}, nil, err
	}
	var alive []int
	for _, n := range resp.Brokers {
		alive = append(alive, int(n.NodeID))
	}
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			if p.Partition == index {
				return partition{leader: int(p.Leader), epoch: int(p.LeaderEpoch), isr: sorted(ints(p.ISR)), replicas: ints(p.Replicas)}, alive, nil
			}
		}
	}
	return partition{}, nil, fmt.Errorf("b%d does not know %s", b, topic)
}

// property is a value in a properties file.
func property(file []byte, key string) string {
	for line := range strings.SplitSeq(string(file), "\n") {
		if k, v, ok := strings.Cut(line, "="); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// warmTopic is a topic on one broker, through which clients connect to it before a run.
func (c *Cluster) warmTopic(b int) string { return fmt.Sprintf("warm-%d-%d", b, c.warm[b]) }

// warmUp creates the topic for every broker that has none, or has lost it with its disk.
func (c *Cluster) warmUp(ctx context.Context) error {
	for b := 1; b <= c.brokers; b++ {
		if c.warm[b] > 0 {
			continue
		}
		c.wiped++
		c.warm[b] = c.wiped
		if err := c.createTopic(ctx, c.warmTopic(b), []int{b}, nil); err != nil {
			return err
		}
	}
	return nil
}

// settled waits until every broker runs, is counted as there, and nothing is held any more.
func (c *Cluster) settle(ctx context.Context) error {
	c.traffic.openAll()
	for _, id := range c.ids() {
		if !c.nodes[id].running() {
			if err := c.nodes[id].start(c.logging); err != nil {
				return err
			}
		}
	}
	return c.awaitBrokers(ctx, c.ids()...)
}

// forgetLate lets go of late requests that never arrived.
func (c *Cluster) forgetLate() {
	c.traffic.mu.Lock()
	defer c.traffic.mu.Unlock()
	for len(c.traffic.waiting) > 0 {
		c.traffic.decide(c.traffic.waiting[0], lost)
	}
}
