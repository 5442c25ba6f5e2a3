package formats

import (
	"regexp"
	"strings"
)

// HelmValues is what values for a chart of Kafka are taken for.
const HelmValues = "values of a Helm chart"

// isHelmValues claims values for the charts of Bitnami and Confluent.
var isHelmValues = either(line(`[ \t]*["']?(?:overrideConfiguration|configurationOverrides|defaultReplicationFactor|extraConfig|offsetsTopicReplicationFactor)["']?[ \t]*:`),
	either(either(all(line(`[ \t]*controller[ \t]*:[ \t\r]*$`), line(`[ \t]+(?:replicaCount|controllerOnly)[ \t]*:`)), all(line(`[ \t]*provisioning[ \t]*:`), line(`[ \t]+topics[ \t]*:`))),
		either(line(`cp-kafka[ \t]*:`), oldBitnami)))

// oldBitnami claims values of bitnami/kafka before version 26, in which the brokers are replicaCount.
var oldBitnami = all(line(`replicaCount[ \t]*:`), all(line(`(?:`+strings.Join(oldBitnamiKeys, "|")+`)[ \t]*:`),
	func(c *content) bool { return mentionsKafka(c.file) || mentionsKafka(string(c.data)) }))

// oldBitnamiKeys are values that such a chart has at its top.
var oldBitnamiKeys = []string{"kraft", "externalAccess", "logRetentionHours", "maxMessageBytes", "deleteTopicEnable", "autoCreateTopicsEnable", "allowPlaintextListener"}

func mentionsKafka(text string) bool { return strings.Contains(strings.ToLower(text), "kafka") }

// valuesName matches how people call files with values of a chart.
var valuesName = regexp.MustCompile(`(?i)values[^/]*\.ya?ml$`)

// readHelmValues reads values for a chart of Kafka, at the top or below the name of the chart: bitnami/kafka and Confluent's
// cp-kafka and cp-kafka-connect. What the chart sets where the values are silent is Kafka's default, or the chart's number
// of brokers.
func readHelmValues(r *reading) {
	documents := r.documents()
	if len(documents) == 0 {
		return
	}
	root := documents[0]
	charts := []field{{"", root.at, root}}
	for _, f := range root.fields {
		if f.value.kind == mapping {
			charts = append(charts, f)
		}
	}
	read := false
	for _, chart := range charts {
		switch n := chart.value; {
		case n.path("configurationOverrides") != nil, chart.key == "cp-kafka":
			read = true
			r.confluentChart(chart)
		case isBitnamiChart(n) && !read:
			read = true
			r.bitnamiChart(n)
		}
	}
	if !read && !r.problems.Failed() {
		r.fail(Position{r.File, 1, 1}, "", "these look like values of a Helm chart, and not of one that kcheck knows (bitnami/kafka, cp-helm-charts); give the output of helm template")
	}
}

// isBitnamiChart says whether a mapping holds values of bitnami/kafka.
func isBitnamiChart(n *node) bool {
	if repository := n.word("image", "repository"); repository != "" && !strings.HasSuffix(repository, "/kafka") && repository != "kafka" {
		return false
	}
	for _, key := range []string{"overrideConfiguration", "extraConfig", "defaultReplicationFactor", "offsetsTopicReplicationFactor"} {
		if _, found := n.get(key); found {
			return true
		}
	}
	if _, found := n.get("replicaCount"); found {
		for _, key := range oldBitnamiKeys {
			if _, found := n.get(key); found {
				return true
			}
		}
	}
	for _, node := range []string{"controller", "broker"} {
		for _, key := range []string{"replicaCount", "overrideConfiguration", "controllerOnly", "extraConfig"} {
			if _, found := n.path(node).get(key); found {
				return true
			}
		}
	}
	return len(n.list("provisioning", "topics")) > 0
}

// bitnamiChart reads values of bitnami/kafka. Controllers are brokers as well unless controllerOnly is set; there are three
// of them where the values are silent, and no further brokers (values.yaml of the chart). Before version 26 the brokers
// were replicaCount, with settings as values of their own.
func (r *reading) bitnamiChart(n *node) {
	r.Give(Broker)
	r.helmConfiguration(n, Broker)
	r.helmConfiguration(n.path("broker"), Broker)
	only := strings.EqualFold(n.word("controller", "controllerOnly"), "true")
	if only {
		r.Give(Controller)
		r.helmConfiguration(n, Controller)
		r.helmConfiguration(n.path("controller"), Controller)
	} else {
		r.helmConfiguration(n.path("controller"), Broker)
	}
	for _, old := range [][2]string{{"defaultReplicationFactor", "default.replication.factor"}, {"autoCreateTopicsEnable", "auto.create.topics.enable"}} {
		if f, found := n.get(old[0]); found && f.value.kind == scalar {
			r.put(Broker, old[1], f.value.text, f.at, f.value.at)
		}
	}
	for _, variable := range n.list("extraEnvVars") {
		if rest, found := strings.CutPrefix(variable.word("name"), "KAFKA_CFG_"); found {
			r.put(Broker, strings.ReplaceAll(strings.ToLower(rest), "_", "."), variable.word("value"), variable.at, variable.at)
		}
	}
	r.bitnamiBrokers(n, only)
	r.helmImage(n.path("image"))
	var topics []*topic
	for _, entry := range n.list("provisioning", "topics") {
		t := r.topicOf(entry.word("name"), entry.at)
		factor := entry
		if _, found := entry.get("replicationFactor"); !found {
			factor = n.path("provisioning")
		}
		t.addFields(factor, "replicationFactor", "replication.factor")
		t.addFields(entry, "partitions", "partitions")
		t.addAll(entry.path("config").properties())
		topics = append(topics, t)
	}
	r.choose(topics)
}

// bitnamiBrokers counts the brokers.
func (r *reading) bitnamiBrokers(n *node, controllerOnly bool) {
	r.BrokersAt = n.at
	if old := wholeNumber(n.word("replicaCount")); old > 0 {
		r.Brokers = old
		return
	}
	controllers := 3
	if text := n.word("controller", "replicaCount"); text != "" {
		controllers = wholeNumber(text)
	}
	if controllerOnly {
		controllers = 0
	}
	r.Brokers = controllers + wholeNumber(n.word("broker", "replicaCount"))
}

// helmConfiguration reads the places in which values have settings of server.properties: a mapping, or its text.
func (r *reading) helmConfiguration(n *node, part Part) {
	for rank, key := range []string{"config", "extraConfig", "overrideConfiguration"} {
		f, found := n.get(key)
		if !found {
			continue
		}
		properties := f.value.properties()
		if f.value.kind == scalar {
			properties, _ = ParseProperties(r.File, []byte(f.value.text))
			for i := range properties {
				properties[i].KeyAt, properties[i].ValueAt = f.value.at, f.value.at
			}
		}
		for _, p := range properties {
			r.Values = append(r.Values, Value{Part: part, Key: p.Key, Text: p.Value, KeyAt: p.KeyAt, ValueAt: p.ValueAt, Rank: Written + Rank(min(rank, 1))})
		}
	}
}

// helmImage reads the version of an image that is given as repository and tag.
func (r *reading) helmImage(n *node) {
	if tag, found := n.get("tag"); found {
		repository := n.word("repository")
		if repository == "" {
			repository = "bitnami/kafka"
		}
		r.version(parseImage(repository+":"+tag.value.text).kafkaVersion(), tag.at)
	}
}

// confluentChart reads values of a chart of cp-helm-charts: configurationOverrides of cp-kafka are those of the brokers, of
// which there are three where the values are silent, and those of cp-kafka-connect a worker's.
func (r *reading) confluentChart(chart field) {
	n := chart.value
	settings := n.path("configurationOverrides").properties()
	image := parseImage(n.word("image"))
	switch {
	case chart.key == "" && n.word("image") != "" && !image.runsBroker() && !strings.Contains(image.base, "connect"):
		r.fail(chart.at, "", "these are values for the chart of %s, which is neither a broker nor a worker; nothing to check", image.base)
	case strings.Contains(chart.key, "connect") || strings.Contains(image.base, "connect") || hasWorkerKey(settings):
		r.worker(settings, chart.at)
	case strings.Contains(chart.key, "schema") || strings.Contains(chart.key, "rest") || strings.Contains(chart.key, "ksql") || strings.Contains(chart.key, "control"):
		r.note("%s: %s is not read", chart.at, chart.key)
	default:
		r.Give(Broker)
		for _, p := range settings {
			r.put(Broker, p.Key, p.Value, p.KeyAt, p.ValueAt)
		}
		r.Brokers, r.BrokersAt = 3, chart.at
		if f, found := n.get("brokers"); found {
			r.Brokers, r.BrokersAt = wholeNumber(f.value.text), f.at
		}
		if tag, found := n.get("imageTag"); found {
			r.version(parseImage(n.word("image")+":"+tag.value.text).kafkaVersion(), tag.at)
		}
	}
}
