package formats

import "strings"

// readCompose reads a docker-compose file: the environment of every service that runs a broker or a controller, and of
// one that runs a Connect worker, ksqlDB or a Spring application.
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
	var all []*process
	for _, service := range services.value.fields {
		if service.value.kind == mapping {
			all = append(all, r.service(service))
		}
	}
	read := r.processes(all, "service")
	if len(read) == 0 {
		if !r.problems.Failed() {
			r.fail(services.at, "services", "no service has settings of Kafka in its environment (KAFKA_…, KAFKA_CFG_…, CONNECT_…, KSQL_… or SPRING_KAFKA_…); nothing to check")
		}
		return
	}
	r.Format += ", services " + shortList(read)
}

// service reads one service of a compose file.
func (r *reading) service(service field) *process {
	p := &process{name: service.key, at: service.at, copies: 1, variables: r.serviceVariables(service)}
	if _, found := service.value.get("env_file"); found {
		r.note("%s: env_file of the service %s is not followed; name the file beside this one", r.File, service.key)
	}
	if image, found := service.value.get("image"); found && image.value.kind == scalar {
		p.image, p.imageAt = parseImage(composed(image.value.text)), image.at
	}
	for _, key := range []string{"entrypoint", "command"} {
		if f, found := service.value.get(key); found {
			p.command += " " + f.value.line()
		}
	}
	for _, path := range [][]string{{"scale"}, {"deploy", "replicas"}} {
		if n := wholeNumber(service.value.word(path...)); n > 1 {
			p.copies = n
		}
	}
	return p
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
