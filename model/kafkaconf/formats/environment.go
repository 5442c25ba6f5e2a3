package formats

import (
	"regexp"
	"slices"
	"strings"
)

// environmentLine matches a line of an environment file, as docker --env-file and shells read it.
var environmentLine = regexp.MustCompile(`^(\s*(?:export\s+)?)([A-Za-z_][A-Za-z0-9_]*)=(.*)$`)

// isEnvironment claims a file whose entries all are NAME=value in upper case, one of them about Kafka.
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
		if m == nil || m[2] != strings.ToUpper(m[2]) {
			return false
		}
		for _, prefix := range []string{"KAFKA_", "CONNECT_", "SPRING_KAFKA_"} {
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
	if !r.environment(r.lastOnly(variables), "") {
		r.fail(Position{}, "", "no variable here is a setting of a broker (KAFKA_…, KAFKA_CFG_…), a Connect worker (CONNECT_…) or Spring (SPRING_KAFKA_…)")
	}
}

// ofTheImage are variables that begin with KAFKA_ and are about the image or the process, not settings of a broker: what
// apache/kafka's KafkaDockerWrapper leaves out, and what the start scripts and the images of Confluent, Bitnami and
// wurstmeister read themselves.
var ofTheImage = regexp.MustCompile(`^KAFKA_(?:VERSION|HOME|DEBUG|HEAP_OPTS|OPTS|LOG4J_.*|TOOLS_LOG4J_.*|JMX_.*|JVM_PERFORMANCE_OPTS|` +
	`GC_LOG_OPTS|CLUSTER_ID|KRAFT_CLUSTER_ID|CREATE_TOPICS|ADVERTISED_HOST_NAME|ADVERTISED_PORT|CLIENT_.*|INTER_BROKER_.*|` +
	`CONTROLLER_(?:USER|PASSWORD).*|ENABLE_KRAFT|SKIP_KRAFT_STORAGE_INIT|CERTIFICATE_PASSWORD|TLS_.*|SSL_(?:.*_CREDENTIALS|.*_FILENAME)|` +
	`INITIAL_CONTROLLERS|BROKER_ID_COMMAND|.*_COMMAND|REST_.*|SCHEMA_REGISTRY_.*|METRIC_REPORTERS_.*)$`)

// environment reads the variables of one process: those of a broker, of a Connect worker, or of a Spring application.
// False when none of them is a setting of any.
func (r *reading) environment(variables []Property, image string) bool {
	var server, worker []Property
	var spring []springProperty
	bitnami := strings.Contains(image, "bitnami")
	for _, v := range variables {
		if name, found := strings.CutPrefix(v.Key, "KAFKA_CFG_"); found {
			bitnami = true
			server = append(server, Property{strings.ToLower(strings.ReplaceAll(name, "_", ".")), v.Value, v.KeyAt, v.ValueAt})
		} else if name, found := strings.CutPrefix(v.Key, "CONNECT_"); found {
			worker = append(worker, Property{dotted(name), v.Value, v.KeyAt, v.ValueAt})
		} else if strings.HasPrefix(v.Key, "SPRING_KAFKA_") {
			spring = append(spring, springProperty{strings.ToLower(strings.ReplaceAll(v.Key, "_", ".")), v.Value, v.Value, v.KeyAt, v.ValueAt})
		}
	}
	for _, v := range variables {
		name, found := strings.CutPrefix(v.Key, "KAFKA_")
		if found && !bitnami && !ofTheImage.MatchString(v.Key) {
			server = append(server, Property{dotted(name), v.Value, v.KeyAt, v.ValueAt})
		}
	}
	isServer := slices.ContainsFunc(server, r.ofServer)
	if isServer {
		r.server(server)
	}
	if hasWorkerKey(worker) {
		r.worker(worker, worker[0].KeyAt)
	}
	if len(spring) > 0 {
		r.springEnvironment(spring)
	}
	return isServer || hasWorkerKey(worker) || len(spring) > 0
}

// dotted turns the name of a variable into that of a setting, as the images of Apache and Confluent do: "_" is a dot,
// "__" an underscore, "___" a dash.
func dotted(name string) string {
	name = strings.ToLower(name)
	return strings.NewReplacer("___", "-", "__", "_", "_", ".").Replace(name)
}

func hasWorkerKey(properties []Property) bool {
	is := isOneOf(workerKeys...)
	for _, p := range properties {
		if is(p.Key) {
			return true
		}
	}
	return false
}

// ofServer says whether a variable shows that its process is a broker. What clients and servers both have does not.
func (r *reading) ofServer(p Property) bool {
	for _, shared := range []string{"ssl.", "sasl.", "security.", "metric"} {
		if strings.HasPrefix(p.Key, shared) {
			return false
		}
	}
	return r.options.knows(Broker, p.Key)
}

// server reads the settings of a broker, or of a controller when process.roles says only that.
func (r *reading) server(settings []Property) {
	part := Broker
	for _, p := range settings {
		if p.Key == "process.roles" && strings.TrimSpace(p.Value) == "controller" {
			part = Controller
		}
	}
	r.Give(part)
	for _, p := range settings {
		text := composed(p.Value)
		if text != p.Value && !strings.Contains(p.Value, "$$") && r.options.bears(part, p.Key) {
			r.note("%s: %s=%s is read with its default, %s", p.KeyAt, p.Key, p.Value, text)
		}
		r.put(part, p.Key, text, p.KeyAt, p.ValueAt)
	}
}

// springEnvironment reads Spring's properties from variables, where a dot and a dash both are lost: the names that
// Spring Boot has are compared without either.
func (r *reading) springEnvironment(variables []springProperty) {
	for i, v := range variables {
		for _, client := range springClients {
			rest, found := strings.CutPrefix(v.name, client.prefix)
			if found && !strings.HasPrefix(rest, "properties.") {
				variables[i].name = client.prefix + strings.ReplaceAll(rest, ".", "")
			}
		}
		if strings.ReplaceAll(v.name, ".", "") == "springkafkalistenerackmode" {
			variables[i].name = "spring.kafka.listener.ack-mode"
		}
	}
	r.spring(variables)
}
