package formats

import (
	"regexp"
	"slices"
	"strings"
)

// environmentLine matches a line of an environment file, as docker --env-file and shells read it.
var environmentLine = regexp.MustCompile(`^(\s*(?:export\s+)?)([A-Za-z_][A-Za-z0-9_]*)=(.*)$`)

// environmentPrefixes begin the names of variables of which images and frameworks make settings.
var environmentPrefixes = []string{"KAFKA_", "CONNECT_", "SPRING_KAFKA_", "SPRING_CLOUD_STREAM_", "KSQL_", "MP_MESSAGING_"}

// isEnvironment claims a file whose entries all are NAME=value, one of them about Kafka and in upper case.
func isEnvironment(c *content) bool {
	kafka := false
	if len(c.props) == 0 {
		return false
	}
	for text := range strings.Lines(string(c.data)) {
		text = strings.TrimSpace(text)
		if text == "" || text[0] == '#' {
			continue
		}
		m := environmentLine.FindStringSubmatch(text)
		if m == nil {
			return false
		}
		for _, prefix := range environmentPrefixes {
			kafka = kafka || strings.HasPrefix(m[2], prefix)
		}
	}
	return kafka
}

// readEnvironment reads a file of environment variables.
func readEnvironment(r *reading) {
	var variables []Property
	r.textLines(func(text string, at Position) {
		m := environmentLine.FindStringSubmatch(text)
		if m == nil || strings.HasPrefix(strings.TrimSpace(text), "#") {
			return
		}
		value := strings.TrimSpace(m[3])
		for _, q := range []string{`"`, "'"} {
			if len(value) > 1 && strings.HasPrefix(value, q) && strings.HasSuffix(value, q) {
				value = value[1 : len(value)-1]
			}
		}
		keyAt := at.right(len(m[1]))
		variables = append(variables, Property{m[2], value, keyAt, keyAt.right(len(m[2]) + 1)})
	})
	p := &process{name: r.File, at: Position{File: r.File}, copies: 1, variables: r.lastOnly(variables)}
	format := r.Format
	if len(r.processes([]*process{p}, "process")) == 0 && !r.problems.Failed() {
		r.fail(Position{}, "", "these are variables of an application's own, and none is a setting of a broker (KAFKA_…, KAFKA_CFG_…), a Connect worker (CONNECT_…), ksqlDB (KSQL_…) or Spring (SPRING_KAFKA_…); give the configuration that the application makes of them")
	}
	r.Format = format
	r.Brokers = 0 // the file of one broker says nothing of the others
}

// ofTheImage are variables that begin with KAFKA_ and are about the image or the process, not settings of a broker: what
// apache/kafka's KafkaDockerWrapper leaves out, and what the start scripts and the images of Confluent, Bitnami and
// wurstmeister read themselves.
var ofTheImage = regexp.MustCompile(`^KAFKA_(?:VERSION|HOME|DEBUG|HEAP_OPTS|OPTS|LOG4J_.*|TOOLS_LOG4J_.*|JMX_.*|JVM_PERFORMANCE_OPTS|` +
	`GC_LOG_OPTS|CLUSTER_ID|KRAFT_CLUSTER_ID|CREATE_TOPICS.*|ADVERTISED_HOST_NAME|ADVERTISED_PORT|CLIENT_.*|INTER_BROKER_(?:USER|PASSWORD).*|` +
	`CONTROLLER_(?:USER|PASSWORD).*|ENABLE_KRAFT|SKIP_KRAFT_STORAGE_INIT|CERTIFICATE_PASSWORD|TLS_.*|SSL_(?:.*_CREDENTIALS|.*_FILENAME)|` +
	`INITIAL_CONTROLLERS|BROKER_ID_COMMAND|.*_COMMAND|REST_.*|SCHEMA_REGISTRY_.*|METRIC_REPORTERS_.*)$`)

// serverSettings are the settings of the broker or controller that a container runs; nil where it runs none.
func (r *reading) serverSettings(p *process) []Property {
	if p.image.by == operatorImage {
		if !strings.Contains(p.command, "kafka-server-start") {
			return nil
		}
		return append([]Property{}, p.overrides(p.at)...)
	}
	settings := []Property{}
	bitnami := p.image.by == bitnamiImage || slices.ContainsFunc(p.variables, func(v Property) bool { return strings.HasPrefix(v.Key, "KAFKA_CFG_") })
	for _, v := range p.variables {
		name, ofKafka := strings.CutPrefix(v.Key, "KAFKA_")
		inner, ofBitnami := strings.CutPrefix(name, "CFG_")
		switch {
		case ofKafka && ofBitnami:
			settings = append(settings, Property{dots(inner), v.Value, v.KeyAt, v.ValueAt})
		case ofKafka && bitnami:
			r.withoutEffect(v, dots(name))
		case ofKafka && !ofTheImage.MatchString(v.Key):
			settings = append(settings, Property{p.image.settingOf(name), v.Value, v.KeyAt, v.ValueAt})
		case p.image.by == debeziumImage && v.Key == "ZOOKEEPER_CONNECT":
			settings = append(settings, Property{"zookeeper.connect", v.Value, v.KeyAt, v.ValueAt})
		}
	}
	if !r.runsServer(p, settings) {
		return nil
	}
	return append(settings, p.overrides(p.at)...)
}

// withoutEffect warns of a variable that Bitnami's image does not read and that people take for a setting.
func (r *reading) withoutEffect(v Property, name string) {
	if r.options.Bears != nil && r.options.knows(Broker, name) && r.options.bears(Broker, name) {
		r.warn(v.KeyAt, v.Key, "has no effect in Bitnami's image; write KAFKA_CFG_%s", strings.TrimPrefix(v.Key, "KAFKA_"))
	}
}

// settingOf turns the name of a variable, without KAFKA_, into that of a setting.
func (i image) settingOf(name string) string {
	if i.by == debeziumImage || i.by == wurstmeisterImage {
		return dots(name)
	}
	return dotted(name)
}

// dots turns the name of a variable into that of a setting where every "_" is a dot.
func dots(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", ".")) }

// dotted turns the name of a variable into that of a setting, as the images of Apache and Confluent do: "_" is a dot,
// "__" an underscore, "___" a dash.
func dotted(name string) string {
	name = strings.ToLower(name)
	return strings.NewReplacer("___", "-", "__", "_", "_", ".").Replace(name)
}

// runsServer says whether a container runs a broker or a controller: an image that does by itself, or variables most of
// which are a broker's, one of them no client's.
func (r *reading) runsServer(p *process, settings []Property) bool {
	known, own := 0, false
	for _, s := range settings {
		if r.options.knows(Broker, s.Key) {
			known++
			own = own || r.onlyServers(s.Key)
		}
	}
	if p.image.runsBroker() {
		return own || p.command == "" || brokerCommand.MatchString(p.command)
	}
	return own && 2*known > len(settings)
}

// onlyServers says whether a setting shows that its process is a broker: not where clients have it too, nor where an
// application may well call something of its own so.
func (r *reading) onlyServers(name string) bool {
	switch name {
	case "port", "host.name", "advertised.host.name", "advertised.port", "num.partitions", "compression.type":
		return false
	}
	for _, shared := range []string{"ssl.", "sasl.", "security.", "metric"} {
		if strings.HasPrefix(name, shared) {
			return false
		}
	}
	return r.options.Knows == nil || !r.options.knows(Producer, name) && !r.options.knows(Consumer, name)
}

// server reads the settings of a broker, or of a controller when process.roles says only that.
func (r *reading) server(settings []Property) {
	part := roleOf(settings)
	r.Give(part)
	given := map[string]bool{}
	for _, v := range r.Values {
		if v.Part == part {
			given[v.Key] = true
		}
	}
	for _, p := range settings {
		text := composed(p.Value)
		if text != p.Value && !strings.Contains(p.Value, "$$") && r.options.bears(part, p.Key) {
			r.note("%s: %s=%s is read with its default, %s", p.KeyAt, p.Key, r.options.shown(part, p.Key, p.Value), r.options.shown(part, p.Key, text))
		}
		if !given[p.Key] {
			given[p.Key] = true
			r.put(part, p.Key, text, p.KeyAt, p.ValueAt)
		}
	}
}

// debeziumConnect are the variables of Debezium's image of Connect that it makes settings of a worker, without a prefix.
var debeziumConnect = isOneOf("GROUP_ID", "CONFIG_STORAGE_TOPIC", "OFFSET_STORAGE_TOPIC", "STATUS_STORAGE_TOPIC", "KEY_CONVERTER",
	"VALUE_CONVERTER", "OFFSET_FLUSH_INTERVAL_MS", "OFFSET_FLUSH_TIMEOUT_MS", "BOOTSTRAP_SERVERS")

// applicationOf reads the application that a container runs, into a reading of its own; false where it runs none that is
// known.
func (r *reading) applicationOf(p *process) bool {
	var worker, ksql, spring []Property
	for _, v := range p.variables {
		if name, found := strings.CutPrefix(v.Key, "CONNECT_"); found {
			worker = append(worker, Property{dotted(name), composed(v.Value), v.KeyAt, v.ValueAt})
		} else if p.image.by == connectImage && debeziumConnect(v.Key) {
			worker = append(worker, Property{dots(v.Key), composed(v.Value), v.KeyAt, v.ValueAt})
		} else if name, found := strings.CutPrefix(v.Key, "KSQL_"); found {
			ksql = append(ksql, Property{dotted(name), composed(v.Value), v.KeyAt, v.ValueAt})
		} else if strings.HasPrefix(v.Key, "SPRING_") {
			spring = append(spring, v)
		}
	}
	switch {
	case r.quarkusEnvironment(p.variables):
		r.Format = Quarkus
	case hasWorkerKey(worker) || p.image.by == connectImage:
		r.Format = Worker
		r.worker(worker, p.at)
	case slices.ContainsFunc(ksql, func(s Property) bool { return s.Key == "bootstrap.servers" || strings.HasPrefix(s.Key, "ksql.") }):
		r.Format = KsqlDB
		r.ksqlDB(ksql, p.at)
	case len(spring) > 0:
		r.Format = "Spring application"
		r.spring = &springSettings{environment: springEnvironment(spring), variables: p.variables}
		r.finishSpring()
	default:
		return false
	}
	return true
}

func hasWorkerKey(properties []Property) bool {
	is := isOneOf(workerKeys...)
	return slices.ContainsFunc(properties, func(p Property) bool { return is(p.Key) })
}

// createdTopics reads the topics that a container creates when it starts: KAFKA_CREATE_TOPICS of wurstmeister's image
// and CREATE_TOPICS of Debezium's are lists of NAME:PARTITIONS:REPLICAS[:CLEANUP_POLICY].
func (r *reading) createdTopics(p *process) []*topic {
	var topics []*topic
	for _, v := range p.variables {
		if v.Key != "KAFKA_CREATE_TOPICS" && !(v.Key == "CREATE_TOPICS" && p.image.by == debeziumImage) {
			continue
		}
		for _, entry := range strings.FieldsFunc(composed(v.Value), func(c rune) bool { return c == ',' || c == '\n' }) {
			part := strings.Split(strings.TrimSpace(entry), ":")
			if len(part) < 3 || part[0] == "" {
				continue
			}
			t := r.topicOf(part[0], v.KeyAt)
			t.add("partitions", part[1], v.KeyAt, v.ValueAt)
			t.add("replication.factor", part[2], v.KeyAt, v.ValueAt)
			if len(part) > 3 {
				t.add("cleanup.policy", part[3], v.KeyAt, v.ValueAt)
			}
			topics = append(topics, t)
		}
	}
	return topics
}
