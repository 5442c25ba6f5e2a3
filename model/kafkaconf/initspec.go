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
	fmt.Fprintf(&b, "about: what this configuration is meant to guarantee\n")
	fmt.Fprintf(&b, "kafka: %q                        # the brokers' version\n", r.kafka.String())
	b.WriteString("guarantee: [at-least-once, at-most-once]\n")
	b.WriteString("counted: accepted                   # acked | accepted | attempted: which messages must not be lost\n")
	for _, p := range []Part{Producer, Topic, Broker, Controller, Consumer} {
		r.writePart(&b, p)
	}
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
		line := fmt.Sprintf("  %s: %s", name, yamlScalar(v.Text))
		lines = append(lines, fmt.Sprintf("%-45s # %s", line, formats.OneLine(v.KeyAt.String())))
	}
	if len(lines) == 0 {
		fmt.Fprintf(b, "%s: {}%s# given, and silent about delivery: Kafka's defaults\n", p, strings.Repeat(" ", max(1, 30-len(p))))
		return
	}
	fmt.Fprintf(b, "%s:\n%s\n", p, strings.Join(lines, "\n"))
	if rest > 0 {
		fmt.Fprintf(b, "  # %d more settings of that file have no bearing on delivery\n", rest)
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

// initRest is what no file says: the application, the faults and the scope.
const initRest = `app:
  send: callback                    # wait | callback | forget: does the application hear of a failed send?
  on-send-error: give-up            # give-up | resend
  on-restart: forget                # forget | resend: what was not acknowledged before a crash
  # commit: after-processing        # before-processing | after-processing | auto | in-transaction
  effect: plain                     # plain | idempotent | transactional
  output: none                      # none | kafka: consume-transform-produce
faults: standard                    # or a budget: {broker-crash: 1, leader-move: 1}; see kcheck list faults
scope: {messages: 2}                # 1 to 4
# expect: holds                     # the verdict to hold on to, once it is known
`
