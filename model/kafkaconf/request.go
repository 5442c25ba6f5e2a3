package kafkaconf

import (
	"context"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
	"github.com/kcheck/kcheck/model/kafkaconf/input"
)

// Request is a question as the command line asks it. The zero value of a field means that the flag was not used. Packed
// ([Request.Pack]), it can be written as JSON and read again.
type Request struct {
	// Files are the positional arguments that make up one question: a spec, or configuration files.
	Files []string `json:"files,omitempty"`
	// PartFiles are --producer, --topic, --broker, --controller and --consumer.
	PartFiles map[Part]string `json:"partFiles,omitempty"`
	// Sources are what was read elsewhere than from files, such as from a live cluster.
	Sources []Source `json:"-"`
	// SourceFlags are the words of the command line that gave Sources.
	SourceFlags []string `json:"sourceFlags,omitempty"`
	// TopicName is --topic-name: the topic to read where a file describes several.
	TopicName string `json:"topicName,omitempty"`
	// AllTopics leaves out the topics that files describe, and has them listed in Source.Topics; one of them may then be
	// among Sources.
	AllTopics bool `json:"-"`
	// Service, Cluster and Profile are --service, --cluster and --profile: which service of a compose file (or container,
	// connector, binding), which cluster and which of Spring's profiles is read where a file has several.
	Service string `json:"service,omitempty"`
	Cluster string `json:"cluster,omitempty"`
	Profile string `json:"profile,omitempty"`
	// Set holds the --set flags in order, each "part.key=value".
	Set []string `json:"set,omitempty"`
	// Kafka is --kafka, Counted --counted, Faults --faults ("a=1,b=2", "none" or "standard"), Messages --messages.
	Kafka    string `json:"kafka,omitempty"`
	Counted  string `json:"counted,omitempty"`
	Faults   string `json:"faults,omitempty"`
	Messages string `json:"messages,omitempty"`
	// Guarantees is --guarantee, repeatable.
	Guarantees []string `json:"guarantees,omitempty"`
	// AllowFiles is --allow-files: a folder that a spec may name files of, beside its own.
	AllowFiles string `json:"allowFiles,omitempty"`
	// Packed is what was read of the files before, in place of reading them; see [Request.Pack].
	Packed *Packed `json:"packed,omitempty"`
	// ReadFile reads a file; [input.Configuration] when nil. Specs that are built into the program bring their own.
	ReadFile func(name string) ([]byte, error) `json:"-"`
}

// Read reads a file as the request does.
func (r Request) Read(name string) ([]byte, error) {
	if r.ReadFile != nil {
		return r.ReadFile(name)
	}
	return input.Configuration(context.Background(), name)
}

// changesQuestion says whether a flag asks something else than the spec does, so that its expect is not looked at. Files
// beside a spec are part of its question.
func (r Request) changesQuestion() bool {
	return len(r.Set) > 0 || len(r.Guarantees) > 0 || r.Kafka != "" || r.Counted != "" || r.Faults != "" || r.Messages != ""
}

// Resolved is a question with every setting resolved: what package model explores, and where each value came from.
type Resolved struct {
	File  string // the spec, or the first configuration file; "" when there is none
	Spec  bool   // whether File is a spec
	About string
	// Config is complete, behaviours, scope and fault budget included. Of a refused configuration it is a best effort.
	Config     model.Config
	Guarantees []string
	// Informational are those of Guarantees that nobody asked for and that are told for information.
	Informational []string
	Counted       model.Counted
	// Expect maps each guarantee to holds, violated, vacuous or refused; nil when nothing is expected or when a flag
	// changes the question.
	Expect map[string]string
	// Read says what each configuration file was taken for.
	Read []FileRead
	// Effective lists, in a fixed order, every setting that the model reads and every setting that was given.
	Effective []EffectiveSetting
	// Notes are sentences for the verdict: what Kafka changes silently and what a setting does not do.
	Notes []string
	// Problems are the warnings and the refusals, in the order of the files. None of them is a failure.
	Problems Problems
	// Refused are the reasons why Kafka or a client would not start; the verdict of every guarantee is then "refused".
	Refused Problems
	// RefusedOf are the guarantees that Kafka has nothing for under this configuration, with the reason.
	RefusedOf map[string]Problem
}

// FileRead says what a configuration file was taken for and which parts it gives.
type FileRead struct {
	File   string
	Format string
	Parts  []Part
}

// PartNames lists the parts, "producer, consumer".
func (f FileRead) PartNames() string {
	words := make([]string, len(f.Parts))
	for i, p := range f.Parts {
		words[i] = string(p)
	}
	return strings.Join(words, ", ")
}

// Editable says whether the file is a list of key=value lines by Kafka's own names, to which a line can be added.
func (f FileRead) Editable() bool {
	return f.Format == formats.Properties || f.Format == librdkafkaSettings
}

// Assumed is the source of a value that nobody gave and that is no default of Kafka's.
const Assumed = "assumed"

// EffectiveSetting is the value that a setting has in the end.
type EffectiveSetting struct {
	Part   Part
	Key    string
	Value  string
	Source string // "file:line:col", "command line", "default of 4.1", "assumed"
	// At is the place in a file behind Source; its Line is 0 where there is none.
	At    Position
	Given bool // written by the user, in a file or on the command line
	Read  bool // read by the model: it can change a verdict
	// Preset says that Source is a framework, whose way is taken because nobody says otherwise.
	Preset bool
	Why    string // set when Kafka changed the value by itself: the rule
}

// Name is the key with its part, "producer.acks".
func (e EffectiveSetting) Name() string { return string(e.Part) + "." + e.Key }
