package formats

import (
	"regexp"
	"slices"
	"strings"
)

// What lists of topics are taken for.
const (
	Topicctl  = "topicctl topic"
	Jikkou    = "jikkou resources"
	Julie     = "julie topology"
	TopicList = "list of topics"
)

// addAll adds settings by Kafka's own names.
func (t *topic) addAll(properties []Property) {
	for _, p := range properties {
		t.add(p.Key, p.Value, p.KeyAt, p.ValueAt)
	}
}

// addFields adds fields of a document under Kafka's names: field and name in turn.
func (t *topic) addFields(n *node, fieldsAndNames ...string) {
	for i := 0; i+1 < len(fieldsAndNames); i += 2 {
		if f, found := n.get(fieldsAndNames[i]); found && f.value.kind == scalar {
			t.add(fieldsAndNames[i+1], f.value.text, f.at, f.value.at)
		}
	}
}

// readTopicctl reads topics of topicctl: meta, and spec with partitions, replicationFactor, retentionMinutes and settings.
func readTopicctl(r *reading) {
	var topics []*topic
	for _, document := range r.documents() {
		spec := document.path("spec")
		t := r.topicOf(document.word("meta", "name"), document.at)
		t.addFields(spec, "replicationFactor", "replication.factor", "partitions", "partitions")
		t.addAll(spec.path("settings").properties())
		topics = append(topics, t)
	}
	r.choose(topics)
}

// readJikkou reads resources of jikkou: KafkaTopic and KafkaTopicList with spec.partitions, spec.replicas and spec.configs,
// and the ConfigMaps of the same file that they name.
func readJikkou(r *reading) {
	maps := map[string]*node{}
	var topics []*topic
	var all []*node
	for _, document := range r.documents() {
		switch document.word("kind") {
		case "ConfigMap":
			maps[document.word("metadata", "name")] = document.path("data")
		case "KafkaTopicList":
			all = append(all, document.list("items")...)
		case "KafkaTopic":
			all = append(all, document)
		}
	}
	for _, resource := range all {
		if strings.EqualFold(resource.word("metadata", "annotations", "jikkou.io/delete"), "true") {
			continue // it is to be deleted
		}
		spec := resource.path("spec")
		t := r.topicOf(resource.word("metadata", "name"), resource.at)
		t.addFields(spec, "replicas", "replication.factor", "partitions", "partitions")
		own := spec.path("configs").properties()
		for _, ref := range spec.list("configMapRefs") {
			for _, p := range maps[strings.TrimSpace(ref.text)].properties() {
				if !slices.ContainsFunc(own, func(o Property) bool { return o.Key == p.Key }) {
					t.addAll([]Property{p})
				}
			}
		}
		t.addAll(own)
		topics = append(topics, t)
	}
	if len(topics) == 0 && !r.problems.Failed() {
		r.fail(Position{r.File, 1, 1}, "", "no KafkaTopic or KafkaTopicList in this file of jikkou's; nothing to check")
	}
	r.choose(topics)
}

// readJulie reads a topology of julie (Kafka Topology Builder): the topics of its projects.
func readJulie(r *reading) {
	var topics []*topic
	for _, document := range r.documents() {
		lists := [][]*node{document.list("topics"), document.list("special_topics")}
		for _, project := range document.list("projects") {
			lists = append(lists, project.list("topics"))
		}
		for _, list := range lists {
			for _, entry := range list {
				t := r.topicOf(entry.word("name"), entry.at)
				for _, p := range entry.path("config").properties() {
					if p.Key == "num.partitions" {
						p.Key = "partitions"
					}
					t.addAll([]Property{p})
				}
				topics = append(topics, t)
			}
		}
	}
	if len(topics) == 0 && !r.problems.Failed() {
		r.fail(Position{r.File, 1, 1}, "", "no topics in this topology of julie's; nothing to check")
	}
	r.choose(topics)
}

// listedFactor are the names under which lists of topics state the replication factor, and listedSettings those of a
// mapping by Kafka's own names (the roles and modules of Ansible, among others).
var (
	listedFactor   = []string{"replica_factor", "replication_factor", "replicationFactor", "replication-factor", "replicas"}
	listedSettings = []string{"options", "config", "configs", "settings", "configuration"}
)

// hasTopicList claims YAML in which topics are listed with partitions and replicas.
func hasTopicList(c *content) bool {
	list := regexp.MustCompile(`(?m)^[ \t-]*["']?(?:replica_factor|replication_factor|replicationFactor|replication-factor|replicas)["']?[ \t]*:`)
	partitions := regexp.MustCompile(`(?m)^[ \t-]*["']?partitions?(?:_count|Count)?["']?[ \t]*:`)
	return !c.json() && isNested(c.data) && list.Match(c.data) && partitions.Match(c.data) && !IsResource(c.data)
}

// readTopicList reads any list of topics in a YAML file: mappings with a name, partitions and a number of replicas.
func readTopicList(r *reading) {
	var topics []*topic
	var walk func(n *node, depth int)
	walk = func(n *node, depth int) {
		if n == nil || depth > maxDepth {
			return
		}
		if t := r.listedTopic(n); t != nil {
			topics = append(topics, t)
			return
		}
		for _, item := range n.items {
			walk(item, depth+1)
		}
		for _, f := range n.fields {
			walk(f.value, depth+1)
		}
	}
	for _, document := range r.documents() {
		walk(document, 0)
	}
	if len(topics) == 0 && !r.problems.Failed() {
		r.fail(Position{r.File, 1, 1}, "", "%s; expected a spec or a Kafka configuration (kcheck check --help lists the formats)", whatIs(r.content.data))
		return
	}
	r.choose(topics)
}

// listedTopic is a topic of such a list; nil where the node is none.
func (r *reading) listedTopic(n *node) *topic {
	_, partitions := n.get("partitions")
	name := n.word("name")
	if name == "" {
		name = n.word("topic")
	}
	if !partitions || name == "" {
		return nil
	}
	t := r.topicOf(name, n.at)
	t.addFields(n, "partitions", "partitions")
	for _, factor := range listedFactor {
		t.addFields(n, factor, "replication.factor")
	}
	for _, settings := range listedSettings {
		t.addAll(n.path(settings).properties())
	}
	return t
}
