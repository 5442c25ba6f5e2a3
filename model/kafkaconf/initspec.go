package kafkaconf

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// plainYAML matches values that need no quotes in YAML, wherever they stand.
var plainYAML = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_./-]*$`)

// InitSpec writes a commented spec from the user's own files: their settings that bear on delivery, what is left of the
// questions to answer, and for each part that no file gives what it is assumed to be. Without files it is a template.
func InitSpec(request Request) (string, Problems) {
	r := newResolver(request)
	s := r.readFiles()
	if r.out.Spec {
		r.problems.Add(Failure, Position{File: s.file}, "", "is a spec already; give configuration files")
	}
	r.readFlags()
	r.versions(s)
	if r.readable {
		r.validate()
	}
	problems := r.problems.Sorted()
	if problems.Failed() {
		return "", problems
	}
	var b strings.Builder
	for _, f := range r.out.Read {
		fmt.Fprintf(&b, "# %s is read as %s: %s\n", formats.OneLine(f.File), formats.OneLine(f.Format), f.PartNames())
	}
	for _, n := range r.out.Notes {
		fmt.Fprintf(&b, "# note: %s\n", n)
	}
	b.WriteString("about: what this configuration is meant to guarantee\n")
	fmt.Fprintf(&b, "kafka: %q                        # the brokers' version\n", r.kafka.String())
	b.WriteString("guarantee: [at-least-once, at-most-once]\n")
	b.WriteString("counted: accepted                   # acked | accepted | attempted: which messages must not be lost\n")
	for _, p := range []Part{Producer, Topic, Broker, Controller, Consumer} {
		r.writePart(&b, p)
	}
	r.writeFeatures(&b)
	r.writeApp(&b)
	b.WriteString(initRest)
	return b.String(), problems
}

// writePart writes one part: the values that bear on delivery, with the place that each was read from.
func (r *resolver) writePart(b *strings.Builder, p Part) {
	if !r.given[p] {
		fmt.Fprintf(b, "# %s: {}%s# not given: %s\n", p, strings.Repeat(" ", max(1, 28-len(p))), notGiven[p])
		return
	}
	d := r.dialectOf(p)
	lines, rest := []string{}, 0
	for _, name := range keyNames(d.family(), tablePart(p)) {
		v, found := r.values[p][name]
		if !found || !d.knows(p, name) {
			continue
		}
		if newSetting(keyName{d.family(), tablePart(p), name}, keys()[keyName{d.family(), tablePart(p), name}]).Bearing == NoBearing {
			rest++
			continue
		}
		lines = append(lines, initLine(name, v.Text, origin(v)))
	}
	if len(lines) == 0 {
		fmt.Fprintf(b, "%s: {}%s# no setting about delivery: Kafka's defaults\n", p, strings.Repeat(" ", max(1, 30-len(p))))
		return
	}
	fmt.Fprintf(b, "%s:\n%s\n", p, strings.Join(lines, "\n"))
	if rest > 0 {
		fmt.Fprintf(b, "  # %d more, which have no bearing on delivery\n", rest)
	}
}

// initLine is one setting of a part with a comment.
func initLine(name, text, comment string) string {
	return strings.TrimRight(fmt.Sprintf("%-45s # %s", "  "+name+": "+yamlScalar(text), formats.OneLine(comment)), " #")
}

// writeFeatures writes the feature levels, where something states them.
func (r *resolver) writeFeatures(b *strings.Builder) {
	if len(r.values[Features]) == 0 {
		return
	}
	b.WriteString("features:\n")
	for _, name := range keyNames(javaKeys, Features) {
		if v, found := r.values[Features][name]; found {
			fmt.Fprintln(b, initLine(name, v.Text, origin(v)))
		}
	}
}

// initApp are the settings of the application in the order in which they are written, with what they may be. Those
// without a value follow other settings when they are left out.
var initApp = [][3]string{
	{"producer-client", "", ""},
	{"consumer-client", "", ""},
	{"send", "callback", "wait | callback | forget: does the application hear of a failed send?"},
	{"on-send-error", "give-up", "give-up | resend"},
	{"on-restart", "forget", "forget | resend: what was not acknowledged before a crash"},
	{"group", "existing", "existing | new: has the group committed its position?"},
	{"commit", "", "before-processing | after-processing | auto | in-transaction"},
	{"effect", "plain", "plain | idempotent | transactional"},
	{"output", "none", "none | kafka: consume-transform-produce"},
	{"transactional-id", "", ""},
	{"group-metadata", "", ""},
}

// writeApp writes what the files show of the application, and what is left to say.
func (r *resolver) writeApp(b *strings.Builder) {
	b.WriteString("app:\n")
	for _, line := range initApp {
		v, found := r.values[App][line[0]]
		switch {
		case found:
			fmt.Fprintln(b, initLine(line[0], v.Text, origin(v)))
		case line[1] != "":
			fmt.Fprintln(b, initLine(line[0], line[1], line[2]))
		case line[2] != "":
			fmt.Fprintf(b, "  # %s: %s\n", line[0], line[2])
		}
	}
}

// notGiven says what a part is that nobody gave.
var notGiven = map[Part]string{
	Producer:   "a producer that cannot be the cause",
	Topic:      "replication.factor 3, the brokers' settings",
	Broker:     "Kafka's defaults",
	Controller: "the controllers have the brokers' file",
	Consumer:   "commits after processing, begins at the earliest offset",
}

// yamlScalar writes a value so that YAML reads the same text.
func yamlScalar(s string) string {
	s = strings.TrimSpace(s)
	if plainYAML.MatchString(s) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(formats.OneLine(s)) + `"`
}

// initRest is what no file says: the faults and the scope.
const initRest = `faults: standard                    # or a budget: {broker-crash: 1, leader-move: 1}; see kcheck list faults
scope: {messages: 2}                # 1 to 4
# expect: holds                     # the verdict to hold on to, once it is known
`
