package cluster

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
)

// never is a time in milliseconds that does not run out while a trace is played.
const never = "3600000"

// properties is the configuration of a node. Times that guard an answer are long, so that nothing runs out but what a
// step asks for; those that only make a run slow are short.
func (c *Cluster) properties(n *Node) map[string]string {
	p := map[string]string{
		"offsets.topic.num.partitions":             "1",
		"offsets.topic.replication.factor":         "1",
		"transaction.state.log.num.partitions":     "1",
		"transaction.state.log.replication.factor": "1",
		"transaction.state.log.min.isr":            "1",
		"auto.create.topics.enable":                "false",
		"auto.leader.rebalance.enable":             "false",
		"log.cleaner.enable":                       "false",
		"log.retention.ms":                         "-1",

		"broker.session.timeout.ms":                                   strconv.Itoa(int(SessionTimeout / time.Millisecond)),
		"broker.heartbeat.interval.ms":                                "250",
		"controller.quorum.fetch.timeout.ms":                          never,
		"controller.quorum.request.timeout.ms":                        never,
		"controller.socket.timeout.ms":                                never,
		"metadata.max.idle.interval.ms":                               "0",
		"replica.lag.time.max.ms":                                     never,
		"replica.socket.timeout.ms":                                   never,
		"replica.fetch.wait.max.ms":                                   "40",
		"replica.fetch.backoff.ms":                                    "40",
		"replica.high.watermark.checkpoint.interval.ms":               never,
		"group.initial.rebalance.delay.ms":                            "0",
		"group.min.session.timeout.ms":                                "1000",
		"transaction.abort.timed.out.transaction.cleanup.interval.ms": "250",
		"num.network.threads":                                         "2",
		"num.io.threads":                                              "4",
		"background.threads":                                          "2",
	}
	maps.Copy(p, c.identity(n))
	if c.Home.HasShareGroups() {
		maps.Copy(p, map[string]string{
			"share.coordinator.state.topic.num.partitions":     "1",
			"share.coordinator.state.topic.replication.factor": "1",
			"share.coordinator.state.topic.min.isr":            "1",
			"group.share.min.record.lock.duration.ms":          "1000",
			"group.share.min.heartbeat.interval.ms":            "500",
			"group.share.heartbeat.interval.ms":                "500",
		})
	}
	maps.Copy(p, c.Settings)
	if n.ID == ServiceNode {
		delete(p, "min.insync.replicas")
	}
	return p
}

// identity says who a node is, and where it listens: clients and other nodes are told the addresses of the proxies.
func (c *Cluster) identity(n *Node) map[string]string {
	if c.Home.HasScalaClients() {
		p := c.zooKeeperIdentity(n)
		p["log.dirs"] = n.data()
		return p
	}
	at := func(kind proxy.LinkKind) string { return c.Proxy(kind, n.ID).Addr() }
	p := map[string]string{
		"inter.broker.listener.name":     "BROKER",
		"listener.security.protocol.map": "CLIENT:PLAINTEXT,BROKER:PLAINTEXT",
		"listeners":                      fmt.Sprintf("CLIENT://127.0.0.1:%d,BROKER://127.0.0.1:%d", n.client, n.broker),
		"advertised.listeners":           fmt.Sprintf("CLIENT://%s,BROKER://%s", at(proxy.ClientLink), at(proxy.BrokerLink)),
		"log.dirs":                       n.data(),
	}
	if c.ZooKeeper {
		maps.Copy(p, c.zooKeeperIdentity(n))
		return p
	}
	controller := c.Proxy(proxy.ControllerLink, ServiceNode).Addr()
	p["node.id"], p["process.roles"] = strconv.Itoa(n.ID), "broker"
	p["controller.quorum.voters"] = fmt.Sprintf("%d@%s", ServiceNode, controller)
	p["controller.listener.names"] = "CONTROLLER"
	p["listener.security.protocol.map"] += ",CONTROLLER:PLAINTEXT"
	if n.ID != ServiceNode {
		return p
	}
	p["process.roles"] = "broker,controller"
	p["listeners"] += fmt.Sprintf(",CONTROLLER://127.0.0.1:%d", n.control)
	if c.Home.AdvertisesController() {
		p["advertised.listeners"] += ",CONTROLLER://" + controller
	}
	return p
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
