package cluster

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// groupConfigs is the type of a group's configuration in DescribeConfigs (org.apache.kafka.common.config.ConfigResource,
// KIP-848).
const groupConfigs kmsg.ConfigResourceType = 32

// shareGroup reads the settings of a share group, and whether it has a start offset in the topic; false where the group is
// none. How its members acknowledge the cluster does not know.
func (r *reader) shareGroup(ctx context.Context, name string) (bool, error) {
	describe := kmsg.NewPtrShareGroupDescribeRequest()
	describe.GroupIDs = []string{name}
	described, err := describe.RequestWith(ctx, r.client)
	if err != nil || len(described.Groups) != 1 || described.Groups[0].ErrorCode != 0 || described.Groups[0].GroupState == "Dead" {
		return false, nil // brokers without share groups, or another kind of group
	}
	at := kafkaconf.Position{File: "live group " + name}
	put := func(part kafkaconf.Part, key, text string, rank formats.Rank, from string) {
		r.source.Values = append(r.source.Values, kafkaconf.Value{Part: part, Key: key, Text: text, KeyAt: at, ValueAt: at, Rank: rank, From: from})
	}
	put(kafkaconf.App, "share", "implicit", formats.FrameworkDefault, "default of KafkaShareConsumer")
	r.note("group %s is a share group; how its members acknowledge the cluster does not know: say app.share and what the application does", name)
	if err := r.groupConfigs(ctx, name, at); err != nil {
		return true, err
	}
	if started, err := r.startedShare(ctx, name); err == nil {
		put(kafkaconf.App, "group", map[bool]string{true: "existing", false: "new"}[started], formats.Override, "")
	}
	return true, nil
}

// groupConfigs reads what kafka-configs --entity-type groups shows.
func (r *reader) groupConfigs(ctx context.Context, name string, at kafkaconf.Position) error {
	resource := kmsg.NewDescribeConfigsRequestResource()
	resource.ResourceType, resource.ResourceName = groupConfigs, name
	request := kmsg.NewPtrDescribeConfigsRequest()
	request.Resources = append(request.Resources, resource)
	response, err := request.RequestWith(ctx, r.client)
	if err != nil {
		return fmt.Errorf("configuration of group %s: %w", name, err)
	}
	r.source.Give(kafkaconf.Group)
	for _, resource := range response.Resources {
		for _, c := range resource.Configs {
			if c.Value == nil || c.IsSensitive {
				continue
			}
			v := formats.DescribedValue(kafkaconf.Group, c.Name, *c.Value, c.Source != kmsg.ConfigSourceGroupConfig)
			v.KeyAt, v.ValueAt = at, at
			r.source.Values = append(r.source.Values, v)
		}
	}
	return nil
}

// startedShare says whether the group has a start offset in the topic.
func (r *reader) startedShare(ctx context.Context, name string) (bool, error) {
	group := kmsg.NewDescribeShareGroupOffsetsRequestGroup()
	group.GroupID = name
	request := kmsg.NewPtrDescribeShareGroupOffsetsRequest()
	request.Groups = append(request.Groups, group)
	response, err := request.RequestWith(ctx, r.client)
	if err != nil {
		return false, err
	}
	for _, g := range response.Groups {
		for _, t := range g.Topics {
			for _, p := range t.Partitions {
				if p.ErrorCode == 0 && p.StartOffset >= 0 && (t.Topic == r.options.Topic || r.options.Topic == "") {
					return true, nil
				}
			}
		}
	}
	return false, nil
}
