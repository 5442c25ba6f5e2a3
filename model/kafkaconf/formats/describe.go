package formats

import (
	"regexp"
	"strings"
)

// quoted matches what stands before a line that is quoted in a mail or an issue.
var quoted = regexp.MustCompile(`^(?:> ?)+`)

// textLines gives each line of a text with the place of its first character, without the marks of a quotation.
func (r *reading) textLines(each func(text string, at Position)) {
	n := 0
	for text := range strings.Lines(string(r.content.data)) {
		n++
		text = strings.TrimRight(text, "\r\n")
		quote := len(quoted.FindString(text))
		each(text[quote:], Position{r.File, n, 1 + quote})
	}
}

// right moves a place to the right.
func (p Position) right(columns int) Position {
	p.Column += columns
	return p
}

// topicField matches one "Name: value" of kafka-topics --describe; the fields are separated by tabs, or by blanks where
// the text was copied from a screen.
var topicField = regexp.MustCompile(`(TopicId|Topic|PartitionCount|ReplicationFactor|Configs|Partition|Leader|` +
	`Adding Replicas|Removing Replicas|Replicas|Isr|LastKnownElr|Elr|MarkedForDeletion):[ \t]*`)

// describedField is a field of a line with its columns.
type describedField struct {
	text       string
	key, value int // offsets in the line
}

// topicFields splits a line of kafka-topics --describe.
func topicFields(line string) map[string]describedField {
	fields := map[string]describedField{}
	found := topicField.FindAllStringSubmatchIndex(line, -1)
	for i, m := range found {
		end := len(line)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		if name := line[m[2]:m[3]]; fields[name] == (describedField{}) {
			fields[name] = describedField{strings.TrimSpace(line[m[1]:end]), m[0], m[1]}
		}
	}
	return fields
}

// readTopics reads what kafka-topics --describe prints: a line for each topic with its replication factor and the
// settings that are not defaults, and one for each partition (org.apache.kafka.tools.TopicCommand).
func readTopics(r *reading) {
	var topics []*topic
	r.textLines(func(text string, at Position) {
		fields := topicFields(text)
		name := fields["Topic"]
		factor, isTopic := fields["ReplicationFactor"]
		switch {
		case isTopic && name.text != "":
			t := r.topicOf(name.text, at)
			t.add("replication.factor", factor.text, at.right(factor.key), at.right(factor.value))
			if configs, found := fields["Configs"]; found {
				splitConfigs(configs.text, func(key, value string, offset int) {
					place := at.right(configs.value + offset)
					t.add(key, value, place, place.right(len(key)+1))
				})
			}
			topics = append(topics, t)
		case name.text != "" && fields["Partition"].text != "":
			replicas, isr := fields["Replicas"].text, fields["Isr"].text
			if count(isr) < count(replicas) && (r.options.Topic == name.text || r.options.Topic == "" && !strings.HasPrefix(name.text, "__")) {
				r.note("%s: partition %s of %s has %d of %d replicas in sync now; kcheck begins with all in sync", at, fields["Partition"].text, name.text, count(isr), count(replicas))
			}
		}
	})
	if len(topics) == 0 {
		r.fail(Position{}, "", "kafka-topics output without a line that has ReplicationFactor; give the whole output of kafka-topics --describe")
	}
	r.choose(topics)
}

// count counts the entries of a list of broker ids.
func count(ids string) int {
	return len(strings.FieldsFunc(ids, func(c rune) bool { return c == ',' || c == ' ' }))
}

// configStart matches the beginning of a setting in a list "a=1,b=2", whose values may have commas.
var configStart = regexp.MustCompile(`(?:^|,\s*)([A-Za-z][A-Za-z0-9._-]*)=`)

// splitConfigs splits "cleanup.policy=compact,delete,min.insync.replicas=2".
func splitConfigs(list string, each func(key, value string, offset int)) {
	found := configStart.FindAllStringSubmatchIndex(list, -1)
	for i, m := range found {
		end := len(list)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		each(list[m[2]:m[3]], list[m[1]:end], m[2])
	}
}

// configsHead matches the line of kafka-configs --describe that begins an entity, and configsLine a setting of it
// (org.apache.kafka.tools.ConfigCommand). Before 2.5 all settings follow on the first line.
var (
	configsHead = regexp.MustCompile(`^(All|Dynamic|Default) configs for (\S+?)s?(?: ('[^']*'|\S+))?(?: in the cluster)? are:?\s*$`)
	configsOld  = regexp.MustCompile(`^Configs for (topic|broker)s?[ :]('[^']*'|\S+) are ?(.*)$`)
	configsLine = regexp.MustCompile(`^\s+([^\s=]+)=(.*?) sensitive=(true|false)(?: synonyms=\{(.*)\})?\s*$`)
)

// entity is what a block of kafka-configs --describe is about.
type entity struct {
	kind  string // topic or broker; others are not read
	topic *topic
}

// readConfigs reads what kafka-configs --describe prints of topics and brokers, with --all or without.
func readConfigs(r *reading) {
	var topics []*topic
	var now entity
	blocks := 0
	begin := func(kind, name string, at Position) {
		now = entity{kind: kind}
		if kind == "topic" {
			now.topic = r.topicOf(strings.Trim(name, "'"), at)
			topics = append(topics, now.topic)
		}
		if kind == "broker" {
			r.Give(Broker)
		}
		if kind == "group" && r.options.knowsGroups() {
			r.Give(Group)
		}
		blocks++
	}
	r.textLines(func(text string, at Position) {
		if m := configsHead.FindStringSubmatch(text); m != nil {
			begin(m[2], m[3], at)
		} else if m := configsOld.FindStringSubmatchIndex(text); m != nil {
			begin(text[m[2]:m[3]], text[m[4]:m[5]], at)
			splitConfigs(text[m[6]:m[7]], func(key, value string, offset int) {
				r.described(now, key, value, "", at.right(m[6]+offset))
			})
		} else if m := configsLine.FindStringSubmatchIndex(text); m != nil && blocks > 0 {
			if text[m[6]:m[7]] == "false" && m[8] >= 0 {
				r.described(now, text[m[2]:m[3]], text[m[4]:m[5]], text[m[8]:m[9]], at.right(m[2]))
			}
		} else if strings.TrimSpace(text) != "" && blocks > 0 && strings.HasPrefix(text, "  ") {
			r.fail(at.right(2), "", "%s is not a line of kafka-configs --describe; expected KEY=VALUE sensitive=false synonyms={…}", Quote(strings.TrimSpace(text)))
		}
	})
	if len(topics) == 0 && len(r.Given) == 0 {
		r.fail(Position{}, "", "kafka-configs output about neither a topic nor a broker nor a group; give that of --entity-type topics, brokers or groups, best with --all")
	}
	r.choose(topics)
}

// described adds a setting that a cluster reports of itself. What it reports as a default is its version's and nobody's
// choice.
func (r *reading) described(e entity, key, text, synonyms string, at Position) {
	v := DescribedValue(e.part(), key, text, strings.HasPrefix(synonyms, "DEFAULT_CONFIG:") || synonyms == "" && text == "null")
	v.KeyAt, v.ValueAt = at, at.right(len(key)+1)
	if e.kind == "broker" && key == "inter.broker.protocol.version" {
		r.version(text, at)
	}
	switch {
	case text == "null":
	case e.topic != nil:
		e.topic.values = append(e.topic.values, v)
	case e.kind == "broker" || e.kind == "group" && r.options.knowsGroups():
		r.Values = append(r.Values, v)
	}
}

func (e entity) part() Part {
	switch {
	case e.topic != nil:
		return Topic
	case e.kind == "group":
		return Group
	}
	return Broker
}

// knowsGroups says whether there is a part for what kafka-configs sets for a group.
func (o Options) knowsGroups() bool { return o.knows(Group, "share.auto.offset.reset") }

// DescribedValue is a setting as a cluster reports it. It counts before what a file says: dynamic configuration
// overrides server.properties. A default of the cluster counts before none.
func DescribedValue(p Part, key, text string, isDefault bool) Value {
	v := Value{Part: p, Key: key, Text: text, Rank: Override}
	if isDefault {
		v.Rank, v.From = FrameworkDefault, "default of the cluster"
	}
	return v
}
