package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/jvm"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
)

// zooKeeper is the one ZooKeeper server of a cluster that has it instead of KRaft. No fault ever meets it.
type zooKeeper struct {
	log     jvm.Log
	process *jvm.Process
	port    int
	pipes   map[int]*proxy.Pipe // before it, by broker
	conn    *zk.Conn            // of this program
}

// tick is ZooKeeper's tickTime: how exactly it knows when a session ends.
const tick = 500 * time.Millisecond

// bootZooKeeper starts ZooKeeper and the service node, which becomes the controller because it is the only node.
func (c *Cluster) bootZooKeeper(ctx context.Context) error {
	if err := c.startZooKeeper(ctx); err != nil {
		return err
	}
	if err := c.nodes[ServiceNode].Start(); err != nil {
		return err
	}
	return c.Await(ctx, ServiceNode)
}

// startZooKeeper starts ZooKeeper's server and waits until it listens.
func (c *Cluster) startZooKeeper(ctx context.Context) error {
	z, service := c.zoo, c.nodes[ServiceNode]
	dir := filepath.Join(c.dir, "zookeeper")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	file := filepath.Join(dir, "zookeeper.properties")
	err := writeConfig(file, map[string]string{
		"dataDir": filepath.Join(dir, "data"), "clientPort": strconv.Itoa(z.port), "clientPortAddress": "127.0.0.1",
		"maxClientCnxns": "0", "tickTime": strconv.Itoa(int(tick / time.Millisecond)), "admin.enableServer": "false",
	})
	if err != nil {
		return err
	}
	z.process, err = c.Home.Start(jvm.Program{Class: "org.apache.zookeeper.server.quorum.QuorumPeerMain", Args: []string{file}, Dir: dir,
		MaxHeapMB: 96, Logging: service.logging}, z.log.Add)
	if err != nil {
		return err
	}
	err = poll.Until(ctx, StartLimit, "ZooKeeper to start", func() (bool, error) {
		if !z.process.Running() {
			return false, poll.Final{Err: fmt.Errorf("ZooKeeper has ended: %s", z.log.LastWords())}
		}
		return listens(z.port), nil
	})
	if err != nil {
		return err
	}
	if err := z.dial(); err != nil {
		return err
	}
	return z.awaitService(ctx)
}

// serviceLimit bounds how long ZooKeeper may take to serve once it listens.
const serviceLimit = 30 * time.Second

// errNotServing says that ZooKeeper listens and does not read: seen with 3.8.4 on a busy machine, where its first connection came and
// went while it started. The calls of its client have no limit of their own.
var errNotServing = errors.New("ZooKeeper listens, and does not answer")

// awaitService waits until ZooKeeper serves.
func (z *zooKeeper) awaitService(ctx context.Context) error {
	served := make(chan error, 1)
	go func() {
		served <- poll.Until(ctx, serviceLimit, "ZooKeeper to serve", func() (bool, error) {
			err := z.nameCluster()
			return err == nil, err
		})
	}()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(serviceLimit + time.Second):
		return errNotServing
	}
}

// nameCluster gives the cluster its id, which brokers of 0.10 and 0.11 do not find themselves on a newer Java than theirs: they use
// javax.xml.bind (kafka.utils.CoreUtils.generateUuidAsBase64).
func (z *zooKeeper) nameCluster() error {
	return z.put("/cluster/id", map[string]string{"version": "1", "id": randomID()})
}

// layPipes puts a pipe between each broker and ZooKeeper.
func (c *Cluster) layPipes(port int) error {
	c.zoo = &zooKeeper{port: port, pipes: map[int]*proxy.Pipe{}}
	for b := 1; b <= c.Brokers; b++ {
		p, err := proxy.NewPipe(c.zoo.addr())
		if err != nil {
			return err
		}
		c.zoo.pipes[b] = p
	}
	return nil
}

// addr is where ZooKeeper listens.
func (z *zooKeeper) addr() string { return fmt.Sprintf("127.0.0.1:%d", z.port) }

// close ends ZooKeeper and the pipes before it. There may be none.
func (z *zooKeeper) close() {
	if z == nil {
		return
	}
	if z.conn != nil {
		z.conn.Close()
	}
	z.process.Kill()
	for _, p := range z.pipes {
		p.Close()
	}
}

// openPipes lets every broker reach ZooKeeper. There may be none.
func (z *zooKeeper) openPipes() {
	if z == nil {
		return
	}
	for _, p := range z.pipes {
		p.Open()
	}
}

// zooKeeperIdentity says who a node of a cluster with ZooKeeper is, and where it finds ZooKeeper.
func (c *Cluster) zooKeeperIdentity(n *Node) map[string]string {
	at := c.zoo.addr()
	if p := c.zoo.pipes[n.ID]; p != nil {
		at = p.Addr()
	}
	p := map[string]string{
		"broker.id":                       strconv.Itoa(n.ID),
		"zookeeper.connect":               at,
		"zookeeper.session.timeout.ms":    strconv.Itoa(int(SessionTimeout / time.Millisecond)),
		"zookeeper.connection.timeout.ms": "60000",
	}
	if !c.Home.HasAdminRequests() {
		maps.Copy(p, map[string]string{"log.retention.check.interval.ms": "500", "delete.topic.enable": "true",
			"log.segment.delete.delay.ms": "1"})
	}
	if !c.Home.HasScalaClients() {
		return p
	}
	host, port, _ := net.SplitHostPort(c.Proxy(proxy.ClientLink, n.ID).Addr())
	maps.Copy(p, map[string]string{"host.name": "127.0.0.1", "port": strconv.Itoa(n.client),
		"advertised.host.name": host, "advertised.port": port, "log.retention.ms": "2147483647"})
	return p
}

// ZooKeeperAddr is where clients of Kafka 0.8 find ZooKeeper: host:port.
func (c *Cluster) ZooKeeperAddr() string { return c.zoo.addr() }

// AwaitSessionEnd waits until the controller knows that a broker which has died is gone. A broker that starts while
// ZooKeeper has the session of its last process ends at once (kafka.zk.KafkaZkClient.CheckedEphemeral).
func (c *Cluster) AwaitSessionEnd(ctx context.Context, b int) error {
	if !c.ZooKeeper {
		return nil
	}
	return poll.Until(ctx, StartLimit, fmt.Sprintf("the session of broker %d to end", b), func() (bool, error) {
		alive, err := c.Alive(ctx)
		return err == nil && !slices.Contains(alive, b), err
	})
}

// deletedBrokers are the brokers that a line of a controller with ZooKeeper says are gone.
func deletedBrokers(line string) []int {
	_, rest, found := strings.Cut(line, "deleted brokers: ")
	if !found {
		return nil
	}
	list, _, _ := strings.Cut(rest, ", ")
	var all []int
	for id := range strings.SplitSeq(list, ",") {
		if b, err := strconv.Atoi(id); err == nil {
			all = append(all, b)
		}
	}
	return all
}
