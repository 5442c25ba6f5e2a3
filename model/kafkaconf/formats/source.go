package formats

import "slices"

// Part is a part of a configuration: who reads the setting.
type Part string

// The parts, as a spec and --set name them.
const (
	Producer   Part = "producer"
	Topic      Part = "topic"
	Broker     Part = "broker"
	Controller Part = "controller"
	Consumer   Part = "consumer"
	Group      Part = "group"      // what kafka-configs --entity-type groups sets
	Downstream Part = "downstream" // the consumer of the output topic
	Features   Part = "features"   // feature levels of the cluster
	App        Part = "app"        // the application around the clients
	Model      Part = "model"      // switches of the model that Kafka does not have
	Scope      Part = "scope"      // the bounds of the exploration
)

// Rank orders the values that one key of one part has in several places, where Kafka or the framework documents which
// of them counts. Two different values of one rank are a conflict.
type Rank int8

// The ranks, the weakest first.
const (
	FrameworkDefault Rank = iota - 1 // what a framework sets unless it is told otherwise
	Written                          // what a file says
	Override                         // what overrides it: a connector its worker, dynamic configuration server.properties
	Narrow                           // what overrides that: a setting for one of several clients of a kind
	Enforced                         // what a framework sets whatever the files say
)

// Value is one setting as somebody wrote it.
type Value struct {
	Part    Part
	Key     string
	Text    string   // the value, not yet checked against the key's type
	KeyAt   Position // where the key stands
	ValueAt Position // where the value stands
	Flag    bool     // from --set, which does not make its part given
	Rank    Rank
	// From says whose value it is where nobody wrote it: "default of Kafka Connect".
	From string
	// Preset says that it is From a framework's way to use its clients.
	Preset bool

	ofSpring bool // made of a Spring configuration, which is read again together with its other files
}

// appOf says about which part a setting of the application is.
var appOf = map[string]Part{
	"producer-client": Producer, "send": Producer, "on-send-error": Producer, "on-restart": Producer, "output": Producer,
	"transactional-id": Producer,
	"consumer-client":  Consumer, "commit": Consumer, "group": Consumer, "group-metadata": Consumer,
	"share": Consumer, "share-on-exception": Consumer,
	"process": Consumer, "attempts": Consumer, "on-exception": Consumer, "commit-offset": Consumer, "commit-position": Consumer,
	"on-commit-failure": Consumer, "on-revoke": Consumer, "effect": Consumer,
	"on-abort": Producer, "on-restart-transaction": Producer,
}

// About is the part that the value is about: of a setting of the application, the part that it says how to use.
func (v Value) About() Part {
	if v.Part == App {
		return appOf[v.Key]
	}
	return v.Part
}

// Preset is a framework that a file is for. What it makes of its clients is in the table of package kafkaconf.
type Preset struct {
	Framework string   // as app.framework names it
	At        Position // where the file shows it
	Modes     []Mode
}

// Mode is a way in which a file tells a framework to work: "ack-mode=record".
type Mode struct {
	Name string
	At   Position
}

// Source is what one file says, whatever its format: the parts that it gives and the values in the order of the file.
type Source struct {
	File   string
	Format string // what the file was taken for, in a few words: "Strimzi resources"
	// Flat says that the values are those of one client or server, and that their keys must tell of which: their parts
	// are empty.
	Flat   bool
	Given  []Part // parts that the file gives, also the empty ones
	Values []Value
	// Kafka is the version of the brokers that the file states; "" where it states none.
	Kafka   string
	KafkaAt Position
	// Brokers is how many brokers the file lists; 0 where it lists none.
	Brokers   int
	BrokersAt Position
	// ClusterNames are names of the cluster that the file is about: of a resource, of the services that run brokers.
	ClusterNames []string
	// Librdkafka says that settings which Java's client and librdkafka both have are librdkafka's here.
	Librdkafka bool
	// Presets are the frameworks whose ways the file's clients have.
	Presets []Preset
	// Framework is what the code is written with that the file is for, as app.framework names it; "" where the file
	// shows none.
	Framework string
	// Topics are the topics that the file describes, with Options.AllTopics; Kafka's own are left out.
	Topics []TopicSettings
	// Unused are parts of Connect workers that the file's connector does not use.
	Unused []Part
	// Notes are sentences for the result: what was left out, and what was taken for granted.
	Notes []string

	spring      *springSettings // the Spring configuration that the file holds
	springGiven []Part          // the parts that it gives
	otherNotes  []string        // the notes that are not about it
	// springProblems are what is wrong with it, which counts only once it is read together with its other files.
	springProblems Problems
}

// TopicSettings is one of the topics that a file describes.
type TopicSettings struct {
	Name   string
	At     Position
	Values []Value
	// Same is the same for topics that do not differ in what has a bearing on delivery.
	Same string
}

// Give notes that the source gives a part.
func (s *Source) Give(p Part) {
	if !slices.Contains(s.Given, p) {
		s.Given = append(s.Given, p)
	}
}

// Without is the source without what it says of a part and of how the application uses it.
func (s Source) Without(part Part) Source {
	s.Given = slices.DeleteFunc(slices.Clone(s.Given), func(p Part) bool { return p == part })
	s.Values = slices.DeleteFunc(slices.Clone(s.Values), func(v Value) bool { return v.About() == part })
	return s
}
