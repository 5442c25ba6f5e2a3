package formats

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// reading is a source while it is read.
type reading struct {
	Source
	problems Problems
	options  Options
	content  *content
	quiet    bool     // unknown settings are not looked at
	given    []string // the files that are read together
}

// fail notes why the file cannot be read.
func (r *reading) fail(at Position, key, format string, args ...any) {
	r.problems.Add(Failure, cmp.Or(at, Position{File: r.File}), key, format, args...)
}

// warn notes something that was surely not meant.
func (r *reading) warn(at Position, key, format string, args ...any) {
	r.problems.Add(Warning, at, key, format, args...)
}

// note adds a sentence for the result.
func (r *reading) note(format string, args ...any) {
	if s := OneLine(Sentence(format, args...)); !slices.Contains(r.Notes, s) {
		r.Notes = append(r.Notes, s)
	}
}

// put adds a value that the file writes.
func (r *reading) put(p Part, key, text string, keyAt, valueAt Position) {
	r.Values = append(r.Values, Value{Part: p, Key: key, Text: text, KeyAt: keyAt, ValueAt: valueAt})
}

// field adds the value of a field of a document.
func (r *reading) field(p Part, key string, f field) {
	if text, ok := f.value.joined(); ok {
		r.put(p, key, text, f.at, f.value.at)
	} else if f.value.kind != null {
		r.fail(f.at, key, "expected one value; found %s", f.value.kind)
	}
}

// settings adds a mapping from Kafka's own names to values.
func (r *reading) settings(p Part, config field) {
	r.Give(p)
	switch config.value.kind {
	case mapping:
		for _, f := range config.value.fields {
			r.field(p, f.key, f)
		}
	case null:
	default:
		r.fail(config.at, config.key, "expected a mapping from Kafka's settings to values; found %s", config.value.kind)
	}
}

// rules adds values that nobody wrote: a framework makes them by itself. They are keys and texts in turn.
func (r *reading) rules(p Part, rank Rank, from string, at Position, keysAndTexts ...string) {
	for i := 0; i+1 < len(keysAndTexts); i += 2 {
		r.Values = append(r.Values, Value{Part: p, Key: keysAndTexts[i], Text: keysAndTexts[i+1], KeyAt: at, ValueAt: at,
			Rank: rank, From: from})
	}
}

// uses notes a framework whose ways the file's clients have.
func (r *reading) uses(framework string, at Position) {
	if !slices.ContainsFunc(r.Presets, func(p Preset) bool { return p.Framework == framework }) {
		r.Presets = append(r.Presets, Preset{Framework: framework, At: at})
	}
}

// mode notes how the file tells a framework to work.
func (r *reading) mode(framework, name string, at Position) {
	r.uses(framework, at)
	for i := range r.Presets {
		if p := &r.Presets[i]; p.Framework == framework {
			p.Modes = append(p.Modes, Mode{name, at})
		}
	}
}

// version notes the brokers' version that the file states.
func (r *reading) version(text string, at Position) {
	if r.Kafka == "" && text != "" {
		r.Kafka, r.KafkaAt = text, at
	}
}

// documents parses the file as YAML, or as one document of JSON; none when it cannot be read.
func (r *reading) documents() []*node {
	if r.content.json() {
		if root := r.document(); root != nil {
			return []*node{root}
		}
		return nil
	}
	docs, problems := parseYAML(r.File, r.content.data)
	r.problems = append(r.problems, problems...)
	if problems.Failed() {
		return nil
	}
	return docs
}

// document parses the file as JSON; nil when it cannot be read.
func (r *reading) document() *node {
	root, problems := parseJSON(r.File, r.content.data)
	r.problems = append(r.problems, problems...)
	return root
}

// properties parses the file as a .properties file. Of a key that is given twice the last counts, as in Java.
func (r *reading) properties() []Property {
	all, problems := ParseProperties(r.File, r.content.data)
	r.problems = append(r.problems, problems...)
	return r.lastOnly(all)
}

// lastOnly leaves of each key the last, and warns of the others.
func (r *reading) lastOnly(all []Property) []Property {
	last := map[string]int{}
	for i, p := range all {
		if before, again := last[p.Key]; again {
			r.warn(p.KeyAt, p.Key, "is given twice; this one counts, as in Java, and line %d does not", all[before].KeyAt.Line)
		}
		last[p.Key] = i
	}
	var kept []Property
	for i, p := range all {
		if last[p.Key] == i {
			kept = append(kept, p)
		}
	}
	return kept
}

// readProperties reads a plain .properties file, whose keys tell whose it is.
func readProperties(r *reading) {
	r.Flat = true
	for _, p := range r.properties() {
		r.put("", p.Key, p.Value, p.KeyAt, p.ValueAt)
	}
}

// readClientJSON reads a JSON object from Kafka's or librdkafka's names to values, whose keys tell whose it is.
func readClientJSON(r *reading) {
	root := r.document()
	switch {
	case root == nil:
	case root.kind != mapping || len(root.fields) == 0:
		r.fail(root.at, "", "this JSON is %s; expected an object of settings of a Kafka client, a connector, or a Terraform plan (terraform show -json)",
			map[bool]string{true: "an empty object", false: root.kind.String()}[root.kind == mapping])
	case !r.isClientJSON(root):
		r.fail(root.at, "", "this JSON has no setting of a Kafka client, and is no connector and no Terraform plan; give the settings of the client as an object")
	default:
		r.Flat = true
		for _, f := range root.fields {
			switch {
			case f.key == "default.topic.config" && f.value.kind == mapping: // of node-rdkafka and others: what a topic of the client's has
				for _, inner := range f.value.fields {
					r.field("", inner.key, inner)
				}
			case f.value.kind == mapping:
				r.fail(f.at, f.key, "expected one value; found a mapping: this JSON is not a flat object of settings, nor a connector, nor a Terraform plan")
				return
			default:
				r.field("", f.key, f)
			}
		}
	}
}

// isClientJSON says whether an object has a setting of a client, or nothing but values.
func (r *reading) isClientJSON(root *node) bool {
	nested := false
	for _, f := range root.fields {
		nested = nested || f.value.kind == mapping || f.value.kind == sequence
		if r.options.OfClient != nil && (r.options.OfClient(Producer, f.key) || r.options.OfClient(Consumer, f.key)) {
			return true
		}
	}
	return !nested
}

// topic is a topic that a file describes.
type topic struct {
	name   string
	at     Position
	values []Value
}

// topicOf begins the description of a topic.
func (r *reading) topicOf(name string, at Position) *topic { return &topic{name: name, at: at} }

// add adds a setting of the topic.
func (t *topic) add(key, text string, keyAt, valueAt Position) {
	if n := placedReplicas(key, text); n > 0 {
		t.values = append(t.values, Value{Part: Topic, Key: "replication.factor", Text: strconv.Itoa(n), KeyAt: keyAt, ValueAt: valueAt})
	}
	t.values = append(t.values, Value{Part: Topic, Key: key, Text: text, KeyAt: keyAt, ValueAt: valueAt})
}

// placement matches how many replicas a constraint of Confluent's placement asks for.
var placement = regexp.MustCompile(`"count"\s*:\s*(\d+)`)

// placedReplicas is the number of replicas that confluent.placement.constraints gives a topic: it stands in place of a
// replication factor. Observers are no members of the in-sync set and are left out.
func placedReplicas(key, text string) (n int) {
	if key != "confluent.placement.constraints" {
		return 0
	}
	replicas, _, _ := strings.Cut(text, `"observers"`)
	for _, m := range placement.FindAllStringSubmatch(replicas, -1) {
		n += wholeNumber(m[1])
	}
	return n
}

// choose gives the part topic from the topics that the file describes: the one that was asked for, or the only one, or
// any when they do not differ in what has a bearing on delivery. Kafka's own topics are looked at only when asked for.
func (r *reading) choose(topics []*topic) {
	if r.options.AllTopics {
		r.listTopics(topics)
		return
	}
	wanted := func(t *topic) bool {
		return t.name == r.options.Topic || r.options.Topic == "" && !strings.HasPrefix(t.name, "__")
	}
	chosen := slices.DeleteFunc(slices.Clone(topics), func(t *topic) bool { return !wanted(t) })
	switch {
	case len(chosen) == 0 && r.options.Topic != "" && len(topics) > 0:
		r.fail(Position{}, "--topic-name", "topic %s is not in this file; it has %s", Quote(r.options.Topic), names(topics))
		return
	case len(chosen) == 0:
		return
	}
	others, first := false, r.bearing(chosen[0])
	for _, t := range chosen[1:] {
		if t.name != chosen[0].name && r.bearing(t) != first {
			r.fail(t.at, "", "topics %s and %s have different settings; choose one with --topic-name NAME (%s)", Quote(chosen[0].name), Quote(t.name), names(chosen))
			return
		}
		others = others || t.name != chosen[0].name
	}
	r.Give(Topic)
	for _, t := range chosen {
		if t.name == chosen[0].name {
			r.Values = append(r.Values, t.values...)
		}
	}
	if others {
		r.note("%s: the topics %s do not differ in what is read; %s is taken", r.File, names(chosen), chosen[0].name)
	}
}

// listTopics lists the topics, those with one name as one.
func (r *reading) listTopics(topics []*topic) {
	at := map[string]int{}
	for _, t := range topics {
		i, known := at[t.name]
		switch {
		case strings.HasPrefix(t.name, "__"):
			continue
		case !known:
			i = len(r.Topics)
			at[t.name] = i
			r.Topics = append(r.Topics, TopicSettings{Name: t.name, At: t.at})
		}
		r.Topics[i].Values = append(r.Topics[i].Values, t.values...)
	}
	for i := range r.Topics {
		t := &r.Topics[i]
		t.Same = r.bearing(&topic{values: t.Values})
	}
}

// names lists the names of topics, the first few of many.
func names(topics []*topic) string {
	var all []string
	for _, t := range topics {
		all = append(all, t.name)
	}
	slices.Sort(all)
	return shortList(slices.Compact(all))
}

// bearing writes down what a topic says of settings with a bearing on delivery.
func (r *reading) bearing(t *topic) string {
	var lines []string
	for _, v := range t.values {
		if r.options.bears(Topic, v.Key) {
			lines = append(lines, v.Key+"="+strings.TrimSpace(v.Text))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func (o Options) bears(p Part, key string) bool { return o.Bears == nil || o.Bears(p, key) }

// shown is a value of a setting as a message may show it.
func (o Options) shown(p Part, key, value string) string {
	if o.Shown == nil {
		return value
	}
	return o.Shown(p, key, value)
}

func (o Options) knows(p Part, key string) bool { return o.Knows == nil || o.Knows(p, key) }

// passedOn says whether a client hands a setting on to something plugged into it.
func (o Options) passedOn(p Part, key string) bool { return o.PassedOn != nil && o.PassedOn(p, key) }

// ofClient says whether a client of any library has a setting.
func (o Options) ofClient(p Part, key string) bool { return o.OfClient == nil || o.OfClient(p, key) }

// near is the setting whose name is nearest; "" where none is.
func (o Options) near(p Part, key string) string {
	if o.Suggest == nil {
		return ""
	}
	return o.Suggest(p, key)
}

// same says whether two values of a setting mean the same.
func (o Options) same(key, a, b string) bool {
	if o.Same != nil {
		return o.Same(key, a, b)
	}
	return strings.TrimSpace(a) == strings.TrimSpace(b)
}

// shortList writes the first few of many words.
func shortList(words []string) string {
	if len(words) > 6 {
		return strings.Join(words[:6], ", ") + ", …"
	}
	return strings.Join(words, ", ")
}
