package cluster

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
)

// Partition is one partition of a cluster's topic.
type Partition struct {
	Topic string
	Index int32

	c *Cluster
}

// Partition is a partition by name; it need not exist yet.
func (c *Cluster) Partition(topic string, index int32) *Partition { return &Partition{topic, index, c} }

// Decision is what the controller decided about a partition.
type Decision struct {
	Leader   int // -1 while there is none
	Epoch    int // the leader epoch
	ISR      []int
	Replicas []int // in the order of the assignment
}

// Decided asks what the controller decided last.
func (p *Partition) Decided(ctx context.Context) (Decision, error) {
	if !p.c.Home.HasAdminRequests() {
		return p.c.zoo.decided(p)
	}
	d, _, err := p.Believed(ctx, ServiceNode)
	return d, err
}

// Believed asks a node what it has learnt of the controller's decisions, and which nodes it takes for alive.
func (p *Partition) Believed(ctx context.Context, node int) (Decision, []int, error) {
	req := kmsg.NewPtrMetadataRequest()
	t := kmsg.NewMetadataRequestTopic()
	t.Topic = &p.Topic
	req.Topics = append(req.Topics, t)
	resp, err := ask[*kmsg.MetadataResponse](ctx, p.c, node, req, p.c.version(0, metadataVersion))
	if err != nil {
		return Decision{}, nil, err
	}
	for _, t := range resp.Topics {
		for _, d := range t.Partitions {
			if d.Partition == p.Index {
				return Decision{int(d.Leader), int(d.LeaderEpoch), sorted(ints(d.ISR)), ints(d.Replicas)}, nodeIDs(resp), nil
			}
		}
		if t.ErrorCode != 0 {
			return Decision{}, nil, kerr.ErrorForCode(t.ErrorCode)
		}
	}
	return Decision{}, nil, fmt.Errorf("node %d does not know %s-%d", node, p.Topic, p.Index)
}

// Reorder changes the order of the replicas, which decides whom the controller prefers.
func (p *Partition) Reorder(ctx context.Context, replicas []int) error {
	if !p.c.Home.HasAdminRequests() {
		return p.c.zoo.order(p, replicas)
	}
	req := kmsg.NewPtrAlterPartitionAssignmentsRequest()
	t := kmsg.NewAlterPartitionAssignmentsRequestTopic()
	t.Topic = p.Topic
	a := kmsg.NewAlterPartitionAssignmentsRequestTopicPartition()
	a.Partition, a.Replicas = p.Index, int32s(replicas)
	t.Partitions = append(t.Partitions, a)
	req.Topics, req.TimeoutMillis = append(req.Topics, t), adminTimeout
	resp, err := ask[*kmsg.AlterPartitionAssignmentsResponse](ctx, p.c, ServiceNode, req, 0)
	if err != nil {
		return err
	}
	if resp.ErrorCode != 0 {
		return withMessage(resp.ErrorCode, resp.ErrorMessage)
	}
	e := resp.Topics[0].Partitions[0]
	return withMessage(e.ErrorCode, e.ErrorMessage)
}

// electTimeout is the time, in milliseconds, that the controller has to answer about an election. With ZooKeeper its answer may
// come only then although the election was at once (kafka.server.DelayedElectLeader, seen with 2.8.2): who asks looks at the leader.
const electTimeout = 1500

// Elect asks for the election of the preferred leader: the first of the replicas.
func (p *Partition) Elect(ctx context.Context) error {
	if !p.c.Home.HasAdminRequests() {
		return p.c.zoo.elect(p)
	}
	req := kmsg.NewPtrElectLeadersRequest()
	t := kmsg.NewElectLeadersRequestTopic()
	t.Topic, t.Partitions = p.Topic, []int32{p.Index}
	req.Topics, req.TimeoutMillis = append(req.Topics, t), adminTimeout
	if p.c.ZooKeeper {
		req.TimeoutMillis = electTimeout
	}
	resp, err := ask[*kmsg.ElectLeadersResponse](ctx, p.c, ServiceNode, req, 2)
	if err != nil {
		return err
	}
	if resp.ErrorCode != 0 {
		return kerr.ErrorForCode(resp.ErrorCode)
	}
	if len(resp.Topics) > 0 && len(resp.Topics[0].Partitions) > 0 {
		e := resp.Topics[0].Partitions[0]
		if p.c.ZooKeeper && e.ErrorCode == kerr.RequestTimedOut.Code {
			return nil
		}
		return withMessage(e.ErrorCode, e.ErrorMessage)
	}
	return nil
}

// DeleteRecords moves the start of the log at the leader; to -1 up to the high watermark.
func (p *Partition) DeleteRecords(ctx context.Context, leader, to int) error {
	if !p.c.Home.DeletesRecords() {
		return p.expire(ctx, leader, to)
	}
	req := kmsg.NewPtrDeleteRecordsRequest()
	t := kmsg.NewDeleteRecordsRequestTopic()
	t.Topic = p.Topic
	d := kmsg.NewDeleteRecordsRequestTopicPartition()
	d.Partition, d.Offset = p.Index, int64(to)
	t.Partitions = append(t.Partitions, d)
	req.Topics, req.TimeoutMillis = append(req.Topics, t), 500 // the leader has done it; followers hear of it when they fetch
	resp, err := ask[*kmsg.DeleteRecordsResponse](ctx, p.c, leader, req, p.c.version(0, 2))
	if err != nil {
		return err
	}
	if code := resp.Topics[0].Partitions[0].ErrorCode; code != 0 && code != kerr.RequestTimedOut.Code {
		return fmt.Errorf("the records cannot be deleted: %w", kerr.ErrorForCode(code))
	}
	return nil
}

// expire has brokers that have no request for it, of 0.8 and 0.10, delete what stands in the log by age: the topic keeps
// records for a millisecond until the log of a broker starts where it is to start. -1 is its end.
func (p *Partition) expire(ctx context.Context, broker, to int) error {
	z, node := p.c.zoo, "/config/topics/"+p.Topic
	var before, after struct {
		Version int               `json:"version"`
		Config  map[string]string `json:"config"`
	}
	if err := errors.Join(z.get(node, &before), z.get(node, &after)); err != nil {
		return err
	}
	after.Config["retention.ms"] = "1"
	if err := p.c.changeTopic(p.Topic, after); err != nil {
		return err
	}
	err := poll.Until(ctx, StartLimit, "the records to be deleted by age", func() (bool, error) {
		start := logStart(p.dir(broker))
		return start >= to && start > 0, nil
	})
	return errors.Join(err, p.c.changeTopic(p.Topic, before))
}

// State is what a broker says about its replica.
type State struct {
	HighWatermark int
	LogStart      int   // the log start offset
	Err           error // why it says nothing: one of package kerr's; nil if it says something
}

// AnyEpoch asks a broker about its replica whatever the leader epoch that it acts on.
const AnyEpoch = -1

// Look asks a broker about its replica, as a consumer that knows a leader epoch and fetches at an offset: the broker answers
// only when it acts on that very epoch.
func (p *Partition) Look(ctx context.Context, broker, epoch, offset int) (State, error) {
	version, onDisk := p.c.version(5, 12), !p.c.Home.DeletesRecords() // else the log starts where its first segment does
	if epoch != AnyEpoch && !p.c.Home.HasAdminRequests() {
		return State{Err: sameEpoch(p.actsOn(broker), epoch)}, nil
	}
	if onDisk {
		version, offset = 0, max(offset, logStart(p.dir(broker)))
	}
	req := kmsg.NewPtrFetchRequest()
	req.ReplicaID, req.MaxWaitMillis, req.MinBytes, req.MaxBytes = -1, 0, 0, 1
	req.SessionID, req.SessionEpoch = 0, -1
	t := kmsg.NewFetchRequestTopic()
	t.Topic = p.Topic
	f := kmsg.NewFetchRequestTopicPartition()
	f.Partition, f.CurrentLeaderEpoch, f.FetchOffset, f.PartitionMaxBytes = p.Index, int32(epoch), int64(offset), 1
	t.Partitions = append(t.Partitions, f)
	req.Topics = append(req.Topics, t)
	resp, err := ask[*kmsg.FetchResponse](ctx, p.c, broker, req, version)
	if err != nil {
		return State{}, err
	}
	if resp.ErrorCode != 0 {
		return State{}, kerr.ErrorForCode(resp.ErrorCode)
	}
	if len(resp.Topics) == 0 || len(resp.Topics[0].Partitions) == 0 {
		return State{}, fmt.Errorf("broker %d says nothing about %s", broker, p.Topic)
	}
	a := resp.Topics[0].Partitions[0]
	if onDisk {
		a.LogStartOffset = int64(logStart(p.dir(broker)))
	}
	return State{int(a.HighWatermark), int(a.LogStartOffset), kerr.ErrorForCode(a.ErrorCode)}, nil
}

// dir is where a broker keeps the partition.
func (p *Partition) dir(broker int) string {
	return filepath.Join(p.c.nodes[broker].data(), fmt.Sprintf("%s-%d", p.Topic, p.Index))
}

// Log reads the records of a broker's replica off its disk. A replica that is not there has none.
func (p *Partition) Log(broker int) ([]Record, error) { return readLog(p.dir(broker)) }

// Truncate cuts the log of a broker that is down to the records below an offset.
func (p *Partition) Truncate(broker, end int) error { return truncateLog(p.dir(broker), end) }
