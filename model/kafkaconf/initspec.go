package kafkaconf

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// plainYAML matches values that need no quotes in YAML, wherever they stand.
var plainYAML = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_./-]*$`)

// InitSpec writes a commented spec about the user's own files: it names them, relative to the folder that the spec is for,
// and copies none of their values, so that it stays true when they change. What was given elsewhere, on the command line
// or by a live cluster, is written out; for each part that nothing gives there is what it is assumed to be, and for the
// application what no file says. Without files it is a template.
func InitSpec(request Request, folder string) (string, Problems) {
	r, s := begin(request)
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
	w := specWriter{resolver: r, folder: folder, named: map[string]bool{}}
	w.head()
	for _, p := range []Part{Producer, Topic, Broker, Controller, Consumer} {
		w.part(p)
	}
	w.features()
	w.app()
	w.rest()
	return w.String(), problems
}

// specWriter writes a spec.
type specWriter struct {
	strings.Builder
	*resolver
	folder string
	named  map[string]bool // the files that the spec names
}

// head writes what the files were taken for, the question, and the names of the files.
func (w *specWriter) head() {
	for _, f := range w.out.Read {
		fmt.Fprintf(w, "# %s is read as %s: %s\n", formats.OneLine(f.File), formats.OneLine(f.Format), f.PartNames())
	}
	for _, n := range w.out.Notes {
		fmt.Fprintf(w, "# note: %s\n", formats.OneLine(n))
	}
	if flags := w.choosers(); flags != "" {
		fmt.Fprintf(w, "# check it with%s\n", flags)
	}
	w.WriteString("about: what this configuration is meant to guarantee\n")
	comment := map[bool]string{true: "", false: "# "}[len(w.stated) == 0 || w.request.Kafka != ""]
	fmt.Fprintf(w, "%skafka: %q                        # the brokers' version\n", comment, w.kafka.String())
	guarantees := w.request.Guarantees
	if len(guarantees) == 0 {
		guarantees = []string{"at-least-once", "at-most-once"}
	}
	fmt.Fprintf(w, "guarantee: [%s]\n", strings.Join(guarantees, ", "))
	fmt.Fprintf(w, "%-35s # acked | accepted | attempted: which messages must not be lost\n", "counted: "+cmp.Or(w.request.Counted, "accepted"))
	if len(w.request.Files) > 0 {
		w.WriteString("files:\n")
	}
	for _, f := range w.request.Files {
		w.named[f] = true
		fmt.Fprintf(w, "  - %s\n", yamlScalar(w.relative(f)))
	}
	for _, p := range FileParts {
		if f, found := w.request.PartFiles[p]; found {
			w.named[f] = true
			fmt.Fprintf(w, "%s: %s\n", p, yamlScalar(w.relative(f)))
		}
	}
}

// choosers are the flags that chose something in the files: a spec has no keys for them.
func (w *specWriter) choosers() string {
	text := ""
	for _, flag := range [][2]string{{"--topic-name", w.request.TopicName}, {"--service", w.request.Service}, {"--cluster", w.request.Cluster}, {"--profile", w.request.Profile}} {
		if flag[1] != "" {
			text += " " + flag[0] + " " + formats.OneLine(flag[1])
		}
	}
	return text
}

// relative is the path of a file from the folder of the spec.
func (w *specWriter) relative(file string) string {
	from, errFrom := filepath.Abs(w.folder)
	to, errTo := filepath.Abs(filepath.FromSlash(file))
	if rel, err := filepath.Rel(from, to); errFrom == nil && errTo == nil && err == nil {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(file)
}

// elsewhere says whether a value stands in none of the files that the spec names, and is nobody's default.
func (w *specWriter) elsewhere(v Value) bool { return v.From == "" && !w.named[v.KeyAt.File] }

// part writes what is said of a part elsewhere than in the files.
func (w *specWriter) part(p Part) {
	if _, file := w.request.PartFiles[p]; file {
		return
	}
	d := w.dialectOf(p)
	var lines []string
	for _, name := range keyNames(d.family(), tablePart(p)) {
		v, found := w.values[p][name]
		if found && d.knows(p, name) && w.elsewhere(v) && decides(d.key(p, name)) {
			lines = append(lines, initLine(name, v.Text, origin(v)))
		}
	}
	switch {
	case len(lines) > 0:
		fmt.Fprintf(w, "%s:\n%s\n", p, strings.Join(lines, "\n"))
	case !w.given[p]:
		fmt.Fprintf(w, "# %s: {}%s# not given: %s\n", p, strings.Repeat(" ", max(1, 28-len(p))), notGiven[p])
	}
}

// initLine is one setting of a part with a comment.
func initLine(name, text, comment string) string {
	return strings.TrimRight(fmt.Sprintf("%-45s # %s", "  "+name+": "+yamlScalar(text), formats.OneLine(comment)), " #")
}

// features writes the feature levels that are stated elsewhere than in the files.
func (w *specWriter) features() {
	var lines []string
	for _, name := range keyNames(javaKeys, Features) {
		if v, found := w.values[Features][name]; found && w.elsewhere(v) {
			lines = append(lines, initLine(name, v.Text, origin(v)))
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(w, "features:\n%s\n", strings.Join(lines, "\n"))
	}
}

// initApp are the settings of the application in the order in which they are written, with what they may be. Those
// without a value follow other settings when they are left out.
var initApp = [][3]string{
	{"framework", "", ""},
	{"producer-client", "", ""},
	{"consumer-client", "", ""},
	{"send", "callback", "wait | callback | forget: does the application hear of a failed send?"},
	{"on-send-error", "give-up", "give-up | resend"},
	{"on-restart", "forget", "forget | resend: what was not acknowledged before a crash"},
	{"group", "existing", "existing | new: has the group committed its position?"},
	{"commit", "", "before-processing | after-processing | auto | in-transaction"},
	{"process", "inline", "inline | handoff | parallel: in the poll loop, by another thread in order, several at a time"},
	{"commit-position", "finished-prefix", "finished-prefix | highest-finished | delivered: what is committed while records are in work"},
	{"on-commit-failure", "retry", "retry | ignore | rethrow"},
	{"on-revoke", "commit", "commit | nothing: when the partition is revoked"},
	{"on-exception", "rethrow", "rethrow | close | skip | dead-letter: what becomes of a record whose processing throws"},
	{"attempts", "1", "how often processing is tried before that"},
	{"on-stop", "close", "close | exit: what a deployment does to producer and consumer"},
	{"restarts", "true", "true | false: is a process that has ended started again?"},
	{"effect", "plain", "plain | idempotent | transactional"},
	{"output", "none", "none | kafka: consume-transform-produce"},
	{"transactional-id", "", ""},
	{"group-metadata", "", ""},
	{"on-abort", "", ""},
	{"on-restart-transaction", "", ""},
	{"share", "", ""},
	{"share-on-exception", "", ""},
	{"commit-offset", "", ""},
}

// app writes what is left to say of the application: each key with what it is taken to be, which stays an assumption, or
// what the framework has, until somebody says otherwise.
func (w *specWriter) app() {
	w.WriteString("app:\n")
	for _, line := range initApp {
		v, found := w.values[App][line[0]]
		switch {
		case found && w.elsewhere(v):
			fmt.Fprintln(w, initLine(line[0], v.Text, cmp.Or(line[2], origin(v))))
		case found:
			fmt.Fprintf(w, "  # %s is %s (%s)\n", line[0], formats.OneLine(v.Text), formats.OneLine(origin(v)))
		case line[1] != "":
			fmt.Fprintf(w, "  # %s\n", strings.TrimSpace(initLine(line[0], line[1], line[2])))
		case line[2] != "":
			fmt.Fprintf(w, "  # %s: %s\n", line[0], line[2])
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

// rest writes what no file says: the faults and the scope.
func (w *specWriter) rest() {
	fmt.Fprintf(w, "%-35s # or a budget: {broker-crash: 1, leader-move: 1}; see kcheck list faults\n", "faults: "+budgetYAML(w.request.Faults))
	fmt.Fprintf(w, "%-35s # 1 to 4\n", "scope: {messages: "+cmp.Or(w.request.Messages, "2")+"}")
	w.WriteString("# expect: holds                     # the verdict to hold on to, once it is known\n")
}

// budgetYAML writes a budget of the command line as a spec has it.
func budgetYAML(flag string) string {
	words := strings.Split(strings.ReplaceAll(flag, " ", ""), ",")
	switch {
	case flag == "", flag == "standard":
		return "standard"
	case flag == "none":
		return "{}"
	case slices.Contains(words, "standard"):
		return strings.Join(words, ",")
	}
	return "{" + strings.ReplaceAll(strings.Join(words, ", "), "=", ": ") + "}"
}
