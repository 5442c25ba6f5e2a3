package discover

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

const (
	strimzi = "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: NAME}\nspec: {kafka: {version: 3.9.0, replicas: 3, config: {default.replication.factor: 3, min.insync.replicas: 2}}}\n"
	topic   = "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaTopic\nmetadata: {name: o, labels: {strimzi.io/cluster: NAME}}\nspec: {replicas: 3, partitions: 1}\n"
	compose = "services:\n  kafka: {image: 'apache/kafka:3.9.0', environment: {KAFKA_PROCESS_ROLES: 'broker,controller'}}\n"
	spring  = "spring: {kafka: {bootstrap-servers: 'HOST:9092', producer: {acks: all}}}\n"
)

func named(text, name string) string {
	return strings.NewReplacer("NAME", name, "HOST", name).Replace(text)
}

// What belongs together in a folder, what is left out, and what is joined to nothing.
func TestBelow(t *testing.T) {
	for _, test := range []struct {
		name    string
		files   map[string]string
		options Options
		systems []string // the files of each, separated by blanks
		others  []string // "status path"
		specs   []string
	}{
		{"a cluster, an application, and a compose file for tests", map[string]string{
			"k8s/kafka.yaml": named(strimzi, "a"), "k8s/topic.yaml": named(topic, "a"), "src/main/resources/application.yml": named(spring, "a-kafka-bootstrap"),
			"docker-compose.test.yml": compose, "src/test/resources/application.yml": spring, "README.md": "acks=all", ".github/workflows/ci.yml": "on: push\njobs: {}\n",
			"node_modules/x/producer.properties": "acks=0\n", "package.json": `{"name": "kafka", "version": "1", "scripts": {}}`},
			Options{}, []string{"k8s/kafka.yaml k8s/topic.yaml src/main/resources/application.yml"},
			[]string{"left out docker-compose.test.yml", "left out src/test/resources/application.yml"}, nil},
		{"a program and its client library", map[string]string{
			"go.mod": "module m\nrequire github.com/IBM/sarama v1.43.3\n", "config/producer.properties": "bootstrap.servers=a:9092\nacks=all\n",
			"web/package.json": `{"name": "w", "dependencies": {"kafkajs": "2.2.4"}}`},
			Options{}, []string{"config/producer.properties go.mod"}, nil, nil},
		{"a test that is taken", map[string]string{"docker-compose.test.yml": compose}, Options{Include: []string{"*.test.yml"}}, []string{"docker-compose.test.yml"}, nil, nil},
		{"two clusters, told apart by bootstrap.servers", map[string]string{
			"kafka-a.yaml": named(strimzi, "a"), "kafka-b.yaml": named(strimzi, "b"), "topic-b.yaml": named(topic, "b"), "app/application.yml": named(spring, "b-kafka-bootstrap")},
			Options{}, []string{"kafka-b.yaml topic-b.yaml app/application.yml", "kafka-a.yaml"}, nil, nil},
		{"two clusters, told apart by folders", map[string]string{
			"east/kafka.yaml": named(strimzi, "a"), "west/kafka.yaml": named(strimzi, "b"), "west/app/application.yml": spring},
			Options{}, []string{"west/kafka.yaml west/app/application.yml", "east/kafka.yaml"}, nil, nil},
		{"what fits several is joined to none", map[string]string{
			"east/kafka.yaml": named(strimzi, "a"), "west/kafka.yaml": named(strimzi, "b"), "app/application.yml": spring},
			Options{}, []string{"app/application.yml", "east/kafka.yaml", "west/kafka.yaml"}, []string{"ambiguous app/application.yml"}, nil},
		{"several applications", map[string]string{
			"kafka.yaml": named(strimzi, "a"), "one/application.yml": spring, "two/producer.properties": "acks=1\n", "two/consumer.properties": "group.id=g\nenable.auto.commit=false\n"},
			Options{}, []string{"kafka.yaml one/application.yml", "kafka.yaml two/consumer.properties two/producer.properties"}, nil, nil},
		{"a container that is told where the cluster is", map[string]string{"compose.yml": compose + "  app: {image: x, environment: {SPRING_KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092'}}\n", "src/application.yml": spring},
			Options{}, []string{"compose.yml src/application.yml"}, nil, nil},
		{"a container that is told more", map[string]string{"compose.yml": compose + "  app: {image: x, environment: {SPRING_KAFKA_PRODUCER_ACKS: '1'}}\n", "src/application.yml": spring},
			Options{}, []string{"compose.yml", "compose.yml src/application.yml"}, nil, nil},
		{"profiles", map[string]string{"application.yml": "spring: {profiles: {active: live}}\n", "application-live.yml": spring, "application-dev.yml": spring},
			Options{}, []string{"application-live.yml application.yml"}, []string{"left out application-dev.yml"}, nil},
		{"a profile that is asked for", map[string]string{"application.yml": spring, "application-dev.yml": spring},
			Options{Request: kafkaconf.Request{Profile: "dev"}}, []string{"application-dev.yml application.yml"}, nil, nil},
		{"a worker and its connectors", map[string]string{"connect/worker.properties": "key.converter=x\nproducer.acks=1\n",
			"connect/a.json": `{"config": {"connector.class": "ASource"}}`, "connect/b.json": `{"config": {"connector.class": "BSink", "topics": "o"}}`},
			Options{}, []string{"connect/worker.properties connect/a.json", "connect/worker.properties connect/b.json"}, nil, nil},
		{"topics that contradict each other", map[string]string{"server.properties": "process.roles=broker\nnode.id=1\n", "a.txt": "Topic: a\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: \n",
			"b.txt": "Topic: b\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: \n"}, Options{}, []string{"server.properties"}, []string{"ambiguous a.txt", "ambiguous b.txt"}, nil},
		{"brokers of one cluster", map[string]string{"server-1.properties": "process.roles=broker\nnode.id=1\n", "server-2.properties": "process.roles=broker\nnode.id=2\n"},
			Options{}, []string{"server-1.properties server-2.properties"}, nil, nil},
		{"a spec speaks for its folder", map[string]string{"kcheck.yaml": "guarantee: order\n", "kafka.yaml": named(strimzi, "a")}, Options{}, nil, nil, []string{"kcheck.yaml"}},
		{"nothing of Kafka's", map[string]string{"a.properties": "port=80\n", "b.yaml": "x: {y: 1}\n"}, Options{}, nil, nil, nil},
		{"a file that contradicts itself", map[string]string{"c.yaml": "services:\n  one: {build: ., environment: {SPRING_KAFKA_PRODUCER_ACKS: all}}\n  two: {build: ., environment: {SPRING_KAFKA_PRODUCER_ACKS: 1}}\n" +
			"  k: {image: 'apache/kafka:3.9.0'}\n"}, Options{}, nil, []string{"ambiguous c.yaml"}, nil},
	} {
		fsys := fstest.MapFS{}
		for name, text := range test.files {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
		found, err := Below(context.Background(), fsys, test.options)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		var systems, others []string
		for _, s := range found.Systems {
			systems = append(systems, strings.Join(s.Files, " "))
		}
		for _, f := range found.Files {
			if f.Status != Taken {
				others = append(others, string(f.Status)+" "+f.Path)
			}
		}
		if !slices.Equal(systems, test.systems) || !slices.Equal(others, test.others) || !slices.Equal(found.Specs, test.specs) {
			t.Errorf("%s:\n got %q %q %q\nwant %q %q %q\n%+v", test.name, systems, others, found.Specs, test.systems, test.others, test.specs, found.Files)
		}
	}
}

// An interruption ends the search.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Below(ctx, fstest.MapFS{"a.properties": &fstest.MapFile{Data: []byte("acks=1")}}, Options{}); err == nil {
		t.Error("no error")
	}
}
