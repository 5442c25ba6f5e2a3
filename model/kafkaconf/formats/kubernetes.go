package formats

import (
	"slices"
	"strings"
)

// Kubernetes is what workloads of Kubernetes are taken for.
const Kubernetes = "Kubernetes workloads"

// workloads are the kinds of resources that run containers.
var workloads = isOneOf("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Job", "CronJob", "DeploymentConfig")

// isWorkload claims resources of Kubernetes that run containers.
func isWorkload(c *content) bool {
	return isResourceOf(c, "") && (line(`[ \t-]*["']?kind["']?[ \t]*:[ \t]*["']?(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|Pod|Job|CronJob|DeploymentConfig|List)\b`)(c) ||
		inJSON(`"kind"[ \t\r\n]*:[ \t\r\n]*"(?:Deployment|StatefulSet|DaemonSet|Pod|List)"`)(c))
}

// isResourceOf says whether a file has a resource of Kubernetes of an API group; of any with "".
func isResourceOf(c *content, group string) bool {
	return either(line(`[ \t-]*["']?apiVersion["']?[ \t]*:[ \t]*["']?[^\s"']*`+group), inJSON(`"apiVersion"[ \t\r\n]*:[ \t\r\n]*"[^"]*`+group))(c)
}

// readWorkloads reads the containers of Deployments, StatefulSets and the like: their environment, with the ConfigMaps of
// the same file that it refers to.
func readWorkloads(r *reading) {
	resources := flattenLists(r.documents())
	if r.problems.Failed() {
		return
	}
	maps := map[string]*node{}
	var kinds []string
	for _, resource := range resources {
		kinds = append(kinds, resource.word("kind"))
		if resource.word("kind") == "ConfigMap" {
			maps[resource.word("metadata", "name")] = resource.path("data")
		}
	}
	var all []*process
	for _, resource := range resources {
		if workloads(resource.word("kind")) {
			all = append(all, r.containers(resource, maps)...)
		}
	}
	read := r.processes(all, "container")
	slices.Sort(kinds)
	if len(read) == 0 && !r.problems.Failed() {
		r.fail(Position{r.File, 1, 1}, "", "these are resources of Kubernetes (%s), and no container has settings of Kafka in its environment (KAFKA_…, KAFKA_CFG_…, CONNECT_…, KSQL_… or SPRING_KAFKA_…); give the configuration that it mounts", shortList(slices.Compact(kinds)))
		return
	}
	r.Format += ", containers " + shortList(read)
}

// containers lists the containers of a workload.
func (r *reading) containers(resource *node, maps map[string]*node) []*process {
	pod := resource.path("spec", "template", "spec")
	if job := resource.path("spec", "jobTemplate", "spec", "template", "spec"); job != nil {
		pod = job
	}
	if resource.word("kind") == "Pod" {
		pod = resource.path("spec")
	}
	copies := max(wholeNumber(resource.word("spec", "replicas")), 1)
	var all []*process
	for _, container := range pod.list("containers") {
		name := resource.word("metadata", "name")
		if len(pod.list("containers")) > 1 {
			name += "/" + container.word("name")
		}
		p := &process{name: name, at: container.at, copies: copies, variables: r.containerVariables(container, maps)}
		if image, found := container.get("image"); found {
			p.image, p.imageAt = parseImage(image.value.text), image.at
		}
		for _, key := range []string{"command", "args"} {
			p.command += " " + container.path(key).line()
		}
		p.command = strings.TrimSpace(p.command)
		all = append(all, p)
	}
	return all
}

// containerVariables lists the variables of a container: its own, and those of ConfigMaps of the same file.
func (r *reading) containerVariables(container *node, maps map[string]*node) []Property {
	var variables []Property
	for _, from := range container.list("envFrom") {
		variables = append(variables, maps[from.word("configMapRef", "name")].properties()...)
	}
	for _, e := range container.list("env") {
		value, found := e.get("value")
		if ref := e.path("valueFrom", "configMapKeyRef"); ref != nil {
			value, found = maps[ref.word("name")].get(ref.word("key"))
		}
		if found && value.value.kind == scalar {
			variables = append(variables, Property{e.word("name"), value.value.text, e.at, value.value.at})
		}
	}
	return r.lastOnly(variables)
}
