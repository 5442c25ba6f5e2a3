package formats

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// readCompose reads a docker-compose file: the environment of every service that runs a broker, a controller, a Connect
// worker or a Spring application. Brokers must agree on what has a bearing on delivery.
func readCompose(r *reading) {
	documents := r.documents()
	if len(documents) == 0 {
		return
	}
	services, found := documents[0].get("services")
	if !found || services.value.kind != mapping {
		r.fail(documents[0].at, "services", "expected a mapping from names to services")
		return
	}
	var read []string
	for _, service := range services.value.fields {
		if service.value.kind != mapping {
			continue
		}
		if _, found := service.value.get("env_file"); found {
			r.note("%s: env_file of the service %s is not followed; name the file beside this one", r.File, service.key)
		}
		if r.environment(r.serviceVariables(service), service.value.word("image")) {
			read = append(read, service.key)
			r.imageVersion(service.value)
		}
	}
	if len(read) == 0 && !r.problems.Failed() {
		r.fail(services.at, "services", "no service has settings of Kafka in its environment (KAFKA_…, KAFKA_CFG_…, CONNECT_… or SPRING_KAFKA_…); nothing to check")
		return
	}
	r.Format += ", services " + shortList(read)
}

// serviceVariables lists the variables of a service: a mapping, or a list of NAME=value.
func (r *reading) serviceVariables(service field) []Property {
	environment, found := service.value.get("environment")
	if !found {
		return nil
	}
	var variables []Property
	switch environment.value.kind {
	case mapping:
		return environment.value.properties()
	case sequence:
		for _, item := range environment.value.items {
			name, text, _ := strings.Cut(item.text, "=")
			variables = append(variables, Property{strings.TrimSpace(name), text, item.at, item.at})
		}
	case scalar:
		r.fail(environment.at, "services."+service.key+".environment", "expected a mapping or a list of NAME=value")
	}
	return variables
}

// imageTag matches the version in the tag of an image: at its begin, behind that of Scala ("2.13-2.8.1"), or behind
// "kafka-" ("0.45.0-kafka-3.9.0").
var imageTag = regexp.MustCompile(`^(?:.*kafka-|\d+\.\d+-)?v?(\d+)\.(\d+)`)

// confluentReleases are the Kafka versions in Confluent's releases, whose second number is Kafka's from 5.4 to 7.9.
var confluentReleases = map[string]string{
	"5.0": "2.0", "5.1": "2.1", "5.2": "2.2", "5.3": "2.3", "5.4": "2.4", "5.5": "2.5", "6.0": "2.6", "6.1": "2.7", "6.2": "2.8",
	"7.0": "3.0", "7.1": "3.1", "7.2": "3.2", "7.3": "3.3", "7.4": "3.4", "7.5": "3.5", "7.6": "3.6", "7.7": "3.7", "7.8": "3.8",
	"7.9": "3.9", "8.0": "4.0", "8.1": "4.1",
}

// imageVersion finds the brokers' version in the tag of an image that is known to be tagged by it.
func (r *reading) imageVersion(service *node) {
	image, found := service.get("image")
	if !found || image.value.kind != scalar {
		return
	}
	name, tag, _ := strings.Cut(image.value.text, ":")
	m := imageTag.FindStringSubmatch(tag)
	switch base := path.Base(name); {
	case m == nil:
	case slices.Contains([]string{"cp-kafka", "cp-server", "confluent-local"}, base):
		r.version(confluentReleases[m[1]+"."+m[2]], image.at)
	case base == "kafka" || base == "kafka-native":
		r.version(m[1]+"."+m[2], image.at)
	}
}
