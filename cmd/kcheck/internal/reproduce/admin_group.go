package reproduce

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// commitOffset commits an offset for a group that has no members.
func (c *Cluster) commitOffset(ctx context.Context, group, topic string, index int32, offset int) error {
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Group, req.Generation = group, -1
	t := kmsg.NewOffsetCommitRequestTopic()
	t.Topic = topic
	p := kmsg.NewOffsetCommitRequestTopicPartition()
	p.Partition, p.Offset, p.LeaderEpoch = index, int64(offset), -1
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	resp, err := call[*kmsg.OffsetCommitResponse](ctx, c.nodes[serviceNode].client, req, 8)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(resp.Topics[0].Partitions[0].ErrorCode)
}

// committedOffset is what a group has committed, -1 for nothing.
func (c *Cluster) committedOffset(ctx context.Context, group, topic string, index int32) (int, error) {
	req := kmsg.NewPtrOffsetFetchRequest()
	req.Group = group
	t := kmsg.NewOffsetFetchRequestTopic()
	t.Topic, t.Partitions = topic, []int32{index}
	req.Topics = append(req.Topics, t)
	resp, err := call[*kmsg.OffsetFetchResponse](ctx, c.nodes[serviceNode].client, req, 7)
	if err != nil {
		return -1, err
	}
	if err := kerr.ErrorForCode(resp.ErrorCode); err != nil {
		return -1, err
	}
	p := resp.Topics[0].Partitions[0]
	return int(p.Offset), kerr.ErrorForCode(p.ErrorCode)
}

// removeMembers takes every member out of a group, as the end of their sessions would.
func (c *Cluster) removeMembers(ctx context.Context, group string) error {
	req := kmsg.NewPtrDescribeGroupsRequest()
	req.Groups = []string{group}
	resp, err := call[*kmsg.DescribeGroupsResponse](ctx, c.nodes[serviceNode].client, req, 5)
	if err != nil {
		return err
	}
	leave := kmsg.NewPtrLeaveGroupRequest()
	leave.Group = group
	for _, g := range resp.Groups {
		for _, m := range g.Members {
			l := kmsg.NewLeaveGroupRequestMember()
			l.MemberID = m.MemberID
			leave.Members = append(leave.Members, l)
		}
	}
	if len(leave.Members) == 0 {
		return nil
	}
	left, err := call[*kmsg.LeaveGroupResponse](ctx, c.nodes[serviceNode].client, leave, 4)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(left.ErrorCode)
}

// deleteOffset deletes what a group without members has committed.
func (c *Cluster) deleteOffset(ctx context.Context, group, topic string, index int32) error {
	req := kmsg.NewPtrOffsetDeleteRequest()
	req.Group = group
	t := kmsg.NewOffsetDeleteRequestTopic()
	t.Topic = topic
	p := kmsg.NewOffsetDeleteRequestTopicPartition()
	p.Partition = index
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	resp, err := call[*kmsg.OffsetDeleteResponse](ctx, c.nodes[serviceNode].client, req, 0)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(resp.ErrorCode)
}

// deleteRecords moves the start of a partition's log at its leader; to -1 up to the high watermark.
func (c *Cluster) deleteRecords(ctx context.Context, leader int, topic string, index int32, to int) error {
	if leader == 0 {
		return diverged{"the partition has no leader"}
	}
	req := kmsg.NewPtrDeleteRecordsRequest()
	t := kmsg.NewDeleteRecordsRequestTopic()
	t.Topic = topic
	p := kmsg.NewDeleteRecordsRequestTopicPartition()
	p.Partition, p.Offset = index, int64(to)
	t.Partitions = append(t.Partitions, p)
	req.Topics, req.TimeoutMillis = append(req.Topics, t), 500 // the leader has done it; followers hear of it when they fetch
	resp, err := call[*kmsg.DeleteRecordsResponse](ctx, c.nodes[leader].client, req, 2)
	if err != nil {
		return err
	}
	if code := resp.Topics[0].Partitions[0].ErrorCode; code != 0 && code != kerr.RequestTimedOut.Code {
		return fmt.Errorf("the records cannot be deleted: %w", kerr.ErrorForCode(code))
	}
	return nil
}
