package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// Options say which cluster to ask and about what.
type Options struct {
	Servers string // host:port, several separated by commas
	// Client is the client's .properties file that says how to connect; empty for a plain connection.
	Client []formats.Property
	Topic  string // the topic to read; "" for the brokers alone
	Group  string // the consumer group to look at; "" for none
	// Timeout is how long the cluster may take for all answers together; 0 for 15 seconds.
	Timeout time.Duration
}

// Read asks a cluster for its settings. The error is one line.
func Read(ctx context.Context, o Options) (kafkaconf.Source, error) {
	var source kafkaconf.Source
	err := ask(ctx, o, func(ctx context.Context, r *reader) error {
		for _, step := range []func(context.Context) error{r.brokers, r.topic, r.features, r.group} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		source = r.source
		return nil
	})
	return source, err
}

// ask connects to a cluster and has something asked.
func ask(ctx context.Context, o Options, about func(context.Context, *reader) error) error {
	o.Timeout = cmp.Or(o.Timeout, 15*time.Second)
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	connection, err := connect(o)
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(connection...)
	if err != nil {
		return err
	}
	defer client.Close()
	r := reader{client: client, admin: kadm.NewClient(client), options: o}
	r.source = kafkaconf.Source{File: "cluster " + o.Servers, Format: "a live cluster"}
	if err := r.reach(client)(ctx); err != nil {
		return explain(ctx, err)
	}
	if err := about(ctx, &r); err != nil {
		return explain(ctx, err)
	}
	return nil
}

// reader collects what a cluster answers.
type reader struct {
	client  *kgo.Client
	admin   *kadm.Client
	options Options
	source  kafkaconf.Source
}

// reach connects to one of the servers, so that what is wrong with the connection is said once and plainly.
func (r *reader) reach(client *kgo.Client) func(context.Context) error {
	return func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, r.options.Timeout/2)
		defer cancel()
		return client.Ping(ctx)
	}
}

func (r *reader) note(format string, args ...any) {
	r.source.Notes = append(r.source.Notes, fmt.Sprintf(format, args...))
}

// brokers reads the configuration of every broker.
func (r *reader) brokers(ctx context.Context) error {
	brokers, err := r.admin.ListBrokers(ctx)
	if err != nil {
		return err
	}
	configs, err := r.admin.DescribeBrokerConfigs(ctx, brokers.NodeIDs()...)
	if err != nil {
		return fmt.Errorf("configuration of the brokers: %w", err)
	}
	r.source.Give(kafkaconf.Broker)
	for _, c := range configs {
		if c.Err != nil {
			return fmt.Errorf("configuration of broker %s: %w", c.Name, c.Err)
		}
		r.add(kafkaconf.Broker, "live broker "+c.Name, c.Configs)
	}
	return nil
}

// topic reads the replication factor and the configuration of the topic.
func (r *reader) topic(ctx context.Context) error {
	name := r.options.Topic
	if name == "" {
		r.note("no topic was named, so the topic part is the brokers' defaults; name one with --topic-name")
		return nil
	}
	details, err := r.admin.ListTopicsWithInternal(ctx, name)
	if err != nil {
		return err
	}
	topic, found := details[name]
	if !found || topic.Err != nil || len(topic.Partitions) == 0 { // Kafka does not tell "no such topic" from "not for you"
		return r.noTopic(ctx)
	}
	configs, err := r.admin.DescribeTopicConfigs(ctx, name)
	if err != nil {
		return err
	}
	config, err := configs.On(name, nil)
	if err == nil {
		err = config.Err
	}
	if err != nil {
		return fmt.Errorf("configuration of topic %s: %w", name, err)
	}
	r.describeTopic(topic, config.Configs)
	for _, p := range topic.Partitions.Sorted() {
		if len(p.ISR) < len(p.Replicas) {
			r.note("partition %d of %s has %d of %d replicas in sync now; kcheck begins with all in sync", p.Partition, name, len(p.ISR), len(p.Replicas))
		}
	}
	return nil
}

// noTopic says that the topic is not there, and which are.
func (r *reader) noTopic(ctx context.Context) error {
	all, err := r.admin.ListTopics(ctx)
	if err != nil {
		return err
	}
	names := all.Names()
	names = slices.DeleteFunc(names, func(n string) bool { return all[n].Err != nil })
	switch {
	case len(names) == 0:
		return fmt.Errorf("there is no topic %s that this client may see, nor any other", r.options.Topic)
	case len(names) > 6:
		names = append(names[:6], "…")
	}
	return fmt.Errorf("there is no topic %s that this client may see; there are %s", r.options.Topic, strings.Join(names, ", "))
}

// add takes over what is configured, and what is not a secret.
func (r *reader) add(part kafkaconf.Part, place string, configs []kadm.Config) {
	at := kafkaconf.Position{File: place}
	for _, c := range configs {
		if c.Value == nil || c.Sensitive {
			continue
		}
		v := formats.DescribedValue(part, c.Key, *c.Value, c.Source == kmsg.ConfigSourceDefaultConfig)
		v.KeyAt, v.ValueAt = at, at
		r.source.Values = append(r.source.Values, v)
	}
}

// guessedVersion matches what the client makes of the requests that a broker understands, where that is a release, or
// at least one, or one of two that understand the same.
var guessedVersion = regexp.MustCompile(`^(?:at least |between )?v(\d+\.\d+)(?:\.\d+)?(?: and v[\d.]+)?$`)

// features finds out which Kafka the brokers are, and the levels of the features that matter.
func (r *reader) features(ctx context.Context) error {
	versions, err := r.admin.ApiVersions(ctx)
	if err != nil {
		return err
	}
	for _, broker := range versions.Sorted() {
		if broker.Err != nil {
			return fmt.Errorf("broker %d: %w", broker.NodeID, broker.Err)
		}
		at := kafkaconf.Position{File: fmt.Sprintf("live broker %d", broker.NodeID)}
		release := release(broker.VersionGuess())
		if release == "" {
			r.note("broker %d does not show which Kafka it is; say it with --kafka VERSION", broker.NodeID)
		} else if r.source.Kafka == "" {
			r.source.Kafka, r.source.KafkaAt = release, at
		}
		levels := map[string]int16{}
		for _, f := range broker.Raw().FinalizedFeatures {
			levels[f.Name] = f.MaxVersionLevel
		}
		if len(levels) == 0 || release < "4.0" {
			continue
		}
		for _, name := range []string{"eligible.leader.replicas.version", "transaction.version", "share.version"} { // level 0 is not listed
			if name == "share.version" && release < "4.1" {
				continue
			}
			r.source.Values = append(r.source.Values, kafkaconf.Value{Part: kafkaconf.Features, Key: name,
				Text: fmt.Sprint(levels[name]), KeyAt: at, ValueAt: at, Rank: formats.Override})
		}
	}
	return nil
}

// release is the release in a guess; "" where there is none.
func release(guess string) string {
	if m := guessedVersion.FindStringSubmatch(guess); m != nil {
		return m[1]
	}
	return ""
}

// group finds out whether the group has a position in the topic, and which protocol it uses.
func (r *reader) group(ctx context.Context) error {
	name := r.options.Group
	if name == "" {
		return nil
	}
	if shares, err := r.shareGroup(ctx, name); shares || err != nil {
		return err
	}
	at := kafkaconf.Position{File: "live group " + name}
	put := func(part kafkaconf.Part, key, text string) {
		r.source.Values = append(r.source.Values, kafkaconf.Value{Part: part, Key: key, Text: text, KeyAt: at, ValueAt: at, Rank: formats.Override})
	}
	described, err := r.admin.DescribeConsumerGroups(ctx, name)
	if g, found := described[name]; err == nil && found && g.Err == nil && g.State != "Dead" {
		put(kafkaconf.Consumer, "group.protocol", "consumer")
	}
	offsets, err := r.admin.FetchOffsets(ctx, name)
	if err != nil && !errors.Is(err, kerr.GroupIDNotFound) {
		return fmt.Errorf("offsets of group %s: %w", name, err)
	}
	committed := 0
	offsets.Each(func(o kadm.OffsetResponse) {
		if o.Err == nil && o.At >= 0 && (o.Topic == r.options.Topic || r.options.Topic == "") {
			committed++
		}
	})
	if committed > 0 {
		put(kafkaconf.App, "group", "existing")
		return nil
	}
	put(kafkaconf.App, "group", "new")
	r.note("group %s has committed no offset%s: it begins where auto.offset.reset says", name, inTopic(r.options.Topic))
	return nil
}

func inTopic(topic string) string {
	if topic == "" {
		return ""
	}
	return " in " + topic
}
