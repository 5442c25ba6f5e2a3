package formats

import (
	"slices"
	"strings"
)

// readTerraform reads the JSON of a Terraform plan (terraform show -json): what resources of Kafka will be once it is
// applied. planned_values has them all; a plan without it has those that change.
func readTerraform(r *reading) {
	root := r.document()
	if root == nil {
		return
	}
	var resources []plannedResource
	resources = plannedModule(root.path("planned_values", "root_module"), resources)
	if root.path("planned_values") == nil {
		for _, change := range root.list("resource_changes") {
			if after := change.path("change", "after"); after != nil && after.kind == mapping {
				resources = append(resources, plannedResource{change.word("type"), change.word("address"), after})
			}
		}
	}
	var topics []*topic
	read := 0
	for _, resource := range resources {
		switch resource.kind {
		case "kafka_topic": // Mongey/kafka
			topics = append(topics, r.plannedTopic(resource, "name", "replication_factor", "partitions"))
		case "confluent_kafka_topic":
			topics = append(topics, r.plannedTopic(resource, "topic_name", "", "partitions_count"))
		case "aws_msk_topic":
			topics = append(topics, r.plannedTopic(resource, "name", "replication_factor", "partition_count"))
		case "aws_msk_configuration":
			r.plannedServer(resource)
		case "aws_msk_cluster":
			if version, found := resource.values.get("kafka_version"); found {
				r.version(version.value.text, version.at)
			}
		default:
			continue
		}
		read++
	}
	if read == 0 {
		r.fail(root.at, "", "no kafka_topic, confluent_kafka_topic, aws_msk_topic or aws_msk_configuration in this plan; nothing to check")
		return
	}
	r.choose(topics)
}

// plannedResource is a resource of a plan with its planned values.
type plannedResource struct {
	kind, address string
	values        *node
}

// plannedModule collects the resources of a module and the modules in it.
func plannedModule(module *node, into []plannedResource) []plannedResource {
	for _, resource := range module.list("resources") {
		if values := resource.path("values"); values != nil {
			into = append(into, plannedResource{resource.word("type"), resource.word("address"), values})
		}
	}
	for _, child := range module.list("child_modules") {
		into = plannedModule(child, into)
	}
	return into
}

// plannedTopic reads a topic; the providers name its attributes differently.
func (r *reading) plannedTopic(resource plannedResource, name, factor, partitions string) *topic {
	t := r.topicOf(resource.values.word(name), resource.values.at)
	for _, attribute := range [][2]string{{factor, "replication.factor"}, {partitions, "partitions"}} {
		if f, found := resource.values.get(attribute[0]); found && f.value.kind == scalar {
			t.add(attribute[1], f.value.text, f.at, f.value.at)
		}
	}
	config, found := resource.values.get("config")
	switch {
	case !found || config.value.kind == null:
	case config.value.kind != mapping:
		r.fail(config.at, resource.address+".config", "expected an object of settings; found %s", config.value.kind)
	default:
		for _, f := range config.value.fields {
			if text, ok := f.value.joined(); ok {
				t.add(f.key, text, f.at, f.value.at)
			}
		}
	}
	return t
}

// plannedServer reads server_properties of an MSK configuration: a .properties file in a JSON text.
func (r *reading) plannedServer(resource plannedResource) {
	text, found := resource.values.get("server_properties")
	if !found || text.value.kind != scalar {
		r.fail(resource.values.at, resource.address, "server_properties is not known in this plan; apply it, or give the properties in a file of their own")
		return
	}
	r.Give(Broker)
	properties, problems := ParseProperties(r.File, []byte(text.value.text))
	for _, p := range problems {
		r.fail(text.value.at, resource.address+".server_properties", "line %d: %s", p.Line, p.Message)
	}
	for _, p := range r.lastOnly(properties) {
		r.put(Broker, p.Key, p.Value, text.value.at, text.value.at) // all of it is one line of the plan
	}
	if versions := resource.values.list("kafka_versions"); len(versions) > 0 && r.Kafka == "" {
		newest := slices.MaxFunc(versions, func(a, b *node) int { return strings.Compare(a.text, b.text) })
		r.version(newest.text, newest.at)
	}
}
