package formats

import (
	"slices"
	"strings"
)

// readStrimzi reads custom resources of Strimzi's operators from one or more YAML documents: the brokers' settings of a
// Kafka, a topic's of a KafkaTopic, a worker's of a KafkaConnect and a connector's of a KafkaConnector. Other resources
// in the file are left out.
func readStrimzi(r *reading) {
	var topics []*topic
	var clusters []*node
	read, left := 0, map[string]bool{}
	for _, resource := range flattenLists(r.documents()) {
		kind := resource.word("kind")
		if !isStrimzi(resource) {
			left[kind] = true
			continue
		}
		read++
		switch kind {
		case "Kafka":
			clusters = append(clusters, resource)
		case "KafkaTopic":
			topics = append(topics, r.strimziTopic(resource))
		case "KafkaConnect":
			r.strimziConnect(resource)
		case "KafkaConnector":
			r.strimziConnector(resource)
		case "KafkaNodePool": // says which nodes there are, and nothing of their settings
		default:
			read, left[kind] = read-1, true
		}
	}
	if len(clusters) > 1 {
		r.fail(clusters[1].at, "", "a second Kafka cluster; the first is at line %d: check them one at a time", clusters[0].at.Line)
		return
	}
	for _, cluster := range clusters {
		r.strimziKafka(cluster)
	}
	r.choose(topics)
	delete(left, "")
	switch {
	case read == 0 && !r.problems.Failed():
		r.fail(Position{}, "", "no Kafka, KafkaTopic, KafkaConnect or KafkaConnector in this file; nothing to check")
	case len(left) > 0:
		r.note("%s: not read: %s", r.File, strings.Join(sortedWords(left), ", "))
	}
}

// flattenLists takes the items of kind: List, as kubectl get -o yaml prints them.
func flattenLists(documents []*node) []*node {
	var out []*node
	for _, d := range documents {
		if d.word("kind") == "List" || strings.HasSuffix(d.word("kind"), "List") && d.path("items") != nil {
			out = append(out, d.list("items")...)
			continue
		}
		out = append(out, d)
	}
	return out
}

func isStrimzi(resource *node) bool {
	group, _, _ := strings.Cut(resource.word("apiVersion"), "/")
	return strings.HasSuffix(group, "strimzi.io")
}

// strimziKafka reads a cluster. In KRaft the operator gives controllers the same settings as brokers; with
// spec.zookeeper, and without the annotation that migrates, it sets zookeeper.connect.
func (r *reading) strimziKafka(cluster *node) {
	kafka, found := cluster.path("spec").get("kafka")
	if !found || kafka.value.kind != mapping {
		r.fail(cluster.at, "spec.kafka", "a Kafka resource has no mapping spec.kafka; nothing to read")
		return
	}
	r.Give(Broker)
	if config, found := kafka.value.get("config"); found {
		r.settings(Broker, config)
	}
	if version, found := kafka.value.get("version"); found {
		r.version(version.value.text, version.at)
	}
	kraft := slices.Contains([]string{"enabled", "migration"}, cluster.word("metadata", "annotations", "strimzi.io/kraft"))
	if zookeeper, found := cluster.path("spec").get("zookeeper"); found && !kraft {
		r.rules(Broker, FrameworkDefault, "set by Strimzi's operator", zookeeper.at,
			"zookeeper.connect", cluster.word("metadata", "name")+"-zookeeper-client:2181")
	}
}

// strimziTopic reads a topic. Its name in Kafka is spec.topicName, or that of the resource.
func (r *reading) strimziTopic(resource *node) *topic {
	spec := resource.path("spec")
	name := spec.word("topicName")
	if name == "" {
		name = resource.word("metadata", "name")
	}
	t := r.topicOf(name, resource.at)
	for _, f := range [][2]string{{"replicas", "replication.factor"}, {"partitions", "partitions"}} {
		if value, found := spec.get(f[0]); found && value.value.kind == scalar {
			t.add(f[1], value.value.text, value.at, value.value.at)
		}
	}
	config, found := spec.get("config")
	if found && config.value.kind != mapping && config.value.kind != null {
		r.fail(config.at, "spec.config", "expected a mapping from settings to values; found %s", config.value.kind)
		return t
	}
	if found {
		for _, f := range config.value.fields {
			text, ok := f.value.joined()
			if !ok {
				r.fail(f.at, "spec.config."+f.key, "expected one value; found %s", f.value.kind)
				continue
			}
			t.add(f.key, text, f.at, f.value.at)
		}
	}
	return t
}

// strimziConnect reads spec.config of a KafkaConnect, which is the worker's file.
func (r *reading) strimziConnect(resource *node) {
	r.worker(resource.path("spec", "config").properties(), resource.at)
}

// strimziConnector reads spec.class and spec.config of a KafkaConnector.
func (r *reading) strimziConnector(resource *node) {
	properties := resource.path("spec", "config").properties()
	if class, found := resource.path("spec").get("class"); found {
		properties = append(properties, Property{"connector.class", class.value.text, class.at, class.value.at})
	}
	if name := resource.word("metadata", "name"); name != "" {
		properties = append(properties, Property{"name", name, resource.at, resource.at})
	}
	r.connector(properties, resource.at)
}

func sortedWords(set map[string]bool) []string {
	var words []string
	for w := range set {
		words = append(words, w)
	}
	slices.Sort(words)
	return words
}
