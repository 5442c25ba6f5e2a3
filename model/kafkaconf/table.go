package kafkaconf

import (
	"slices"
	"sync"

	"github.com/kcheck/kcheck/model"
)

// row is what kcheck knows of one setting beside what Kafka's own classes say of it: type, versions, valid values and
// default come from the tables of keys and stand in the row only where no class defines the setting.
type row struct {
	part Part
	name string
	// client says whose setting it is: Java's, which is also that of servers, of topics and of kcheck itself, or a
	// library's with names of its own. Then java is Java's name of the same thing, and words are the library's words for
	// Java's values.
	client model.Client
	java   string
	words  map[string]string

	bearing Bearing
	doc     string
	source  string // where the meaning was read

	server    string         // of a topic's setting: the brokers' name (org.apache.kafka.server.config.ServerTopicConfigSynonyms)
	libraries defaults       // in libraries whose settings are given under Java's names
	lacking   []model.Client // libraries that have nothing like it although it decides about delivery
	assumed   string         // the value of a part that nobody gave, chosen so that the part cannot be the cause of a violation

	kind, since, valid, value string // as in the tables of keys

	only   Kind
	prices []Price

	values  []ValueDoc        // of an enumeration that has to be recognised in a program
	retired map[string]string // values that there are no more, and what to write instead
}

// ValueDoc explains one value of a setting.
type ValueDoc struct {
	Value, Text string
	Code        string // what a program looks like that has the value; "" where there is nothing to see
}

// defaults are the defaults of libraries whose settings are given under Java's names; the comments name the field that
// it stands for. A default that a release has changed is written as "2 ; 1.6=2147483647". Sources: IBM/sarama config.go
// (NewConfig), segmentio/kafka-go writer.go and reader.go, twmb/franz-go pkg/kgo/config.go (defaultCfg), tulios/kafkajs
// 2.2.4 src/index.js, src/producer and src/consumer, aio-libs/aiokafka 0.14.0 producer.py and consumer.py,
// dpkp/kafka-python 1.4.7 to 3.0.11 producer/kafka.py and consumer/group.py, CONFIGURATION.md of librdkafka 0.11.3 to 2.15,
// read in 2026-08.
type defaults map[model.Client]string

// Price is what a change of a setting to a value costs.
type Price struct {
	Value string
	Cost  Cost
}

// Kind is the kind of configuration in which a setting matters at all.
type Kind uint8

// The kinds.
const (
	Any      Kind = iota
	Transfer      // with app.output: kafka
	Sink          // with app.output: none
)

// Cost is what a change costs: ranks from 0 to 3, and words. Effort: 1 a line in a client's or topic's configuration, 2 a
// change that the whole cluster sees or a small change of the application, 3 data is copied or the application is
// written differently. Latency and throughput: 1 noticeable, 2 a round trip or a wait for other machines, 3 an order of
// magnitude. Risk: 1 a margin is smaller, 2 a protection is off, 3 acknowledged messages depend on one copy, or failures go
// unheard. The source says why; the ranks are kcheck's judgement.
type Cost struct {
	Effort, Latency, Throughput int
	Risk                        int // what protection the value gives up, beyond the guarantees asked for
	Text                        string
	Source                      string
}

// Total is the rank by which changes are compared.
func (c Cost) Total() int { return c.Effort + c.Latency + c.Throughput + c.Risk }

func free(effort int, text, source string) Cost { return Cost{effort, 0, 0, 0, text, source} }

func risky(effort, risk int, text, source string) Cost { return Cost{effort, 0, 0, risk, text, source} }

// Chapters of Kafka's documentation that costs rest on.
const (
	docDesign    = "Kafka documentation, Design: Replication"
	docSemantics = "Kafka documentation, Design: Message Delivery Semantics"
	docProducer  = "Kafka documentation, producer configuration"
	docConsumer  = "Kafka documentation, consumer configuration"
	docTopic     = "Kafka documentation, topic configuration"
)

// rows is the table: one row for each setting that has something to do with delivery. The order is the one in which
// repairs are tried and published.
var rows = slices.Concat(producerRows, topicRows, featureRows, brokerRows, consumerRows, appRows, shareRows)

// rowsByName finds a row.
var rowsByName = sync.OnceValue(func() map[keyName]*row {
	table := map[keyName]*row{}
	for i := range rows {
		w := &rows[i]
		table[keyName{familyOf(w.client), w.part, w.name}] = w
	}
	return table
})

// rowOf is the row of a setting by Java's name for it; an empty row where there is none.
func rowOf(p Part, name string) *row {
	for _, part := range []Part{p, tablePart(p)} {
		if w := rowsByName()[keyName{javaKeys, part, name}]; w != nil {
			return w
		}
	}
	return &row{}
}

// java is Java's name for a setting of another client, or the name itself.
func javaName(name string) string {
	for i := range rows {
		if rows[i].java != "" && rows[i].name == name {
			return rows[i].java
		}
	}
	return name
}

// serverName is the brokers' name of a topic's setting; false where it has no bearing on delivery.
func serverName(topic string) (string, bool) {
	w := rowOf(Topic, topic)
	return w.server, w.server != ""
}

// topicName is the topics' name of a server's setting.
func topicName(server string) (string, bool) {
	for i := range topicRows {
		if topicRows[i].server == server {
			return topicRows[i].name, true
		}
	}
	return "", false
}

// Priced is a setting whose changes have a price, under all the names that it has in different clients and parts.
type Priced struct {
	Names  []string // with part; the first is where it goes when nobody has given it
	Prices []Price
	Only   Kind
}

// PricedSettings lists the settings that a repair may change, with every value that they may be changed to.
func PricedSettings() []Priced {
	var all []Priced
	for i := range rows {
		w := &rows[i]
		if len(w.prices) == 0 {
			continue
		}
		p := Priced{Names: []string{string(w.part) + "." + w.name}, Prices: slices.Clone(w.prices), Only: w.only}
		if w.server != "" {
			p.Names = append(p.Names, string(Broker)+"."+w.server, string(Controller)+"."+w.server)
		}
		for j := range rows {
			if other := &rows[j]; other.part == w.part && other.java == w.name {
				p.Names = append(p.Names, string(w.part)+"."+other.name)
			}
		}
		all = append(all, p)
	}
	return all
}

// WordFor is the word that a client has for one of Java's values of a setting, which is named with its part as the
// client names it.
func WordFor(client model.Client, name, value string) string {
	part, key, _ := cutName(name)
	if w := rowsByName()[keyName{familyOf(client), part, key}]; w != nil && w.words[value] != "" {
		return w.words[value]
	}
	return value
}
