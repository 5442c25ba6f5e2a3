package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/wire"
)

// adminTimeout is the time, in milliseconds, that an administrative request gives the controller.
const adminTimeout = 20_000

// ask sends a request to a node's own port, past the proxies.
func ask[R kmsg.Response](ctx context.Context, c *Cluster, node int, req kmsg.Request, version int16) (R, error) {
	return wire.Call[R](ctx, c.nodes[node].client, req, version)
}

// metadataVersion of requests is the first with leader epochs in every encoding that a release still has (KIP-482, 2.4).
const metadataVersion = 9

// Alive are the nodes that the controller does not count as gone. The service node is asked, which learns of every decision
// at once.
func (c *Cluster) Alive(ctx context.Context) ([]int, error) {
	if !c.Home.HasAdminRequests() {
		return c.zoo.alive()
	}
	req := kmsg.NewPtrMetadataRequest()
	req.Topics = []kmsg.MetadataRequestTopic{} // none; nil is all
	resp, err := ask[*kmsg.MetadataResponse](ctx, c, ServiceNode, req, metadataVersion)
	if err != nil {
		return nil, err
	}
	return nodeIDs(resp), nil
}

func nodeIDs(resp *kmsg.MetadataResponse) []int {
	var ids []int
	for _, b := range resp.Brokers {
		ids = append(ids, int(b.NodeID))
	}
	return ids
}

// createInternalTopics puts the coordinators on the service node.
func (c *Cluster) createInternalTopics(ctx context.Context) error {
	for _, name := range []string{"__consumer_offsets", "__transaction_state"} {
		err := c.CreateTopic(ctx, name, []int{ServiceNode}, map[string]string{"cleanup.policy": "compact"})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if !c.Home.HasShareGroups() {
		return nil
	}
	replicas := c.ShareState
	if len(replicas) == 0 {
		replicas = []int{ServiceNode}
	}
	configs := map[string]string{"cleanup.policy": "delete", "min.insync.replicas": strconv.Itoa(1 + len(replicas)/2)}
	if err := c.CreateTopic(ctx, ShareStateTopic, replicas, configs); err != nil {
		return fmt.Errorf("%s: %w", ShareStateTopic, err)
	}
	return nil
}

// ShareStateTopic is where the share coordinator keeps the state of share groups, in one partition here.
const ShareStateTopic = "__share_group_state"

// CreateTopic creates a topic of one partition, led by the first of its replicas.
func (c *Cluster) CreateTopic(ctx context.Context, name string, replicas []int, configs map[string]string) error {
	if !c.Home.HasAdminRequests() {
		return c.zoo.createTopic(name, replicas, configs)
	}
	req := kmsg.NewPtrCreateTopicsRequest()
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = name, -1, -1
	a := kmsg.NewCreateTopicsRequestTopicReplicaAssignment()
	a.Replicas = int32s(replicas)
	t.ReplicaAssignment = append(t.ReplicaAssignment, a)
	for _, k := range slices.Sorted(maps.Keys(configs)) {
		conf := kmsg.NewCreateTopicsRequestTopicConfig()
		conf.Name, conf.Value = k, kmsg.StringPtr(configs[k])
		t.Configs = append(t.Configs, conf)
	}
	req.Topics, req.TimeoutMillis = append(req.Topics, t), adminTimeout
	resp, err := ask[*kmsg.CreateTopicsResponse](ctx, c, ServiceNode, req, 5)
	if err != nil {
		return err
	}
	return withMessage(resp.Topics[0].ErrorCode, resp.Topics[0].ErrorMessage)
}

// AddPartition gives a topic of one partition a second.
func (c *Cluster) AddPartition(ctx context.Context, name string, replicas []int) error {
	if !c.Home.HasAdminRequests() {
		return errors.New("partitions of Kafka 0.8 are not added here")
	}
	req := kmsg.NewPtrCreatePartitionsRequest()
	t := kmsg.NewCreatePartitionsRequestTopic()
	t.Topic, t.Count = name, 2
	a := kmsg.NewCreatePartitionsRequestTopicAssignment()
	a.Replicas = int32s(replicas)
	t.Assignment = append(t.Assignment, a)
	req.Topics, req.TimeoutMillis = append(req.Topics, t), adminTimeout
	resp, err := ask[*kmsg.CreatePartitionsResponse](ctx, c, ServiceNode, req, 3)
	if err != nil {
		return err
	}
	return withMessage(resp.Topics[0].ErrorCode, resp.Topics[0].ErrorMessage)
}

// DeleteTopic deletes a topic.
func (c *Cluster) DeleteTopic(ctx context.Context, name string) error {
	if !c.Home.HasAdminRequests() {
		return c.zoo.deleteTopic(name)
	}
	req := kmsg.NewPtrDeleteTopicsRequest()
	req.TopicNames, req.TimeoutMillis = []string{name}, adminTimeout
	resp, err := ask[*kmsg.DeleteTopicsResponse](ctx, c, ServiceNode, req, 5)
	if err != nil {
		return err
	}
	return withMessage(resp.Topics[0].ErrorCode, resp.Topics[0].ErrorMessage)
}

// WarmTopic is a topic on one node, through which clients connect to it before a run.
func (c *Cluster) WarmTopic(b int) string {
	return "warm-" + strconv.Itoa(b) + "-" + strconv.Itoa(c.warm[b])
}

// WarmUp creates the [Cluster.WarmTopic] of every node that has none, or has lost it with its disk.
func (c *Cluster) WarmUp(ctx context.Context) error {
	for _, b := range c.IDs() {
		if c.warm[b] > 0 {
			continue
		}
		c.warmed++
		c.warm[b] = c.warmed
		if err := c.CreateTopic(ctx, c.WarmTopic(b), []int{b}, nil); err != nil {
			return err
		}
	}
	return nil
}

// withMessage is the error of a response's error code and message; nil for none.
func withMessage(code int16, message *string) error {
	if code == 0 {
		return nil
	}
	if message != nil {
		return fmt.Errorf("%w: %s", kerr.ErrorForCode(code), *message)
	}
	return kerr.ErrorForCode(code)
}

func ints(list []int32) []int {
	all := make([]int, len(list))
	for i, n := range list {
		all[i] = int(n)
	}
	return all
}

func int32s(list []int) []int32 {
	all := make([]int32, len(list))
	for i, n := range list {
		all[i] = int32(n)
	}
	return all
}

// sorted is a list of brokers in order.
func sorted(list []int) []int {
	slices.Sort(list)
	return list
}
