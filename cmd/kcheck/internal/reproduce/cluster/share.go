package cluster

import (
	"context"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// groupConfigs is the type of a group's configuration (org.apache.kafka.common.config.ConfigResource).
const groupConfigs kmsg.ConfigResourceType = 32

// SetGroupConfigs sets what kafka-configs --entity-type groups sets.
func (c *Cluster) SetGroupConfigs(ctx context.Context, group string, configs map[string]string) error {
	resource := kmsg.NewIncrementalAlterConfigsRequestResource()
	resource.ResourceType, resource.ResourceName = groupConfigs, group
	for _, k := range slices.Sorted(maps.Keys(configs)) {
		config := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
		config.Name, config.Value = k, kmsg.StringPtr(configs[k])
		resource.Configs = append(resource.Configs, config)
	}
	request := kmsg.NewPtrIncrementalAlterConfigsRequest()
	request.Resources = append(request.Resources, resource)
	response, err := ask[*kmsg.IncrementalAlterConfigsResponse](ctx, c, ServiceNode, request, 1)
	if err != nil {
		return err
	}
	return withMessage(response.Resources[0].ErrorCode, response.Resources[0].ErrorMessage)
}

// ReadShareState asks the share coordinator for the state of a share-partition, as its leader in an epoch does: the coordinator
// takes no older leader epoch from then on.
func (c *Cluster) ReadShareState(ctx context.Context, group string, p *Partition, epoch int) error {
	id, err := p.id(ctx)
	if err != nil {
		return err
	}
	request := kmsg.NewPtrReadShareGroupStateRequest()
	request.GroupID = group
	topic := kmsg.NewReadShareGroupStateRequestTopic()
	topic.TopicID = id
	partition := kmsg.NewReadShareGroupStateRequestTopicPartition()
	partition.Partition, partition.LeaderEpoch = p.Index, int32(epoch)
	topic.Partitions = append(topic.Partitions, partition)
	request.Topics = append(request.Topics, topic)
	response, err := ask[*kmsg.ReadShareGroupStateResponse](ctx, c, ServiceNode, request, 0)
	if err != nil {
		return err
	}
	r := response.Topics[0].Partitions[0]
	return withMessage(r.ErrorCode, r.ErrorMessage)
}

// id is the topic's id.
func (p *Partition) id(ctx context.Context) ([16]byte, error) {
	const withIDs = 10 // the first version of Metadata with topic ids
	request := kmsg.NewPtrMetadataRequest()
	topic := kmsg.NewMetadataRequestTopic()
	topic.Topic = &p.Topic
	request.Topics = append(request.Topics, topic)
	response, err := ask[*kmsg.MetadataResponse](ctx, p.c, ServiceNode, request, withIDs)
	if err != nil {
		return [16]byte{}, err
	}
	return response.Topics[0].TopicID, kerr.ErrorForCode(response.Topics[0].ErrorCode)
}
