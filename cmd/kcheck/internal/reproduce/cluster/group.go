package cluster

import (
	"context"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// noOffset is what a coordinator answers for a group that has committed nothing, and clients take for that
// (OffsetFetchResponse.INVALID_OFFSET).
const noOffset = -1

// version is the version of a request: new, or old before 2.7.
func (c *Cluster) version(old, new int16) int16 {
	if c.Home.HasAdminRequests() {
		return new
	}
	return old
}

// CommitOffset commits an offset for a group that has no members.
func (c *Cluster) CommitOffset(ctx context.Context, group, topic string, index int32, offset int) error {
	if c.Home.HasScalaClients() {
		return c.zoo.commit(group, topic, index, offset)
	}
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Group, req.Generation = group, -1
	t := kmsg.NewOffsetCommitRequestTopic()
	t.Topic = topic
	p := kmsg.NewOffsetCommitRequestTopicPartition()
	p.Partition, p.Offset, p.LeaderEpoch = index, int64(offset), -1
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	resp, err := ask[*kmsg.OffsetCommitResponse](ctx, c, ServiceNode, req, c.version(2, 8))
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(resp.Topics[0].Partitions[0].ErrorCode)
}

// CommittedOffset is what a group has committed, -1 for nothing.
func (c *Cluster) CommittedOffset(ctx context.Context, group, topic string, index int32) (int, error) {
	if c.Home.HasScalaClients() {
		return c.zoo.committed(group, topic, index)
	}
	req := kmsg.NewPtrOffsetFetchRequest()
	req.Group = group
	t := kmsg.NewOffsetFetchRequestTopic()
	t.Topic, t.Partitions = topic, []int32{index}
	req.Topics = append(req.Topics, t)
	resp, err := ask[*kmsg.OffsetFetchResponse](ctx, c, ServiceNode, req, c.version(2, 7))
	if err != nil {
		return -1, err
	}
	if err := kerr.ErrorForCode(resp.ErrorCode); err != nil {
		return -1, err
	}
	p := resp.Topics[0].Partitions[0]
	return int(p.Offset), kerr.ErrorForCode(p.ErrorCode)
}

// RemoveMembers takes every member out of a group, as the end of their sessions would.
func (c *Cluster) RemoveMembers(ctx context.Context, group string) error {
	if c.Home.HasScalaClients() {
		return c.zoo.removeMembers(group)
	}
	req := kmsg.NewPtrDescribeGroupsRequest()
	req.Groups = []string{group}
	resp, err := ask[*kmsg.DescribeGroupsResponse](ctx, c, ServiceNode, req, c.version(0, 5))
	if err != nil {
		return err
	}
	if !c.Home.HasAdminRequests() {
		return c.removeOneByOne(ctx, group, resp)
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
	left, err := ask[*kmsg.LeaveGroupResponse](ctx, c, ServiceNode, leave, 4)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(left.ErrorCode)
}

// removeOneByOne takes members out of a group by the request that has one of them (up to KIP-345).
func (c *Cluster) removeOneByOne(ctx context.Context, group string, members *kmsg.DescribeGroupsResponse) error {
	for _, g := range members.Groups {
		for _, m := range g.Members {
			leave := kmsg.NewPtrLeaveGroupRequest()
			leave.Group, leave.MemberID = group, m.MemberID
			left, err := ask[*kmsg.LeaveGroupResponse](ctx, c, ServiceNode, leave, 0)
			if err == nil {
				err = kerr.ErrorForCode(left.ErrorCode)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// DeleteOffset deletes what a group without members has committed.
func (c *Cluster) DeleteOffset(ctx context.Context, group, topic string, index int32) error {
	if c.Home.HasScalaClients() {
		return c.zoo.remove(groupNode(group, "offsets", topic))
	}
	if !c.Home.DeletesOffsets() {
		return c.CommitOffset(ctx, group, topic, index, noOffset)
	}
	req := kmsg.NewPtrOffsetDeleteRequest()
	req.Group = group
	t := kmsg.NewOffsetDeleteRequestTopic()
	t.Topic = topic
	p := kmsg.NewOffsetDeleteRequestTopicPartition()
	p.Partition = index
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	resp, err := ask[*kmsg.OffsetDeleteResponse](ctx, c, ServiceNode, req, 0)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(resp.ErrorCode)
}
