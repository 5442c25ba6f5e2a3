package cluster

import (
	"context"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/clustertest"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// fakeShareGroup lets a cluster answer as one with the share group "queue", which has a start offset in "orders".
func fakeShareGroup(c *kfake.Cluster) {
	answer := func(key int16, fill func(request kmsg.Request, response kmsg.Response) bool) {
		c.ControlKey(key, func(request kmsg.Request) (kmsg.Response, error, bool) {
			c.KeepControl()
			response := request.ResponseKind()
			return response, nil, fill(request, response)
		})
	}
	answer(int16(kmsg.ShareGroupDescribe), func(request kmsg.Request, response kmsg.Response) bool {
		group := kmsg.NewShareGroupDescribeResponseGroup()
		group.GroupID, group.GroupState = "queue", "Stable"
		response.(*kmsg.ShareGroupDescribeResponse).Groups = []kmsg.ShareGroupDescribeResponseGroup{group}
		return request.(*kmsg.ShareGroupDescribeRequest).GroupIDs[0] == "queue"
	})
	answer(int16(kmsg.DescribeShareGroupOffsets), func(_ kmsg.Request, response kmsg.Response) bool {
		partition := kmsg.NewDescribeShareGroupOffsetsResponseGroupTopicPartition()
		partition.StartOffset = 3
		topic := kmsg.NewDescribeShareGroupOffsetsResponseGroupTopic()
		topic.Topic, topic.Partitions = "orders", []kmsg.DescribeShareGroupOffsetsResponseGroupTopicPartition{partition}
		group := kmsg.NewDescribeShareGroupOffsetsResponseGroup()
		group.GroupID, group.Topics = "queue", []kmsg.DescribeShareGroupOffsetsResponseGroupTopic{topic}
		response.(*kmsg.DescribeShareGroupOffsetsResponse).Groups = []kmsg.DescribeShareGroupOffsetsResponseGroup{group}
		return true
	})
	answer(int16(kmsg.DescribeConfigs), func(request kmsg.Request, response kmsg.Response) bool {
		asked := request.(*kmsg.DescribeConfigsRequest).Resources[0]
		resource := kmsg.NewDescribeConfigsResponseResource()
		resource.ResourceType, resource.ResourceName = asked.ResourceType, asked.ResourceName
		for name, value := range map[string]string{"share.auto.offset.reset": "earliest", "share.delivery.count.limit": "3"} {
			config := kmsg.NewDescribeConfigsResponseResourceConfig()
			config.Name, config.Value, config.Source = name, &value, kmsg.ConfigSourceGroupConfig
			resource.Configs = append(resource.Configs, config)
		}
		response.(*kmsg.DescribeConfigsResponse).Resources = []kmsg.DescribeConfigsResponseResource{resource}
		return asked.ResourceType == groupConfigs
	})
}

// TestReadShareGroup reads a share group from a live cluster: its settings, and that it has begun.
func TestReadShareGroup(t *testing.T) {
	t.Parallel()
	c, address := clustertest.Start(t)
	clustertest.CreateTopic(t, address, "orders", "2")
	fakeShareGroup(c)
	s, err := Read(context.Background(), Options{Servers: address, Topic: "orders", Group: "queue"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		part       kafkaconf.Part
		key, value string
	}{
		{kafkaconf.Group, "share.auto.offset.reset", "earliest live group queue"},
		{kafkaconf.Group, "share.delivery.count.limit", "3 live group queue"},
		{kafkaconf.App, "group", "existing live group queue"},
		{kafkaconf.App, "share", "implicit live group queue default of KafkaShareConsumer"},
	} {
		if got := find(s, want.part, want.key); got != want.value {
			t.Errorf("%s.%s is %q, want %q", want.part, want.key, got, want.value)
		}
	}
	if !slices.Contains(s.Given, kafkaconf.Group) {
		t.Errorf("given are %v, without the group", s.Given)
	}
	r, err := kafkaconf.Load(kafkaconf.Request{Sources: []kafkaconf.Source{s}, Set: []string{"app.share=explicit"}, Kafka: "4.4"})
	if err != nil || r.Config.App.Share != model.ShareExplicit || r.Config.Group.DeliveryLimit != 3 || r.Config.Group.Reset != model.ResetEarliest {
		t.Errorf("resolved %+v %+v, %v", r.Config.App, r.Config.Group, err)
	}
}
