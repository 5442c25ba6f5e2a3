// Package cluster starts and stops clusters of real Kafka brokers on the loopback interface, with KRaft or ZooKeeper and with a
// proxy before every listener, and asks them: topics, partitions, groups, and the records in their logs.
package cluster

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/jvm"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/scratch"
)

// Kind is what clusters can differ in.
type Kind struct {
	Brokers   int               // 1 to Brokers, beside the [ServiceNode]
	ZooKeeper bool              // instead of KRaft
	Features  map[string]string // the feature levels that a cluster with KRaft is formatted with
	Settings  map[string]string // of the brokers' own file, beside what every cluster here has
	// ShareState are the nodes that keep the state of share groups, the coordinator first; none is the [ServiceNode].
	ShareState []int
}

// Cluster is a cluster: brokers 1 to N, which the faults meet, and one node that is the controller and keeps the
// internal topics and inputs, which no fault meets.
type Cluster struct {
	Kind
	Home    *jvm.Home
	Traffic *proxy.Traffic

	scratch *scratch.Dir
	dir     string // of scratch
	nodes   map[int]*Node
	proxies map[proxy.Link]*proxy.Proxy
	zoo     *zooKeeper  // nil with KRaft
	warm    map[int]int // number of the topic through which clients connect to a broker; 0 for none
	warmed  int         // such topics so far
}

// SessionTimeout is how long the controller waits for the heartbeats of a broker before it counts it as gone.
const SessionTimeout = 6 * time.Second

// StartLimit bounds how long nodes may take to start or to stop.
const StartLimit = 90 * time.Second

// starts is how often a cluster is started at most: ports that were free may be taken before a node listens on them, and ZooKeeper may
// not come to serve.
const starts = 3

// Start starts a cluster in a new temporary directory. [Cluster.Close] removes everything.
func Start(ctx context.Context, home *jvm.Home, kind Kind) (*Cluster, error) {
	var err error
	for range starts {
		c := &Cluster{Kind: kind, Home: home, Traffic: proxy.NewTraffic(), nodes: map[int]*Node{},
			proxies: map[proxy.Link]*proxy.Proxy{}, warm: map[int]int{}}
		if err = c.boot(ctx); err == nil {
			return c, nil
		}
		c.Dump()
		again := c.lostPort() || errors.Is(err, errNotServing)
		c.Close()
		if ctx.Err() != nil || !again {
			return nil, err
		}
	}
	return nil, err
}

func (c *Cluster) boot(ctx context.Context) error {
	var err error
	if c.scratch, err = scratch.New(); err != nil {
		return err
	}
	c.dir = c.scratch.Path
	if err := c.layOut(); err != nil {
		return err
	}
	first := c.format
	if c.ZooKeeper {
		first = c.bootZooKeeper
	}
	if err := first(ctx); err != nil {
		return err
	}
	for _, id := range c.IDs() {
		if c.nodes[id].Running() {
			continue
		}
		if err := c.nodes[id].Start(); err != nil {
			return err
		}
	}
	if err := c.Await(ctx, c.IDs()...); err != nil {
		return err
	}
	if c.Home.HasScalaClients() {
		return nil // offsets are in ZooKeeper
	}
	return c.createInternalTopics(ctx)
}

// lostPort says whether a node has ended because somebody else listens on its port.
func (c *Cluster) lostPort() bool {
	for _, n := range c.nodes {
		if !n.Running() && slices.ContainsFunc(n.Log.Since(0), bindFailed) {
			return true
		}
	}
	return c.zoo != nil && slices.ContainsFunc(c.zoo.log.Since(0), bindFailed)
}

// Close ends every process and removes the directory.
func (c *Cluster) Close() {
	c.OpenAll()
	var all sync.WaitGroup
	for _, n := range c.nodes {
		all.Go(n.Kill)
	}
	all.Wait()
	c.zoo.close()
	for _, p := range c.proxies {
		p.Close()
	}
	c.scratch.Remove()
}

// IDs are the ids of all nodes, the controller first.
func (c *Cluster) IDs() []int {
	ids := []int{ServiceNode}
	for i := 1; i <= c.Brokers; i++ {
		ids = append(ids, i)
	}
	return ids
}

// Node is a node by its id.
func (c *Cluster) Node(id int) *Node { return c.nodes[id] }

// Bootstrap is where clients ask for the cluster first: host:port.
func (c *Cluster) Bootstrap() string { return c.Proxy(proxy.ClientLink, ServiceNode).Addr() }

// Proxy is the proxy before a listener.
func (c *Cluster) Proxy(kind proxy.LinkKind, node int) *proxy.Proxy {
	return c.proxies[proxy.Link{Kind: kind, Node: node}]
}

// BreakClients breaks the connections to every node of the clients that a predicate picks by client id.
func (c *Cluster) BreakClients(pick func(client string) bool) {
	for _, p := range c.proxies {
		p.Break(pick)
	}
}

// BreakNode breaks the connections to and from a node; those of clients only if asked to.
func (c *Cluster) BreakNode(b int, clients bool) {
	c.Traffic.Forget(b)
	for l, p := range c.proxies {
		switch {
		case l.Node == b && (l.Kind != proxy.ClientLink || clients):
			p.BreakAll()
		case l.Kind != proxy.ClientLink:
			p.Break(func(client string) bool { return NodeOf(client) == b })
		}
	}
}

// Release lets go of everything that a run holds: what is held passes, what is late is lost, connections that were kept
// open break, and paused nodes go on.
func (c *Cluster) Release() {
	c.resumeAll()
	c.OpenAll()
	c.Traffic.LoseAll()
	for _, p := range c.proxies {
		p.KeepOpen(false)
	}
}

// Settle lets everything through, lets paused nodes go on, starts every node that is down, and waits until all are counted as alive.
func (c *Cluster) Settle(ctx context.Context) error {
	c.OpenAll()
	c.resumeAll()
	for _, id := range c.IDs() {
		if n := c.nodes[id]; !n.Running() {
			if err := c.AwaitSessionEnd(ctx, id); err != nil {
				return err
			}
			if err := n.Start(); err != nil {
				return err
			}
		}
	}
	return c.Await(ctx, c.IDs()...)
}

func (c *Cluster) resumeAll() {
	for _, n := range c.nodes {
		n.Resume()
	}
}

// Await waits until the controller counts nodes as alive. It ends at once when the process of one has ended, with what that
// logged last.
func (c *Cluster) Await(ctx context.Context, ids ...int) error {
	return poll.Until(ctx, StartLimit, fmt.Sprintf("nodes %v to start", ids), func() (bool, error) {
		for _, id := range ids {
			if err := c.nodes[id].Ended(); err != nil {
				return false, poll.Final{Err: err}
			}
		}
		alive, err := c.Alive(ctx)
		for _, id := range ids {
			if !slices.Contains(alive, id) {
				return false, err
			}
		}
		return err == nil, err
	})
}

// layOut chooses ports, starts the proxies and writes the configurations.
func (c *Cluster) layOut() error {
	ports, err := freePorts(2*(c.Brokers+1) + 1)
	if err != nil {
		return err
	}
	logging, err := jvm.WriteLogging(c.dir)
	if err != nil {
		return err
	}
	if c.ZooKeeper {
		if err := c.layPipes(ports[len(ports)-1]); err != nil {
			return err
		}
	}
	for i, id := range c.IDs() {
		n := &Node{ID: id, home: c.Home, logging: logging, dir: filepath.Join(c.dir, strconv.Itoa(id)), client: ports[2*i], broker: ports[2*i+1]}
		if err := os.MkdirAll(n.data(), 0o755); err != nil {
			return err
		}
		kinds := map[proxy.LinkKind]int{proxy.ClientLink: n.client}
		if !c.Home.HasScalaClients() {
			kinds[proxy.BrokerLink] = n.broker
		}
		if id == ServiceNode && !c.ZooKeeper {
			n.control = ports[len(ports)-1]
			kinds[proxy.ControllerLink] = n.control
		}
		for kind, port := range kinds {
			l := proxy.Link{Kind: kind, Node: id}
			if c.proxies[l], err = proxy.New(l, fmt.Sprintf("127.0.0.1:%d", port), c.Traffic); err != nil {
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

// format makes the log directories. A broker needs no more than a file that names the cluster.
func (c *Cluster) format(ctx context.Context) error {
	id := randomID()
	service := c.nodes[ServiceNode]
	args := []string{"format", "-t", id, "-c", service.config()}
	for _, name := range slices.Sorted(maps.Keys(c.Features)) {
		args = append(args, "--feature", name+"="+c.Features[name])
	}
	err := c.Home.Run(ctx, jvm.Program{Class: "kafka.tools.StorageTool", Args: args, Dir: c.dir, MaxHeapMB: 128, Logging: service.logging})
	if err != nil {
		return fmt.Errorf("formatting the controller's log directory: %w", err)
	}
	for i := 1; i <= c.Brokers; i++ {
		if err := c.nodes[i].writeMeta(id); err != nil {
			return err
		}
	}
	return nil
}

// writeMeta writes the file that makes a directory a broker's log directory.
func (n *Node) writeMeta(cluster string) error {
	text := fmt.Sprintf("version=1\nnode.id=%d\ncluster.id=%s\ndirectory.id=%s\n", n.ID, cluster, randomID())
	return os.WriteFile(filepath.Join(n.data(), metaFile), []byte(text), 0o644)
}

// metaFile names the cluster, the node and the directory in every log directory.
const metaFile = "meta.properties"

// Wipe empties the log directory of a broker that is down, and formats it anew.
func (c *Cluster) Wipe(b int) error {
	n := c.nodes[b]
	delete(c.warm, b)
	if c.ZooKeeper {
		return emptied(n.data())
	}
	meta, err := os.ReadFile(filepath.Join(c.nodes[ServiceNode].data(), metaFile))
	if err != nil {
		return err
	}
	if err := emptied(n.data()); err != nil {
		return err
	}
	return n.writeMeta(property(meta, "cluster.id"))
}

// emptied makes a directory anew.
func emptied(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o755)
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
