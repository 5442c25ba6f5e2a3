package kafkaconf

import (
	"slices"

	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// What a file says is the business of package formats; these are its types under the names by which a question has them.
type (
	// Part is a part of a configuration: who reads the setting.
	Part = formats.Part
	// Value is one setting as somebody wrote it.
	Value = formats.Value
	// Source is what one file says, whatever its format.
	Source = formats.Source
	// Position is a place in a file.
	Position = formats.Position
	// Severity is how bad a problem is.
	Severity = formats.Severity
	// Problem is one thing that is wrong with the input.
	Problem = formats.Problem
	// Problems is everything that is wrong with the input.
	Problems = formats.Problems
)

// The parts, the severities and the place of what a flag said, as package formats has them.
const (
	Producer   = formats.Producer
	Topic      = formats.Topic
	Broker     = formats.Broker
	Controller = formats.Controller
	Consumer   = formats.Consumer
	Group      = formats.Group
	Downstream = formats.Downstream
	Features   = formats.Features
	App        = formats.App
	Model      = formats.Model
	Scope      = formats.Scope

	Warning = formats.Warning
	Refusal = formats.Refusal
	Failure = formats.Failure

	CommandLine = formats.CommandLine
)

// Parts lists all parts in the order in which they are shown.
var Parts = []Part{Producer, Topic, Broker, Controller, Consumer, Group, Downstream, Features, App, Model, Scope}

// FileParts lists the parts that have configuration files of their own in Kafka.
var FileParts = []Part{Producer, Topic, Broker, Controller, Consumer}

// ParsePart finds a part by its name.
func ParsePart(name string) (Part, bool) {
	p := Part(name)
	return p, slices.Contains(Parts, p)
}
