package formats

import (
	"slices"
	"strings"
)

// strimziResources are the resources of a file by their kind.
type strimziResources struct {
	clusters, pools, topics, workers, connectors, mirrors, bridges []*node
	left                                                           map[string]bool // kinds that are not read
}

// readStrimzi reads custom resources of Strimzi's operators from one or more YAML documents: the brokers' settings of a
// Kafka, a topic's of a KafkaTopic, a worker's of a KafkaConnect, a connector's of a KafkaConnector, and a
// KafkaMirrorMaker2. Other resources in the file are left out.
func readStrimzi(r *reading) {
	s := strimziResources{left: map[string]bool{}}
	for _, resource := range flattenLists(r.documents()) {
		s.sort(resource)
	}
	cluster, ok := r.strimziCluster(s.clusters)
	if !ok {
		return
	}
	if cluster != nil {
		r.strimziKafka(cluster, s.pools)
	}
	if cluster == nil && len(s.pools) > 0 { // their Kafka is in another file
		r.strimziBrokers(s.pools[0], nil, s.pools)
	}
	var topics []*topic
	for _, resource := range s.topics {
		if label := resource.word("metadata", "labels", "strimzi.io/cluster"); cluster == nil && label != "" {
			r.ClusterNames = append(r.ClusterNames, label)
		}
		if r.ofCluster(resource, cluster) {
			topics = append(topics, r.strimziTopic(resource))
		}
	}
	r.choose(topics)
	read := r.strimziApplication(s)
	delete(s.left, "")
	switch {
	case cluster == nil && len(s.topics) == 0 && !read && len(s.pools) == 0 && !r.problems.Failed():
		r.fail(Position{}, "", "no Kafka, KafkaTopic, KafkaConnect, KafkaConnector or KafkaMirrorMaker2 in this file; nothing to check")
	case len(s.left) > 0:
		r.note("%s: not read: %s", r.File, strings.Join(sortedWords(s.left), ", "))
	}
}

// sort takes a resource.
func (s *strimziResources) sort(resource *node) {
	kind := resource.word("kind")
	list := map[string]*[]*node{"Kafka": &s.clusters, "KafkaNodePool": &s.pools, "KafkaTopic": &s.topics, "KafkaConnect": &s.workers,
		"KafkaConnector": &s.connectors, "KafkaMirrorMaker2": &s.mirrors, "KafkaBridge": &s.bridges}[kind]
	if list == nil || !isStrimzi(resource) {
		s.left[kind] = true
		return
	}
	*list = append(*list, resource)
}

// strimziCluster is the cluster that is read: the one that was asked for, or the first where they do not differ; nil where
// there is none.
func (r *reading) strimziCluster(clusters []*node) (*node, bool) {
	if len(clusters) == 0 {
		return nil, true
	}
	var names []string
	for _, c := range clusters {
		name := c.word("metadata", "name")
		if name == r.options.Cluster && name != "" {
			return c, true
		}
		names = append(names, name)
	}
	if r.options.Cluster != "" {
		r.fail(Position{}, "--cluster", "no Kafka %s in this file; it has %s", Quote(r.options.Cluster), shortList(names))
		return nil, false
	}
	first := r.child()
	first.strimziKafka(clusters[0], nil)
	decisive := r.decisive(first.Source)
	for _, c := range clusters[1:] {
		other := r.child()
		other.strimziKafka(c, nil)
		if r.decisive(other.Source) != decisive || first.Brokers != other.Brokers || first.Kafka != other.Kafka {
			r.fail(c.at, "", "the Kafka clusters %s and %s have different settings; choose one with --cluster NAME", Quote(names[0]), Quote(c.word("metadata", "name")))
			return nil, false
		}
	}
	if len(clusters) > 1 {
		r.note("%s: the clusters %s do not differ in what is read; %s is taken", r.File, shortList(names), names[0])
	}
	return clusters[0], true
}

// ofCluster says whether a resource belongs to a cluster of the file, by its label strimzi.io/cluster.
func (r *reading) ofCluster(resource, cluster *node) bool {
	label := resource.word("metadata", "labels", "strimzi.io/cluster")
	return cluster == nil && (r.options.Cluster == "" || label == r.options.Cluster) || cluster != nil && (label == "" || label == cluster.word("metadata", "name"))
}

// strimziApplication reads the one application of the file: a connector with its worker, MirrorMaker 2 or the bridge.
func (r *reading) strimziApplication(s strimziResources) bool {
	for _, resource := range s.workers {
		r.strimziConnect(resource)
	}
	var all []*process
	add := func(resource *node, format string, read func(*reading)) {
		child := r.child()
		child.Format = format
		read(child)
		all = append(all, &process{name: resource.word("metadata", "name"), at: resource.at, application: child})
	}
	for _, resource := range s.connectors {
		add(resource, "Connect connector", func(child *reading) { child.strimziConnector(resource) })
	}
	for _, resource := range s.mirrors {
		add(resource, MirrorMaker, func(child *reading) { child.strimziMirror(resource) })
	}
	for _, resource := range s.bridges {
		add(resource, "HTTP bridge", func(child *reading) { child.strimziBridge(resource) })
	}
	r.applications(all, "resource")
	return len(all)+len(s.workers) > 0
}

// strimziBridge reads the producer and the consumer of the HTTP bridge.
func (r *reading) strimziBridge(resource *node) {
	r.Give(Producer)
	r.Give(Consumer)
	for name, part := range map[string]Part{"producer": Producer, "consumer": Consumer} {
		if config, found := resource.path("spec", name).get("config"); found {
			r.settings(part, config)
		}
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
func (r *reading) strimziKafka(cluster *node, pools []*node) {
	kafka, found := cluster.path("spec").get("kafka")
	if !found || kafka.value.kind != mapping {
		r.fail(cluster.at, "spec.kafka", "a Kafka resource has no mapping spec.kafka; nothing to read")
		return
	}
	r.Give(Broker)
	r.ClusterNames = append(r.ClusterNames, cluster.word("metadata", "name"))
	if config, found := kafka.value.get("config"); found {
		r.settings(Broker, config)
	}
	if version, found := kafka.value.get("version"); found {
		r.version(version.value.text, version.at)
	}
	r.strimziBrokers(cluster, kafka.value, pools)
	kraft := slices.Contains([]string{"enabled", "migration"}, cluster.word("metadata", "annotations", "strimzi.io/kraft"))
	if zookeeper, found := cluster.path("spec").get("zookeeper"); found && !kraft {
		r.rules(Broker, FrameworkDefault, "set by Strimzi's operator", zookeeper.at,
			"zookeeper.connect", cluster.word("metadata", "name")+"-zookeeper-client:2181")
	}
}

// strimziBrokers counts the brokers: spec.kafka.replicas, or the nodes of the pools with that role.
func (r *reading) strimziBrokers(cluster, kafka *node, pools []*node) {
	r.BrokersAt = cluster.at
	if f, found := kafka.get("replicas"); found {
		r.Brokers, r.BrokersAt = wholeNumber(f.value.text), f.at
	}
	n := 0
	for _, pool := range pools {
		roles := pool.list("spec", "roles")
		if label := pool.word("metadata", "labels", "strimzi.io/cluster"); pool == cluster && label != "" {
			r.ClusterNames = append(r.ClusterNames, label)
		}
		broker := len(roles) == 0 || slices.ContainsFunc(roles, func(role *node) bool { return role.text == "broker" })
		if broker && (kafka == nil || r.ofCluster(pool, cluster)) {
			n += wholeNumber(pool.word("spec", "replicas"))
		}
	}
	if n > 0 {
		r.Brokers = n
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
	properties := resource.path("spec", "config").properties()
	if group, found := resource.path("spec").get("groupId"); found { // v1
		properties = append(properties, Property{"group.id", group.value.text, group.at, group.value.at})
	}
	r.worker(properties, resource.at)
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
