package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// Fleet is a cluster with all of its topics and groups. What producers and consumers set is not known to a cluster.
type Fleet struct {
	Brokers kafkaconf.Source // with the features
	Topics  []Topic
}

// Topic is a topic and the groups that have a position in it.
type Topic struct {
	Name   string
	Source kafkaconf.Source
	// Same is the same for topics that do not differ in what has a bearing on delivery.
	Same   string
	Groups []Group
}

// Group is a consumer group.
type Group struct {
	Name   string
	Source kafkaconf.Source
}

// fleetTimeout is how long a cluster may take for everything: it has one request for each group.
const fleetTimeout = 2 * time.Minute

// ReadFleet asks a cluster for its brokers, all topics that are not Kafka's own, and all groups. The error is one line.
func ReadFleet(ctx context.Context, o Options) (Fleet, error) {
	var fleet Fleet
	if o.Timeout == 0 {
		o.Timeout = fleetTimeout
	}
	err := ask(ctx, o, func(ctx context.Context, r *reader) error {
		for _, step := range []func(context.Context) error{r.brokers, r.features} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		fleet.Brokers = r.source
		groups, err := r.groups(ctx)
		if err != nil {
			return err
		}
		fleet.Topics, err = r.topics(ctx, groups)
		return err
	})
	return fleet, err
}

// topics reads the settings of all topics.
func (r *reader) topics(ctx context.Context, groups map[string][]Group) ([]Topic, error) {
	details, err := r.admin.ListTopics(ctx) // without Kafka's own
	if err != nil {
		return nil, err
	}
	names := slices.DeleteFunc(details.Names(), func(n string) bool { return details[n].Err != nil || strings.HasPrefix(n, "__") })
	if len(names) == 0 {
		return nil, nil
	}
	configs, err := r.admin.DescribeTopicConfigs(ctx, names...)
	if err != nil {
		return nil, fmt.Errorf("configuration of the topics: %w", err)
	}
	var topics []Topic
	for _, name := range names {
		config, err := configs.On(name, nil)
		if err == nil {
			err = config.Err
		}
		if err != nil {
			return nil, fmt.Errorf("configuration of topic %s: %w", name, err)
		}
		own := reader{source: kafkaconf.Source{File: "live topic " + name, Format: "a live topic"}}
		own.describeTopic(details[name], config.Configs)
		topics = append(topics, Topic{Name: name, Source: own.source, Same: same(own.source.Values), Groups: groups[name]})
	}
	return topics, nil
}

// describeTopic gives the topic part: the replication factor and the configuration.
func (r *reader) describeTopic(topic kadm.TopicDetail, configs []kadm.Config) {
	r.source.Give(kafkaconf.Topic)
	at := kafkaconf.Position{File: "live topic " + topic.Topic}
	for key, n := range map[string]int{"replication.factor": topic.Partitions.NumReplicas(), "partitions": len(topic.Partitions)} {
		r.source.Values = append(r.source.Values, kafkaconf.Value{Part: kafkaconf.Topic, Key: key, Text: fmt.Sprint(n), KeyAt: at, ValueAt: at,
			Rank: formats.Override})
	}
	r.add(kafkaconf.Topic, at.File, configs)
}

// same writes down the values that have a bearing on delivery.
func same(values []kafkaconf.Value) string {
	var lines []string
	for _, v := range values {
		if kafkaconf.Bears(v.Part, v.Key) {
			lines = append(lines, fmt.Sprintf("%s.%s=%s/%d", v.Part, v.Key, v.Text, v.Rank))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// groups reads the groups that have a position, by topic.
func (r *reader) groups(ctx context.Context) (map[string][]Group, error) {
	listed, err := r.admin.ListGroups(ctx)
	if err != nil {
		return nil, fmt.Errorf("the groups: %w", err)
	}
	names := listed.Groups()
	byTopic := map[string][]Group{}
	if len(names) == 0 {
		return byTopic, nil
	}
	consumers, err := r.admin.DescribeConsumerGroups(ctx, names...)
	newProtocol := func(name string) bool {
		g, found := consumers[name]
		return err == nil && found && g.Err == nil && g.State != "Dead"
	}
	for _, name := range names {
		offsets, err := r.admin.FetchOffsets(ctx, name)
		if err != nil {
			continue // a group that went away, or that this client may not see
		}
		source := groupSource(name, newProtocol(name))
		for topic, partitions := range offsets {
			for _, o := range partitions {
				if o.Err == nil && o.At >= 0 {
					byTopic[topic] = append(byTopic[topic], Group{name, source})
					break
				}
			}
		}
	}
	return byTopic, nil
}

// groupSource is what a cluster knows of a group with a position.
func groupSource(name string, newProtocol bool) kafkaconf.Source {
	at := kafkaconf.Position{File: "live group " + name}
	source := kafkaconf.Source{File: at.File, Format: "a live group"}
	put := func(part kafkaconf.Part, key, text string) {
		source.Values = append(source.Values, kafkaconf.Value{Part: part, Key: key, Text: text, KeyAt: at, ValueAt: at, Rank: formats.Override})
	}
	put(kafkaconf.App, "group", "existing")
	if newProtocol {
		put(kafkaconf.Consumer, "group.protocol", "consumer")
	}
	return source
}
