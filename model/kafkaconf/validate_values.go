package kafkaconf

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// validate checks every value that was given against the key table: is the name known, and is the value one that Kafka
// accepts.
func (r *resolver) validate() {
	var all []Value
	for _, values := range r.values {
		for _, v := range values {
			all = append(all, v)
		}
	}
	slices.SortFunc(all, func(a, b Value) int {
		return cmp.Or(cmp.Compare(a.Part, b.Part), r.order[a.Part][a.Key]-r.order[b.Part][b.Key])
	})
	r.misplaced(all)
	for _, v := range all {
		switch {
		case v.Part == App && (v.Key == "producer-client" || v.Key == "consumer-client"):
		case isKafkas(v.Part) && v.Part != Features:
			r.validateKafkas(v)
		default:
			r.validateOwn(v)
		}
	}
}

// nameOf is the key as a message shows it: as it stands in a .properties file, with its part elsewhere.
func (r *resolver) nameOf(v Value) string {
	if r.inProperties(v) {
		return v.Key
	}
	return joinKey(string(v.Part), v.Key)
}

// inProperties says whether a value comes from a configuration file and not from a spec or a flag.
func (r *resolver) inProperties(v Value) bool {
	return !v.Flag && !(r.out.Spec && v.KeyAt.File == r.out.File)
}

// validateOwn checks a value of a part that Kafka has no file for.
func (r *resolver) validateOwn(v Value) {
	k := findKey(javaKeys, v.Part, v.Key)
	switch {
	case k == nil:
		names := keyNames(javaKeys, v.Part)
		r.problems.Add(Failure, v.KeyAt, r.nameOf(v), "unknown key; %s", didYouMean(v.Key, names, string(v.Part)+" has "+formats.OrList(names)))
	case !k.known(r.kafka):
		r.problems.Add(Refusal, v.KeyAt, r.nameOf(v), "Kafka %s has no such feature (%s); leave it out (kafka-storage refuses it)",
			r.kafka, k.versionsWith())
	default:
		if instead := rowOf(v.Part, v.Key).retired[v.Text]; instead != "" {
			r.problems.Add(Failure, v.KeyAt, r.nameOf(v), "%s is not a value any more; %s", formats.Quote(v.Text), instead)
		} else if wrong := k.check(v.Text, r.kafka); wrong != "" {
			severity := Failure
			if v.Part == Features {
				severity = Refusal
			}
			r.problems.Add(severity, v.KeyAt, r.nameOf(v), "%s", wrong)
		}
	}
}

// validateKafkas checks a setting of Kafka's.
func (r *resolver) validateKafkas(v Value) {
	d := r.dialectOf(v.Part)
	k := d.key(v.Part, v.Key)
	switch {
	case v.From != "" && !d.knows(v.Part, v.Key): // nobody wrote it
	case r.filledInLater(v, k):
	case r.noZooKeeper(v):
	case k == nil && plugged(v.Part, v.Key):
	case k == nil:
		r.unknown(v, d)
	case !d.knows(v.Part, v.Key):
		r.otherVersion(v, d, k)
	default:
		if wrong := k.check(v.Text, d.tableVersion()); wrong != "" {
			r.wrong[k] = true
			r.problems.Add(Refusal, v.KeyAt, r.nameOf(v), "%s (%s)", wrong, refuser(d, v.Part))
		}
	}
}

// filledInLater answers for a value with a placeholder, such as ${env:ACKS}, of a setting that decides: what it will be
// cannot be known from the file.
func (r *resolver) filledInLater(v Value, k *key) bool {
	if k == nil || !strings.Contains(v.Text, "${") || !decides(k) {
		return false
	}
	r.problems.Add(Failure, v.KeyAt, r.nameOf(v), "%s is filled in elsewhere, so that kcheck cannot know it; say what it is with --set %s.%s=VALUE",
		formats.Quote(Shown(v.Part, v.Key, v.Text)), v.Part, v.Key)
	return true
}

// decides says whether a setting can change a verdict.
func decides(k *key) bool {
	bearing := newSetting(keyName{k.family, k.part, k.name}, k).Bearing
	return bearing == Modelled || bearing == Checked
}

// refuser names the class that checks a value.
func refuser(d Dialect, p Part) string {
	switch {
	case p == Topic:
		return "Kafka's LogConfig"
	case p == Broker || p == Controller:
		return "Kafka's KafkaConfig"
	case d.Client == model.Librdkafka:
		return "librdkafka's rd_kafka_conf_set"
	case d.Client != model.Java && d.Client != model.Scala08:
		return d.Name
	case p == Producer:
		return "Kafka's ProducerConfig"
	}
	return "Kafka's ConsumerConfig"
}

// noZooKeeper answers for zookeeper.connect where Kafka has no ZooKeeper any more and the file names no KRaft role: such
// a server would not start. A .properties file may just be older than the version that is asked about: a warning.
func (r *resolver) noZooKeeper(v Value) bool {
	if v.Part != Broker || v.Key != "zookeeper.connect" || r.kafka < model.V4_0 {
		return false
	}
	if _, kraft := r.values[Broker]["process.roles"]; kraft {
		return false
	}
	severity := Refusal
	if r.inProperties(v) {
		severity = Warning
		r.note("the brokers' file is one for ZooKeeper, and Kafka %s has none: it is read as a part of a KRaft broker's file", r.kafka)
	}
	r.problems.Add(severity, v.KeyAt, r.nameOf(v),
		"Kafka %s runs without ZooKeeper and requires process.roles; set process.roles, or ask about an older Kafka (--kafka %s)", r.kafka, model.V3_9)
	return true
}

// unknown reports a name that no version of the client has: a warning in a .properties file, where Kafka ignores it
// too, an error elsewhere.
func (r *resolver) unknown(v Value, d Dialect) {
	severity := Failure
	if r.inProperties(v) || r.kafkaFlag && knownTo(v.Part, v.Key, javaKeys, scalaKeys, rdkafkaKeys) {
		severity = Warning
	}
	what := "unknown setting of " + d.owner(v.Part)
	if severity == Warning {
		what += ", which ignores it"
		if d.Client == model.Librdkafka {
			what = "unknown setting of librdkafka, which would refuse it if it were given to it"
		}
	}
	if counterpart := d.counterpart(v.Part, v.Key); counterpart != "" {
		r.problems.Add(severity, v.KeyAt, r.nameOf(v), "%s; its name there is %s", what, counterpart)
		if severity == Warning {
			r.note("%s=%s is ignored by %s, which calls it %s", v.Key, Shown(v.Part, v.Key, v.Text), d.Name, counterpart)
		}
		return
	}
	if other := otherPart(v.Part, v.Key); other != "" {
		r.problems.Add(severity, v.KeyAt, r.nameOf(v), "%s; it is a setting of the %s", what, other)
		return
	}
	advice := "see kcheck list settings"
	if len(r.problems) < 200 { // a file with more than that has other troubles than spelling
		advice = didYouMean(v.Key, keyNames(d.family(), tablePart(v.Part)), nearOther(v, advice))
	}
	r.problems.Add(severity, v.KeyAt, r.nameOf(v), "%s; %s", what, advice)
}

// nearOther is the setting of another part that somebody who wrote the name of a value most likely meant, as the end of a
// message, with what to do when there is none.
func nearOther(v Value, otherwise string) string {
	for _, other := range []Part{Producer, Consumer, Topic, Broker} {
		if other == tablePart(v.Part) {
			continue
		}
		if near := didYouMean(v.Key, keyNames(javaKeys, other), ""); near != "" {
			return near + " That is a setting of the " + string(other)
		}
	}
	return otherwise
}

// owner is who reads a part's settings, for messages.
func (d Dialect) owner(p Part) string {
	switch p {
	case Broker, Controller, Topic:
		return "a Kafka " + d.Name + " " + string(p)
	case Group:
		return "a Kafka " + d.Name + " group"
	case Downstream:
		p = Consumer
	}
	return "the " + d.Name + " " + string(p)
}

// counterpart is what a client calls a setting that is written under another client's name.
func (d Dialect) counterpart(p Part, name string) string {
	java := javaName(name)
	if n := d.names(java)[0]; n != name && d.key(p, n) != nil {
		return n
	}
	return ""
}

// otherPart finds the part whose setting a name is.
func otherPart(p Part, name string) Part {
	for _, other := range []Part{Producer, Consumer, Topic, Broker, Group} {
		if other != tablePart(p) && findKey(javaKeys, other, name) != nil {
			return other
		}
	}
	return ""
}

// otherVersion reports a key that exists in other versions of Kafka. In a spec that is an error, unless the version was
// changed from outside: then the spec is not to blame, and what this Kafka does not know it ignores.
func (r *resolver) otherVersion(v Value, d Dialect, k *key) {
	if plugged(v.Part, v.Key) {
		return // such as config.providers, which every version resolves and only late ones define (KIP-297, KIP-421)
	}
	severity := Failure
	if r.inProperties(v) || r.kafkaFlag {
		severity = Warning
		r.note("%s is ignored: %s does not know it", joinKey(string(v.Part), v.Key), d.owner(v.Part))
	}
	if d.lacks(v.Part, v.Key) {
		r.problems.Add(severity, v.KeyAt, r.nameOf(v), "%s has no such setting; leave it out", d.Name)
		return
	}
	advice := "leave it out"
	if counterpart := d.counterpart(v.Part, v.Key); counterpart != "" {
		advice = "its name there is " + counterpart
	}
	r.problems.Add(severity, v.KeyAt, r.nameOf(v), "%s does not know this setting (%s); %s", d.owner(v.Part), k.versionsWith(), advice)
}
