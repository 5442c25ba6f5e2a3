package reproduce

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// poll asks again and again until what is asked holds, the time is up or ctx ends.
func poll(ctx context.Context, limit time.Duration, what string, holds func() (bool, error)) error {
	end := time.Now().Add(limit)
	for wait := 2 * time.Millisecond; ; wait = min(2*wait, 40*time.Millisecond) {
		ok, err := holds()
		if ok {
			return nil
		}
		if time.Now().After(end) {
			if err != nil {
				return fmt.Errorf("%s: not within %v: %w", what, limit, err)
			}
			return fmt.Errorf("%s: not within %v", what, limit)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// awaitBrokers waits until the controller counts nodes as alive.
func (c *Cluster) awaitBrokers(ctx context.Context, ids ...int) error {
	return poll(ctx, startLimit, fmt.Sprintf("nodes %v to start", ids), func() (bool, error) {
		for _, id := range ids {
			if !c.nodes[id].running() {
				return false, fmt.Errorf("node %d has stopped: %s", id, lastOf(c.nodes[id].log.since(0)))
			}
		}
		alive, err := c.alive(ctx)
		for _, id := range ids {
			if !slices.Contains(alive, id) {
				return false, err
			}
		}
		return err == nil, err
	})
}

// lastOf is what a node logged last that tells why it stopped.
func lastOf(lines []string) string {
	for _, line := range slices.Backward(lines) {
		if strings.Contains(line, " ERROR ") || strings.Contains(line, " FATAL ") {
			return line
		}
	}
	if len(lines) == 0 {
		return "it logged nothing"
	}
	return lines[len(lines)-1]
}

// metadata asks the service node, which learns of every decision at once.
func (c *Cluster) metadata(ctx context.Context, topic string) (*kmsg.MetadataResponse, error) {
	req := kmsg.NewPtrMetadataRequest()
	req.Topics = []kmsg.MetadataRequestTopic{}
	if topic != "" {
		t := kmsg.NewMetadataRequestTopic()
		t.Topic = &topic
		req.Topics = append(req.Topics, t)
	}
	return call[*kmsg.MetadataResponse](ctx, c.nodes[serviceNode].client, req, 12)
}

// alive are the nodes that the controller does not count as gone.
func (c *Cluster) alive(ctx context.Context) ([]int, error) {
	resp, err := c.metadata(ctx, "")
	if err != nil {
		return nil, err
	}
	var ids []int
	for _, b := range resp.Brokers {
		ids = append(ids, int(b.NodeID))
	}
	return ids, nil
}

// partition is what the controller decided about a partition.
type partition struct {
	leader, epoch int // leader -1 while it has none
	isr           []int
	replicas      []int // in the order of the assignment
}

// describe asks what the controller decided last about a partition.
func (c *Cluster) describe(ctx context.Context, topic string, index int32) (partition, error) {
	resp, err := c.metadata(ctx, topic)
	if err != nil {
		return partition{}, err
	}
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			if p.Partition == index {
				return partition{leader: int(p.Leader), epoch: int(p.LeaderEpoch), isr: sorted(ints(p.ISR))}, nil
			}
		}
		if t.ErrorCode != 0 {
			return partition{}, kerr.ErrorForCode(t.ErrorCode)
		}
	}
	return partition{}, fmt.Errorf("no partition %s-%d", topic, index)
}

func ints(list []int32) []int {
	all := make([]int, len(list))
	for i, n := range list {
		all[i] = int(n)
	}
	return all
}

// sorted is a list of brokers in order.
func sorted(list []int) []int {
	slices.Sort(list)
	return list
}

// createInternalTopics puts the coordinators on the service node.
func (c *Cluster) createInternalTopics(ctx context.Context) error {
	for _, name := range []string{"__consumer_offsets", "__transaction_state"} {
		err := c.createTopic(ctx, name, []int{serviceNode}, map[string]string{"cleanup.policy": "compact"})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// createTopic creates a topic of one partition, led by the first of its replicas.
func (c *Cluster) createTopic(ctx context.Context, name string, replicas []int, configs map[string]string) error {
	req := kmsg.NewPtrCreateTopicsRequest()
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = name, -1, -1
	a := kmsg.NewCreateTopicsRequestTopicReplicaAssignment()
	a.Replicas = int32s(replicas)
	t.ReplicaAssignment = append(t.ReplicaAssignment, a)
	for _, k := range sortedKeys(configs) {
		v := configs[k]
		conf := kmsg.NewCreateTopicsRequestTopicConfig()
		conf.Name, conf.Value = k, &v
		t.Configs = append(t.Configs, conf)
	}
	req.Topics = append(req.Topics, t)
	req.TimeoutMillis = 20_000
	resp, err := call[*kmsg.CreateTopicsResponse](ctx, c.nodes[serviceNode].client, req, 5)
	if err != nil {
		return err
	}
	if e := resp.Topics[0]; e.ErrorCode != 0 {
		return withMessage(e.ErrorCode, e.ErrorMessage)
	}
	return nil
}

// addPartition gives a topic of one partition a second.
func (c *Cluster) addPartition(ctx context.Context, name string, replicas []int) error {
	req := kmsg.NewPtrCreatePartitionsRequest()
	t := kmsg.NewCreatePartitionsRequestTopic()
	t.Topic, t.Count = name, 2
	a := kmsg.NewCreatePartitionsRequestTopicAssignment()
	a.Replicas = int32s(replicas)
	t.Assignment = append(t.Assignment, a)
	req.Topics, req.TimeoutMillis = append(req.Topics, t), 20_000
	resp, err := call[*kmsg.CreatePartitionsResponse](ctx, c.nodes[serviceNode].client, req, 3)
	if err != nil {
		return err
	}
	return withMessage(resp.Topics[0].ErrorCode, resp.Topics[0].ErrorMessage)
}

func withMessage(code int16, message *string) error {
	if code == 0 {
		return nil
	}
	if message != nil {
		return fmt.Errorf("%w: %s", kerr.ErrorForCode(code), *message)
	}
	return kerr.ErrorForCode(code)
}

func int32s(list []int) []int32 {
	all := make([]int32, len(list))
	for i, n := range list {
		all[i] = int32(n)
	}
	return all
}

// deleteTopic deletes a topic; an error is nobody's concern.
func (c *Cluster) deleteTopic(ctx context.Context, name string) {
	req := kmsg.NewPtrDeleteTopicsRequest()
	req.TopicNames, req.TimeoutMillis = []string{name}, 20_000
	_, _ = call[*kmsg.DeleteTopicsResponse](ctx, c.nodes[serviceNode].client, req, 5)
}

// reorder changes the order of a partition's replicas, which decides whom the controller prefers.
func (c *Cluster) reorder(ctx context.Context, topic string, index int32, replicas []int) error {
	req := kmsg.NewPtrAlterPartitionAssignmentsRequest()
	t := kmsg.NewAlterPartitionAssignmentsRequestTopic()
	t.Topic = topic
	p := kmsg.NewAlterPartitionAssignmentsRequestTopicPartition()
	p.Partition, p.Replicas = index, int32s(replicas)
	t.Partitions = append(t.Partitions, p)
	req.Topics, req.TimeoutMillis = append(req.Topics, t), 20_000
	resp, err := call[*kmsg.AlterPartitionAssignmentsResponse](ctx, c.nodes[serviceNode].client, req, 0)
	if err != nil {
		return err
	}
	if resp.ErrorCode != 0 {
		return withMessage(resp.ErrorCode, resp.ErrorMessage)
	}
	e := resp.Topics[0].Partitions[0]
	return withMessage(e.ErrorCode, e.ErrorMessage)
}

// elect asks for the election of the preferred leader: the first of the replicas.
func (c *Cluster) elect(ctx context.Context, topic string, index int32) error {
	req := kmsg.NewPtrElectLeadersRequest()
	t := kmsg.NewElectLeadersRequestTopic()
	t.Topic, t.Partitions = topic, []int32{index}
	req.Topics, req.TimeoutMillis = append(req.Topics, t), 20_000
	resp, err := call[*kmsg.ElectLeadersResponse](ctx, c.nodes[serviceNode].client, req, 2)
	if err != nil {
		return err
	}
	if resp.ErrorCode != 0 {
		return kerr.ErrorForCode(resp.ErrorCode)
	}
	if len(resp.Topics) > 0 && len(resp.Topics[0].Partitions) > 0 {
		e := resp.Topics[0].Partitions[0]
		return withMessage(e.ErrorCode, e.ErrorMessage)
	}
	return nil
}

// replicaState is what a broker says about its replica.
type replicaState struct {
	hw, lso, start int
	code           int16 // why it says nothing
}

// look asks a broker about its replica, as a consumer that knows a leader epoch: the broker answers only when it acts on
// that very epoch. An epoch of -1 is any.
func (c *Cluster) look(ctx context.Context, broker int, topic string, index int32, epoch, offset int) (replicaState, error) {
	req := kmsg.NewPtrFetchRequest()
	req.ReplicaID, req.MaxWaitMillis, req.MinBytes, req.MaxBytes = -1, 0, 0, 1
	req.SessionID, req.SessionEpoch = 0, -1
	t := kmsg.NewFetchRequestTopic()
	t.Topic = topic
	p := kmsg.NewFetchRequestTopicPartition()
	p.Partition, p.CurrentLeaderEpoch, p.FetchOffset, p.PartitionMaxBytes = index, int32(epoch), int64(offset), 1
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	resp, err := call[*kmsg.FetchResponse](ctx, c.nodes[broker].client, req, 12)
	if err != nil {
		return replicaState{}, err
	}
	if resp.ErrorCode != 0 {
		return replicaState{}, kerr.ErrorForCode(resp.ErrorCode)
	}
	if len(resp.Topics) == 0 || len(resp.Topics[0].Partitions) == 0 {
		return replicaState{}, fmt.Errorf("broker %d says nothing about %s", broker, topic)
	}
	a := resp.Topics[0].Partitions[0]
	return replicaState{int(a.HighWatermark), int(a.LastStableOffset), int(a.LogStartOffset), a.ErrorCode}, nil
}
