package formats

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
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
	read, cloud, zones, msk := 0, 0, 0, false
	for _, resource := range resources {
		switch resource.kind {
		case "kafka_topic": // Mongey/kafka
			topics = append(topics, r.plannedTopic(resource, "name", "replication_factor", "partitions"))
		case "confluent_kafka_topic":
			cloud++
			topics = append(topics, r.plannedTopic(resource, "topic_name", "", "partitions_count"))
		case "aws_msk_topic":
			topics = append(topics, r.plannedTopic(resource, "name", "replication_factor", "partition_count"))
		case "aws_msk_configuration":
			r.plannedServer(resource)
			msk = true
		case "aws_msk_cluster":
			r.Give(Broker)
			msk = true
			if f, found := resource.values.get("number_of_broker_nodes"); found {
				r.Brokers, r.BrokersAt = wholeNumber(f.value.text), f.at
			}
			for _, group := range resource.values.list("broker_node_group_info") {
				zones = len(group.list("client_subnets"))
			}
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
	if msk {
		r.mskDefaults(zones, Position{File: r.File})
	}
	r.choose(topics)
	if cloud > 0 && cloud == len(topics) {
		r.confluentCloud()
	}
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
	written := r.textAt(text.value.at)
	for _, p := range r.lastOnly(properties) {
		r.put(Broker, p.Key, p.Value, written.place(p.KeyAt), written.place(p.ValueAt))
	}
	if versions := resource.values.list("kafka_versions"); len(versions) > 0 && r.Kafka == "" {
		newest := slices.MaxFunc(versions, func(a, b *node) int { return strings.Compare(a.text, b.text) })
		r.version(newest.text, newest.at)
	}
}

// jsonText is a text in a JSON document as it is written, with its line ends as \n.
type jsonText struct {
	begin   Position // of its quote
	written []byte   // what follows the quote, to the end of the line
}

// textAt finds the text whose quote stands at a place.
func (r *reading) textAt(begin Position) jsonText {
	rest := bytes.TrimPrefix(r.content.data, []byte("\uFEFF"))
	for range begin.Line - 1 {
		_, rest, _ = bytes.Cut(rest, []byte("\n"))
	}
	rest, _, _ = bytes.Cut(rest, []byte("\n"))
	for range begin.Column {
		_, size := utf8.DecodeRune(rest)
		rest = rest[size:]
	}
	return jsonText{begin, rest}
}

// place is the place in the document of a place in the text.
func (t jsonText) place(at Position) Position {
	place, rest := t.begin.right(1), t.written
	for line, column := 1, 1; len(rest) > 0 && (line < at.Line || line == at.Line && column < at.Column); column++ {
		_, size := utf8.DecodeRune(rest)
		width := 1
		if rest[0] == '\\' && len(rest) > 1 {
			size, width = 2, 2
			switch rest[1] {
			case 'n':
				line, column = line+1, 0
			case 'u':
				size, width = min(6, len(rest)), 6
			}
		}
		place, rest = place.right(width), rest[size:]
	}
	return place
}
