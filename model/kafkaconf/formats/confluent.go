package formats

import (
	"slices"
	"strings"
)

// ConfluentOperator is what resources of Confluent for Kubernetes are taken for.
const ConfluentOperator = "Confluent for Kubernetes"

// readConfluent reads resources of Confluent for Kubernetes: Kafka and KRaftController, whose configOverrides.server are
// lines of server.properties, KafkaTopic, Connect, Connector and KsqlDB.
func readConfluent(r *reading) {
	kinds := map[string][]*node{}
	left := map[string]bool{}
	for _, resource := range flattenLists(r.documents()) {
		kind := resource.word("kind")
		if group := resource.word("apiVersion"); strings.HasPrefix(group, "platform.confluent.io/") || strings.HasPrefix(group, "apps.cpc.platform.confluent.io/") {
			kinds[kind] = append(kinds[kind], resource)
		} else {
			left[kind] = true
		}
	}
	var servers []*process
	for _, resource := range slices.Concat(kinds["Kafka"], kinds["KRaftController"]) {
		servers = append(servers, r.confluentServer(resource))
	}
	r.brokers(servers, "cluster")
	var topics []*topic
	for _, resource := range kinds["KafkaTopic"] {
		topics = append(topics, r.confluentTopic(resource))
	}
	r.choose(topics)
	for _, resource := range kinds["Connect"] {
		r.worker(overrideLines(resource, "server"), resource.at)
	}
	applications := r.confluentApplications(kinds)
	r.applications(applications, "resource")
	if len(servers)+len(topics)+len(applications)+len(kinds["Connect"]) == 0 && !r.problems.Failed() {
		r.fail(Position{r.File, 1, 1}, "", "no Kafka, KRaftController, KafkaTopic, Connect, Connector or KsqlDB of Confluent's operator in this file; nothing to check")
	}
}

// confluentServer is a cluster's brokers or controllers. A cluster whose dependency is a KRaftController, and the
// controllers themselves, run KRaft; one with a dependency on ZooKeeper, or with neither, runs ZooKeeper.
func (r *reading) confluentServer(resource *node) *process {
	p := &process{name: resource.word("metadata", "name"), at: resource.at, copies: max(wholeNumber(resource.word("spec", "replicas")), 1),
		server: overrideLines(resource, "server")}
	if p.server == nil {
		p.server = []Property{}
	}
	if image, found := resource.path("spec", "image").get("application"); found {
		p.image, p.imageAt = parseImage(image.value.text), image.at
	}
	given := func(key string) bool {
		return slices.ContainsFunc(p.server, func(s Property) bool { return s.Key == key })
	}
	kraft := resource.path("spec", "dependencies", "kRaftController") != nil
	role := Property{"process.roles", "broker", resource.at, resource.at}
	switch {
	case resource.word("kind") == "KRaftController":
		role.Value = "controller"
		p.server = append(p.server, role)
	case kraft && !given("process.roles"):
		p.server = append(p.server, role)
	case !kraft && !given("zookeeper.connect") && !given("process.roles"):
		endpoint := resource.word("spec", "dependencies", "zookeeper", "endpoint")
		if endpoint == "" {
			endpoint = "zookeeper"
		}
		p.server = append(p.server, Property{"zookeeper.connect", endpoint, resource.at, resource.at})
	}
	return p
}

// overrideLines are the lines of configOverrides as properties.
func overrideLines(resource *node, of string) []Property {
	var out []Property
	for _, item := range resource.list("spec", "configOverrides", of) {
		if key, value, found := strings.Cut(item.text, "="); found {
			out = append(out, Property{strings.TrimSpace(key), strings.TrimSpace(value), item.at, item.at})
		}
	}
	return out
}

// confluentTopic reads a topic.
func (r *reading) confluentTopic(resource *node) *topic {
	name := resource.word("spec", "name")
	if name == "" {
		name = resource.word("metadata", "name")
	}
	t := r.topicOf(name, resource.at)
	for field, key := range map[string]string{"replicas": "replication.factor", "partitionCount": "partitions"} {
		if f, found := resource.path("spec").get(field); found {
			t.add(key, f.value.text, f.at, f.value.at)
		}
	}
	// a topic of Confluent Private Cloud has its numbers below parameters
	t.addFields(resource.path("spec", "parameters"), "replicationFactor", "replication.factor", "partitions", "partitions")
	t.addAll(resource.path("spec", "configs").properties())
	return t
}

// confluentApplications are the connectors and the ksqlDB servers.
func (r *reading) confluentApplications(kinds map[string][]*node) []*process {
	var all []*process
	for _, resource := range kinds["Connector"] {
		child := r.child()
		child.Format = "Connect connector"
		spec := resource.path("spec")
		if private := spec.path("connectorConfigs"); private != nil {
			spec = private
		}
		properties := spec.path("configs").properties()
		if class, found := spec.get("class"); found {
			properties = append(properties, Property{"connector.class", class.value.text, class.at, class.value.at})
		}
		child.connector(properties, resource.at)
		all = append(all, &process{name: resource.word("metadata", "name"), at: resource.at, application: child})
	}
	if len(kinds["Connect"]) > 0 && len(all) == 0 {
		return nil // ksqlDB beside a worker is an application of its own
	}
	for _, resource := range kinds["KsqlDB"] {
		child := r.child()
		child.Format = KsqlDB
		child.ksqlDB(overrideLines(resource, "server"), resource.at)
		all = append(all, &process{name: resource.word("metadata", "name"), at: resource.at, application: child})
	}
	return all
}
