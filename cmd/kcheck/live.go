package main

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/cluster"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// liveFlags are the flags that say which cluster to read settings from. Their names are those of Kafka's own tools.
type liveFlags struct {
	servers, commandConfig, group string
}

// add declares the flags.
func (l *liveFlags) add(fs *pflag.FlagSet) {
	defer headed(fs, ofConfiguration)()
	fs.StringVar(&l.servers, "bootstrap-server", "", "read brokers, and the topic of --topic-name, from the cluster at `HOST:PORT`")
	fs.StringVar(&l.commandConfig, "command-config", "", "client `FILE.properties` that says how to connect (TLS, SASL)")
	fs.StringVar(&l.group, "group", "", "the consumer group `NAME` whose position and protocol to read from the cluster")
}

// words are the flags as they were written, for the command that asks again.
func (l *liveFlags) words() []string {
	var words []string
	for _, flag := range [][2]string{{"--bootstrap-server", l.servers}, {"--command-config", l.commandConfig}, {"--group", l.group}} {
		if flag[1] != "" {
			words = append(words, flag[0], flag[1])
		}
	}
	return words
}

// askCluster reads the settings of the live cluster that flags name into the request, once.
func (q *questionFlags) askCluster(ctx context.Context) []kafkaconf.Problem {
	problem := func(key, message string) []kafkaconf.Problem {
		return []kafkaconf.Problem{{Key: key, Message: message, Severity: kafkaconf.Failure}}
	}
	switch {
	case q.live.servers == "" && q.live.commandConfig != "":
		return problem("--command-config", "says how to connect, and to nothing; give --bootstrap-server HOST:PORT too")
	case q.live.servers == "" && q.live.group != "":
		return problem("--group", "is read from a cluster; give --bootstrap-server HOST:PORT too")
	case q.live.servers == "" || len(q.request.Sources) > 0:
		return nil
	}
	o, problems := q.clusterOptions()
	if len(problems) > 0 {
		return problems
	}
	source, err := cluster.Read(ctx, o)
	if err != nil {
		return q.clusterProblem(err)
	}
	q.request.Sources, q.request.SourceFlags = []kafkaconf.Source{source}, q.live.words()
	return nil
}

// clusterOptions are the flags as what is asked of a cluster.
func (q *questionFlags) clusterOptions() (cluster.Options, []kafkaconf.Problem) {
	o := cluster.Options{Servers: q.live.servers, Topic: q.request.TopicName, Group: q.live.group}
	file := q.live.commandConfig
	if file == "" {
		return o, nil
	}
	data, err := q.files.configuration(file)
	if err != nil {
		return o, []kafkaconf.Problem{{Key: "--command-config", Message: file + ": " + plain(err), Severity: kafkaconf.Failure}}
	}
	properties, problems := formats.ParseProperties(file, data)
	if problems.Failed() {
		return o, problems
	}
	o.Client = properties
	return o, nil
}

// clusterProblem is what is wrong with a cluster, or with how it was asked.
func (q *questionFlags) clusterProblem(err error) []kafkaconf.Problem {
	return []kafkaconf.Problem{{Key: "--bootstrap-server " + kafkaconf.WithoutUserInfo(q.live.servers),
		Message: kafkaconf.WithoutUserInfo(err.Error()), Severity: kafkaconf.Failure}}
}
