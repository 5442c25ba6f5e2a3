package formats

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// process is a container of a compose file or of Kubernetes, with its environment.
type process struct {
	name      string
	at        Position
	image     image
	imageAt   Position
	variables []Property
	command   string // command and entrypoint, in one line
	copies    int    // how many of it run

	server      []Property // the settings of a broker or controller in it
	application *reading   // what it says of an application
}

// toolCommand matches a command line that works on a cluster and does not run a broker, and brokerCommand one that does.
var (
	toolCommand   = regexp.MustCompile(`\bkafka-(?:topics|configs|acls|console|storage|producer-perf|consumer-perf|verifiable|consumer-groups|mirror-maker)\b|\b(?:zookeeper-server|connect-(?:standalone|distributed))\b|\bcub (?:kafka|zk)-ready\b`)
	brokerCommand = regexp.MustCompile(`kafka-server-start|/docker/(?:run|launch|configure)|start-kafka|/run\.sh|entrypoint\.sh|__kafka`)
	overrideFlag  = regexp.MustCompile(`--override[ =]+["']?([A-Za-z][A-Za-z0-9._-]*)=([^\s"']*)`)
)

// isTool says whether a container only works on a cluster: its command is one of Kafka's tools, or the settings that an
// image's script asks for are filled with "ignored", as Confluent's examples do it.
func (p *process) isTool() bool {
	if toolCommand.MatchString(p.command) && !brokerCommand.MatchString(p.command) {
		return true
	}
	return slices.ContainsFunc(p.variables, func(v Property) bool {
		return strings.EqualFold(strings.TrimSpace(v.Value), "ignored")
	})
}

// overrides are the settings that the command line of kafka-server-start gives; $$NAME in them is a variable of the
// container's.
func (p *process) overrides(at Position) []Property {
	var out []Property
	values := map[string]string{}
	for _, v := range p.variables {
		values[v.Key] = v.Value
	}
	for _, m := range overrideFlag.FindAllStringSubmatch(p.command, -1) {
		text := os.Expand(strings.ReplaceAll(m[2], "$$", "$"), func(name string) string { return values[name] })
		out = append(out, Property{m[1], text, at, at})
	}
	return out
}

// maxProcesses bounds how many containers a file has.
const maxProcesses = 500

// processes reads containers: of brokers, which must agree on what has a bearing on delivery, and of one application.
// What is the noun for a container in messages.
func (r *reading) processes(all []*process, noun string) []string {
	var names []string
	if len(all) > maxProcesses {
		r.fail(Position{}, "", "%d %ss are more than any configuration has", len(all), noun)
		return nil
	}
	if !r.serviceExists(all, noun) {
		return nil
	}
	for _, p := range all {
		r.classify(p)
	}
	names = append(names, r.brokers(all, noun)...)
	var topics []*topic
	for _, p := range all {
		topics = append(topics, r.createdTopics(p)...)
	}
	r.choose(topics)
	return append(names, r.applications(all, noun)...)
}

// serviceExists says whether the service that was asked for is there.
func (r *reading) serviceExists(all []*process, noun string) bool {
	if r.options.Service == "" {
		return true
	}
	var names []string
	for _, p := range all {
		if names = append(names, p.name); p.name == r.options.Service {
			return true
		}
	}
	r.fail(Position{}, "--service", "no %s %s in this file; it has %s", noun, Quote(r.options.Service), shortList(names))
	return false
}

// classify finds out what a container runs.
func (r *reading) classify(p *process) {
	if p.isTool() {
		return
	}
	application := r.child()
	p.server = r.serverSettings(p)
	if application.applicationOf(p) {
		p.application = application
	}
}

// child is a reading of a piece of the file, which is taken over or not.
func (r *reading) child() *reading {
	return &reading{Source: Source{File: r.File, Format: r.Format}, options: r.options, content: r.content}
}

// absorb takes over what a piece of the file says.
func (r *reading) absorb(child *reading) {
	for _, p := range child.Given {
		r.Give(p)
	}
	r.Values = append(r.Values, child.Values...)
	r.Notes = append(r.Notes, child.Notes...)
	r.Unused = append(r.Unused, child.Unused...)
	r.Presets = append(r.Presets, child.Presets...)
	r.problems = append(r.problems, child.problems...)
	if child.Framework != "" {
		r.Framework = child.Framework
	}
	if child.spring != nil {
		r.spring, r.springGiven, r.otherNotes, r.springProblems = child.spring, child.springGiven, r.Notes, child.springProblems
	}
	r.version(child.Kafka, child.KafkaAt)
}

// chosen says whether a container is the one that was asked for, or none of its kind was.
func (r *reading) chosen(p *process, all []*process, kind func(*process) bool) bool {
	for _, other := range all {
		if kind(other) && other.name == r.options.Service {
			return p == other
		}
	}
	return true
}

// brokers reads the servers and gives the names of their containers.
func (r *reading) brokers(all []*process, noun string) []string {
	isServer := func(p *process) bool { return p.server != nil }
	var servers []*process
	for _, p := range all {
		if isServer(p) && r.chosen(p, all, isServer) {
			servers = append(servers, p)
		}
	}
	servers = r.oneCluster(servers, noun)
	var names []string
	for _, p := range servers {
		r.server(p.server)
		r.version(p.image.kafkaVersion(), p.imageAt)
		names = append(names, p.name)
		r.ClusterNames = append(r.ClusterNames, p.name)
		if roleOf(p.server) == Broker {
			r.Brokers += max(p.copies, 1)
			r.BrokersAt = Position{File: r.File}
		}
	}
	r.agree(servers, noun)
	return names
}

// agree reports where two brokers of one cluster have different values of a setting that decides.
func (r *reading) agree(servers []*process, noun string) {
	first := map[string]Property{}
	of := map[string]*process{}
	for _, p := range servers {
		role := string(roleOf(p.server))
		shown := func(s Property) string { return r.options.shown(roleOf(p.server), s.Key, strings.TrimSpace(s.Value)) }
		for _, s := range p.server {
			before, found := first[role+s.Key]
			switch {
			case !found:
				first[role+s.Key], of[role+s.Key] = s, p
			case r.options.same(s.Key, composed(s.Value), composed(before.Value)):
			case r.options.bears(roleOf(p.server), s.Key):
				r.fail(s.KeyAt, s.Key, "is %s here and %s at %s; choose one of the %ss with --service %s or --service %s",
					Quote(shown(s)), Quote(shown(before)), before.KeyAt, noun, of[role+s.Key].name, p.name)
			}
		}
	}
}

// roleOf is the part whose settings a server's are: a controller's only when process.roles names nothing else.
func roleOf(settings []Property) Part {
	for _, s := range settings {
		if s.Key == "process.roles" && strings.TrimSpace(composed(s.Value)) == "controller" {
			return Controller
		}
	}
	return Broker
}

// applications reads the one application that the containers run, or the one that was asked for.
func (r *reading) applications(all []*process, noun string) []string {
	isApplication := func(p *process) bool { return p.application != nil }
	var chosen []*process
	for _, p := range all {
		if isApplication(p) && r.chosen(p, all, isApplication) {
			chosen = append(chosen, p)
		}
	}
	if len(chosen) == 0 {
		return nil
	}
	first := chosen[0]
	decisive := r.decisive(first.application.Source)
	var alike, others []string
	for _, p := range chosen {
		switch {
		case p.application.Format == first.application.Format && r.decisive(p.application.Source) == decisive:
			alike = append(alike, p.name)
		case p.application.Format == first.application.Format:
			r.fail(p.at, "", "the %ss %s and %s are two applications with different settings; choose one with --service NAME", noun, Quote(first.name), Quote(p.name))
			return nil
		default:
			others = append(others, fmt.Sprintf("%s (%s)", p.name, p.application.Format))
		}
	}
	r.absorb(first.application)
	if len(others) > 0 {
		r.note("%s: not read, each is an application of its own: %s; choose one with --service NAME", r.File, shortList(others))
	}
	return alike
}

// decisive writes down what a source says of settings with a bearing on delivery.
func (r *reading) decisive(s Source) string {
	var lines []string
	for _, v := range s.Values {
		if r.options.bears(v.Part, v.Key) {
			lines = append(lines, fmt.Sprint(v.Part, v.Key, strings.TrimSpace(v.Text), v.Rank))
		}
	}
	for _, p := range s.Presets {
		for _, m := range append(p.Modes, Mode{}) {
			lines = append(lines, fmt.Sprint(p.Framework, m.Name))
		}
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "\n")
}
