package reproduce

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Cluster is a KRaft cluster on the loopback interface, with a proxy before every listener: brokers 1 to N, which the
// faults meet, and one node that is the controller and keeps the internal topics and inputs, which no fault meets.
type Cluster struct {
	home    *Home
	dir     string
	nodes   map[int]*node
	brokers int
	traffic *traffic
	proxies map[link]*proxy
	runs    int         // topics made so far
	warm    map[int]int // number of the topic through which clients connect to a broker; 0 for none
	wiped   int
	logging []string
	players *players
	// settings are those of the brokers' own file, beside what every cluster here has.
	settings map[string]string
}

// sessionTimeout is how long the controller waits for the heartbeats of a broker before it counts it as gone.
const sessionTimeout = 6 * time.Second

// startLimit bounds how long nodes may take to start.
const startLimit = 90 * time.Second

// features are the feature levels a cluster is formatted with.
type features map[string]string

// StartCluster starts a cluster with some brokers in a new temporary directory. Close removes everything. Ports that were
// free may be taken before a node listens on them; then it is tried again.
func StartCluster(ctx context.Context, home *Home, brokers int, f features, settings map[string]string) (c *Cluster, err error) {
	for range attempts {
		if c, err = startCluster(ctx, home, brokers, f, settings); err == nil || ctx.Err() != nil {
			return c, err
		}
	}
	return nil, err
}

func startCluster(ctx context.Context, home *Home, brokers int, f features, settings map[string]string) (*Cluster, error) {
	dir, err := os.MkdirTemp("", "kcheck-reproduce-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{home: home, dir: dir, nodes: map[int]*node{}, brokers: brokers, traffic: newTraffic(), proxies: map[link]*proxy{},
		warm: map[int]int{}, settings: settings}
	if err := c.boot(ctx, f); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (c *Cluster) boot(ctx context.Context, f features) error {
	var err error
	if c.logging, err = writeLogging(c.dir); err != nil {
		return err
	}
	if c.players, err = newPlayers(ctx, c.home, c.dir, c.logging); err != nil {
		return err
	}
	if err := c.layOut(); err != nil {
		return err
	}
	if err := c.format(ctx, f); err != nil {
		return err
	}
	for _, id := range c.ids() {
		if err := c.nodes[id].start(c.logging); err != nil {
			return err
		}
	}
	if err := c.awaitBrokers(ctx, c.ids()...); err != nil {
		c.dump()
		return err
	}
	return c.createInternalTopics(ctx)
}

// ids are the ids of all nodes, the controller first.
func (c *Cluster) ids() []int {
	ids := []int{serviceNode}
	for i := 1; i <= c.brokers; i++ {
		ids = append(ids, i)
	}
	return ids
}

// layOut chooses ports, starts the proxies and writes the configurations.
func (c *Cluster) layOut() error {
	ports, err := freePorts(2*(c.brokers+1) + 1)
	if err != nil {
		return err
	}
	for i, id := range c.ids() {
		n := &node{id: id, home: c.home, dir: filepath.Join(c.dir, strconv.Itoa(id)), client: ports[2*i], broker: ports[2*i+1],
			log: &brokerLog{}}
		if err := os.MkdirAll(n.data(), 0o755); err != nil {
			return err
		}
		kinds := map[linkKind]int{clientLink: n.client, brokerLink: n.broker}
		if id == serviceNode {
			n.control = ports[len(ports)-1]
			kinds[controllerLink] = n.control
		}
		for kind, port := range kinds {
			l := link{kind, id}
			if c.proxies[l], err = newProxy(l, fmt.Sprintf("127.0.0.1:%d", port), c.traffic); err != nil {
				return err
			}
		}
		c.nodes[id] = n
	}
	for _, n := range c.nodes {
		if err := writeConfig(n.config(), c.properties(n)); err != nil {
			return err
		}
	}
	return nil
}

// properties is the configuration of a node. Times that guard an answer are long, so that nothing runs out but what a
// step asks for; those that only make a run slow are short.
func (c *Cluster) properties(n *node) map[string]string {
	at := func(kind linkKind, id int) string { return c.proxies[link{kind, id}].addr() }
	p := map[string]string{
		"node.id":                        strconv.Itoa(n.id),
		"process.roles":                  "broker",
		"controller.quorum.voters":       fmt.Sprintf("%d@%s", serviceNode, at(controllerLink, serviceNode)),
		"controller.listener.names":      "CONTROLLER",
		"inter.broker.listener.name":     "BROKER",
		"listener.security.protocol.map": "CLIENT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
		"listeners":                      fmt.Sprintf("CLIENT://127.0.0.1:%d,BROKER://127.0.0.1:%d", n.client, n.broker),
		"advertised.listeners":           fmt.Sprintf("CLIENT://%s,BROKER://%s", at(clientLink, n.id), at(brokerLink, n.id)),
		"log.dirs":                       n.data(),

		"offsets.topic.num.partitions":             "1",
		"offsets.topic.replication.factor":         "1",
		"transaction.state.log.num.partitions":     "1",
		"transaction.state.log.replication.factor": "1",
		"transaction.state.log.min.isr":            "1",
		"auto.create.topics.enable":                "false",
		"auto.leader.rebalance.enable":             "false",
		"log.cleaner.enable":                       "false",
		"log.retention.ms":                         "-1",

		"broker.session.timeout.ms":                                   strconv.Itoa(int(sessionTimeout / time.Millisecond)),
		"broker.heartbeat.interval.ms":                                "250",
		"controller.quorum.fetch.timeout.ms":                          "3600000",
		"controller.quorum.request.timeout.ms":                        "3600000",
		"controller.socket.timeout.ms":                                "3600000",
		"metadata.max.idle.interval.ms":                               "0",
		"replica.lag.time.max.ms":                                     "3600000",
		"replica.socket.timeout.ms":                                   "3600000",
		"replica.fetch.wait.max.ms":                                   "40",
		"replica.fetch.backoff.ms":                                    "40",
		"replica.high.watermark.checkpoint.interval.ms":               "3600000",
		"group.initial.rebalance.delay.ms":                            "0",
		"group.min.session.timeout.ms":                                "1000",
		"transaction.abort.timed.out.transaction.cleanup.interval.ms": "250",
		"num.network.threads":                                         "2",
		"num.io.threads":                                              "4",
		"background.threads":                                          "2",
	}
	maps.Copy(p, c.settings)
	if n.id == serviceNode {
		delete(p, "min.insync.replicas")
		p["process.roles"] = "broker,controller"
		p["listeners"] += fmt.Sprintf(",CONTROLLER://127.0.0.1:%d", n.control)
		if c.home.advertisesController() {
			p["advertised.listeners"] += ",CONTROLLER://" + at(controllerLink, serviceNode)
		}
	}
	return p
}

// format makes the log directories. A broker needs no more than a file that names the cluster.
func (c *Cluster) format(ctx context.Context, f features) error {
	id := randomID()
	service := c.nodes[serviceNode]
	args := append(c.home.jvm(), "-Xmx128m")
	args = append(append(args, c.logging...), "-cp", c.home.classPath(), "kafka.tools.StorageTool", "format", "-t", id, "-c",
		service.config())
	for _, name := range sortedKeys(f) {
		args = append(args, "--feature", name+"="+f[name])
	}
	if out, err := exec.CommandContext(ctx, c.home.java, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("formatting the controller's log directory: %w: %s", err, lastLine(string(out)))
	}
	for i := 1; i <= c.brokers; i++ {
		text := fmt.Sprintf("version=1\nnode.id=%d\ncluster.id=%s\ndirectory.id=%s\n", i, id, randomID())
		if err := os.WriteFile(filepath.Join(c.nodes[i].data(), "meta.properties"), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Close ends every process and removes the directory.
func (c *Cluster) Close() {
	c.traffic.openAll()
	if c.players != nil {
		c.players.close()
	}
	var all sync.WaitGroup
	for _, n := range c.nodes {
		all.Go(n.kill)
	}
	all.Wait()
	for _, p := range c.proxies {
		p.close()
	}
	os.RemoveAll(c.dir)
}

// freePorts finds ports of the loopback interface that nobody listens on.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		lis, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer lis.Close()
		ports = append(ports, lis.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// randomID is an id as Kafka writes its own: 16 bytes in base64 for URLs.
func randomID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[0] &= 0x7f // no leading dash
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// log4j2 and log4j are how nodes log, to standard output, by version.
const (
	log4j2 = `Configuration:
  Appenders:
    Console:
      name: out
      PatternLayout: {pattern: "%d{HH:mm:ss.SSS} %p %c{1}: %m%n"}
  Loggers:
    Root: {level: INFO, AppenderRef: {ref: out}}
    Logger: {name: org.apache.kafka.common.config, level: WARN}
`
	log4j = `log4j.rootLogger=INFO, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d{HH:mm:ss.SSS} %p %c{1}: %m%n
log4j.logger.kafka.server.KafkaConfig=WARN
log4j.logger.org.apache.kafka.common.config=WARN
`
)

// writeLogging writes the configurations of the logging libraries and returns the flags that name them.
func writeLogging(dir string) ([]string, error) {
	two, one := filepath.Join(dir, "log4j2.yaml"), filepath.Join(dir, "log4j.properties")
	if err := os.WriteFile(two, []byte(log4j2), 0o644); err != nil {
		return nil, err
	}
	if err := os.WriteFile(one, []byte(log4j), 0o644); err != nil {
		return nil, err
	}
	return []string{"-Dlog4j2.configurationFile=" + two, "-Dlog4j.configuration=file:" + one}, nil
}

// dump writes what the nodes logged to the directory that KCHECK_REPRODUCE_LOGS names, for those who look for a mistake
// in the player.
func (c *Cluster) dump() {
	dir := os.Getenv("KCHECK_REPRODUCE_LOGS")
	if dir == "" {
		return
	}
	for id, n := range c.nodes {
		text := strings.Join(n.log.since(0), "\n") + "\n"
		_ = os.WriteFile(filepath.Join(dir, fmt.Sprintf("node-%d.log", id)), []byte(text), 0o644)
	}
	for i, p := range c.players.all {
		text := strings.Join(p.log.since(0), "\n") + "\n"
		_ = os.WriteFile(filepath.Join(dir, fmt.Sprintf("player-%d.log", i)), []byte(text), 0o644)
	}
}
