package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-zookeeper/zk"
	"github.com/twmb/franz-go/pkg/kerr"
)

// What brokers before 2.7 cannot be asked or told by requests is in ZooKeeper: topics, decisions of the controller, and with Kafka
// 0.8 the offsets of consumer groups (kafka.utils.ZkUtils, kafka.admin.AdminUtils).

// dial connects this program to ZooKeeper.
func (z *zooKeeper) dial() error {
	conn, _, err := zk.Connect([]string{z.addr()}, StartLimit, zk.WithLogInfo(false), zk.WithLogger(silent{}))
	z.conn = conn
	return err
}

// silent drops what the client of ZooKeeper logs.
type silent struct{}

// Printf implements zk.Logger.
func (silent) Printf(string, ...any) {}

// put writes a node, and makes those above it.
func (z *zooKeeper) put(node string, value any) error {
	data, err := json.Marshal(value)
	if text, ok := value.(string); ok {
		data, err = []byte(text), nil
	}
	if err != nil {
		return err
	}
	for i := 1; i < len(node); i++ {
		if node[i] == '/' {
			if _, err := z.conn.Create(node[:i], nil, 0, zk.WorldACL(zk.PermAll)); err != nil && !errors.Is(err, zk.ErrNodeExists) {
				return err
			}
		}
	}
	_, err = z.conn.Create(node, data, 0, zk.WorldACL(zk.PermAll))
	if errors.Is(err, zk.ErrNodeExists) {
		_, err = z.conn.Set(node, data, -1)
	}
	return err
}

// get reads a node into a value.
func (z *zooKeeper) get(node string, value any) error {
	data, _, err := z.conn.Get(node)
	if err != nil {
		return fmt.Errorf("%s: %w", node, err)
	}
	return json.Unmarshal(data, value)
}

// remove deletes a node and those below it. There may be none.
func (z *zooKeeper) remove(node string) error {
	children, _, err := z.conn.Children(node)
	if errors.Is(err, zk.ErrNoNode) {
		return nil
	}
	for _, child := range children {
		if err := z.remove(path.Join(node, child)); err != nil {
			return err
		}
	}
	if err == nil {
		err = z.conn.Delete(node, -1)
	}
	if errors.Is(err, zk.ErrNoNode) {
		return nil
	}
	return err
}

// alive are the brokers that are registered.
func (z *zooKeeper) alive() ([]int, error) {
	children, _, err := z.conn.Children("/brokers/ids")
	if errors.Is(err, zk.ErrNoNode) {
		return nil, nil
	}
	var ids []int
	for _, c := range children {
		if id, err := strconv.Atoi(c); err == nil {
			ids = append(ids, id)
		}
	}
	return sorted(ids), err
}

// createTopic creates a topic of one partition.
func (z *zooKeeper) createTopic(name string, replicas []int, configs map[string]string) error {
	if configs == nil {
		configs = map[string]string{}
	}
	if err := z.awaitDeletions(); err != nil {
		return err
	}
	if err := z.put("/config/topics/"+name, map[string]any{"version": 1, "config": configs}); err != nil {
		return err
	}
	return z.put("/brokers/topics/"+name, map[string]any{"version": 1, "partitions": map[string][]int{"0": replicas}})
}

// deleteTopic has the controller delete a topic, once its brokers are there.
func (z *zooKeeper) deleteTopic(name string) error { return z.put(deletions+"/"+name, "") }

// deletions has the topics that the controller is to delete.
const deletions = "/admin/delete_topics"

// awaitDeletions waits until the topics are deleted that are to be: the fetchers of their followers would stand in the way
// of what comes.
func (z *zooKeeper) awaitDeletions() error {
	var left []string
	for end := time.Now().Add(adminTimeout * time.Millisecond); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var err error
		left, _, err = z.conn.Children(deletions)
		if errors.Is(err, zk.ErrNoNode) || err == nil && len(left) == 0 {
			return nil
		}
	}
	return fmt.Errorf("the controller has not deleted %v", left)
}

// changeTopic writes the configuration of a topic and tells the brokers (kafka.server.TopicConfigManager,
// kafka.server.DynamicConfigManager).
func (c *Cluster) changeTopic(topic string, config any) error {
	z := c.zoo
	if err := z.put("/config/topics/"+topic, config); err != nil {
		return err
	}
	told := strconv.Quote(topic)
	if !c.Home.HasScalaClients() {
		told = `{"version":2,"entity_path":"topics/` + topic + `"}`
	}
	_, err := z.conn.Create("/config/changes/config_change_", []byte(told), zk.FlagSequence, zk.WorldACL(zk.PermAll))
	return err
}

// decided is what the controller decided last about a partition.
func (z *zooKeeper) decided(p *Partition) (Decision, error) {
	var state struct {
		Leader int   `json:"leader"`
		Epoch  int   `json:"leader_epoch"`
		ISR    []int `json:"isr"`
	}
	var topic struct {
		Partitions map[string][]int `json:"partitions"`
	}
	index := strconv.Itoa(int(p.Index))
	node := "/brokers/topics/" + p.Topic
	if err := z.get(node+"/partitions/"+index+"/state", &state); err != nil {
		return Decision{}, err
	}
	if err := z.get(node, &topic); err != nil {
		return Decision{}, err
	}
	d := Decision{state.Leader, state.Epoch, sorted(state.ISR), topic.Partitions[index]}
	if alive, err := z.alive(); err != nil || !slices.Contains(alive, d.Leader) {
		d.Leader = -1 // gone, and the controller has not said so yet
		return d, err
	}
	return d, nil
}

// order gives the replicas of a partition another order, as kafka-reassign-partitions.sh does.
func (z *zooKeeper) order(p *Partition, replicas []int) error {
	return z.command("/admin/reassign_partitions", map[string]any{"topic": p.Topic, "partition": p.Index, "replicas": replicas})
}

// elect has the preferred leader of a partition elected, as kafka-preferred-replica-election.sh does.
func (z *zooKeeper) elect(p *Partition) error {
	return z.command("/admin/preferred_replica_election", map[string]any{"topic": p.Topic, "partition": p.Index})
}

// command writes what the controller is to do with a partition, and waits until it has taken it.
func (z *zooKeeper) command(node string, partition map[string]any) error {
	if err := z.put(node, map[string]any{"version": 1, "partitions": []any{partition}}); err != nil {
		return err
	}
	for end := time.Now().Add(adminTimeout * time.Millisecond); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if there, _, err := z.conn.Exists(node); err != nil || !there {
			return err
		}
	}
	return fmt.Errorf("the controller has not taken %s", node)
}

// The nodes of a consumer group.
func groupNode(group string, parts ...string) string {
	return "/consumers/" + group + "/" + strings.Join(parts, "/")
}

// commit writes what a group has committed.
func (z *zooKeeper) commit(group, topic string, index int32, offset int) error {
	return z.put(groupNode(group, "offsets", topic, strconv.Itoa(int(index))), strconv.Itoa(offset))
}

// committed is what a group has committed, -1 for nothing.
func (z *zooKeeper) committed(group, topic string, index int32) (int, error) {
	var offset int
	err := z.get(groupNode(group, "offsets", topic, strconv.Itoa(int(index))), &offset)
	if errors.Is(err, zk.ErrNoNode) {
		return -1, nil
	}
	return offset, err
}

// removeMembers takes every member out of a group, as the end of their sessions would.
func (z *zooKeeper) removeMembers(group string) error {
	return errors.Join(z.remove(groupNode(group, "ids")), z.remove(groupNode(group, "owners")))
}

// actsOn is the leader epoch that a broker with requests of ZooKeeper's time acts on: that of the last LeaderAndIsr request
// that it has answered; -1 for none.
func (p *Partition) actsOn(broker int) int {
	epoch := -1
	for _, m := range p.c.Traffic.Learnt(broker) {
		epoch = max(epoch, epochIn(m, p.Topic, p.Index))
	}
	return epoch
}

// Told says whether a broker has answered the LeaderAndIsr request with the last leader epoch of the partition. Brokers before
// 2.7 are not asked what they have learnt: a metadata response does not say of which epoch it is before 2.1.
func (p *Partition) Told(broker int) (bool, error) {
	d, err := p.c.zoo.decided(p)
	return err == nil && p.actsOn(broker) >= d.Epoch, err
}

// sameEpoch is the error of a broker that is asked with a leader epoch and acts on another: one of package kerr's.
func sameEpoch(acts, asked int) error {
	switch {
	case acts < asked:
		return kerr.UnknownLeaderEpoch
	case acts > asked:
		return kerr.FencedLeaderEpoch
	}
	return nil
}
