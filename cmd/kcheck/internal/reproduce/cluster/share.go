package cluster

import (
	"context"
	"maps"
	"slices"

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
