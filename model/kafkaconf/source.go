package kafkaconf

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
	Downstream Part = "downstream" // the consumer of the output topic
	Features   Part = "features"   // feature levels of the cluster
	App        Part = "app"        // the application around the clients
	Model      Part = "model"      // switches of the model that Kafka does not have
	Scope      Part = "scope"      // the bounds of the exploration
)

// Parts lists all parts in the order in which they are shown.
var Parts = []Part{Producer, Topic, Broker, Controller, Consumer, Downstream, Features, App, Model, Scope}

// FileParts lists the parts that have configuration files of their own in Kafka.
var FileParts = []Part{Producer, Topic, Broker, Controller, Consumer}

// ParsePart finds a part by its name.
func ParsePart(name string) (Part, bool) {
	p := Part(name)
	return p, slices.Contains(Parts, p)
}

// Value is one setting as somebody wrote it.
type Value struct {
	Part    Part
	Key     string
	Text    string   // the value, not yet checked against the key's type
	KeyAt   Position // where the key stands
	ValueAt Position // where the value stands
	Flag    bool     // from --set, which does not make its part given
}

// Source is what one file says, whatever its format: the parts that it gives and the values in the order of the file.
// A reader of a further format (topic descriptions, Strimzi, Spring, environment variables, ...) produces one of these.
type Source struct {
	File   string
	Format string // the name of the reader
	Given  []Part // parts that the file gives, also the empty ones
	Values []Value
}

// give notes that the source gives a part.
func (s *Source) give(p Part) {
	if !slices.Contains(s.Given, p) {
		s.Given = append(s.Given, p)
	}
}

// A Reader reads one file format.
type Reader interface {
	// Format is the name of the format, such as "properties".
	Format() string
	// Claims says, by the content, whether the data is of this format. The file name is a hint for empty files only.
	Claims(file string, data []byte) bool
	// Read gives what the file says. The part is the one that the user named, or "" when the content must tell.
	Read(file string, part Part, data []byte) (Source, Problems)
}
