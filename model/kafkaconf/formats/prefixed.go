package formats

import "strings"

// Prefixed is what settings of all clients of an application are taken for, each below kafka.
const Prefixed = "settings of an application's clients (kafka.*)"

// isPrefixed says whether a property is one that Quarkus and Micronaut pass on to every client of Kafka.
func isPrefixed(name string) bool {
	_, name = quarkusProfile(name)
	key, found := strings.CutPrefix(name, "kafka.")
	return found && isOneOf("bootstrap.servers", "group.id", "client.id", "acks", "auto.offset.reset", "enable.auto.commit", "enable.idempotence",
		"isolation.level", "security.protocol", "retries")(key)
}

// readPrefixed reads kafka.KEY, which an application has beside settings of its own, such as kafka.topic.name. Of what is for
// a profile of Quarkus only the active ones count. What every client knows is both a producer's and a consumer's.
func readPrefixed(r *reading) {
	var all []springProperty
	for _, p := range r.properties() {
		all = append(all, springProperty{p.Key, p.Value, p.Value, p.KeyAt, p.ValueAt})
	}
	var properties []Property
	flat := false
	r.quarkusView(all).each(func(_ string, p springProperty) {
		_, name := quarkusProfile(p.name)
		key, found := strings.CutPrefix(name, "kafka.")
		ofProducer, ofConsumer := r.options.ofClient(Producer, key), r.options.ofClient(Consumer, key)
		if found && (ofProducer || ofConsumer) {
			properties = append(properties, Property{key, p.text, p.keyAt, p.valueAt})
			flat = flat || ofProducer != ofConsumer
		}
	})
	if !flat {
		r.forBoth(properties)
		return
	}
	r.Flat = true
	for _, p := range properties {
		r.put("", p.Key, p.Value, p.KeyAt, p.ValueAt)
	}
}
