package invariants

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

type (
	property = explore.Property[model.State]
	witness  = explore.Witness[model.State]
)

// Guarantee is what a user can ask for.
type Guarantee struct {
	Name    string
	Claim   string // one sentence: when it holds
	Detail  string // what the words of the claim mean, where that needs saying
	Source  string // where the claim comes from
	Witness string // what must be reachable for the claim to mean anything
	// Sees is the part of the system that the guarantee is about.
	Sees model.Parts

	properties func(m *model.Model, c model.Counted) []property
	witnesses  func(m *model.Model, c model.Counted) []witness
	// owed is what the log owes the guarantee when a consumer is left out; nil where the space cannot be split.
	owed func(m *model.Model, c model.Counted) []property
}

// All lists the guarantees in the order in which documentation and results show them.
func All() []Guarantee { return append([]Guarantee(nil), guarantees...) }

// Lookup finds a guarantee by name. The error suggests the nearest name.
func Lookup(name string) (Guarantee, error) {
	for _, g := range guarantees {
		if g.Name == name {
			return g, nil
		}
	}
	names := make([]string, len(guarantees))
	for i, g := range guarantees {
		names[i] = g.Name
	}
	return Guarantee{}, fmt.Errorf("unknown guarantee %q; known are %s", name, strings.Join(names, ", "))
}

// Check is a guarantee made ready for one configuration.
type Check struct {
	Guarantee  Guarantee
	Model      *model.Model
	Properties []explore.Property[model.State]
	Witnesses  []explore.Witness[model.State]
	// CountsSteps keeps searches from taking shortcuts, whose steps are not counted.
	CountsSteps bool
	counted     model.Counted
	together    *Together // nil: alone
	hurries     bool      // the log is searched with shortcuts first
}

// With has the check searched together with others.
func (k *Check) With(t *Together) *Check {
	k.together = t
	return k
}

// Spec is what explore.Check is asked.
func (k *Check) Spec(o explore.Options[model.State]) explore.Spec[model.State] {
	return explore.Spec[model.State]{Model: k.Model, Properties: k.Properties, Witnesses: k.Witnesses, Options: o}
}

// Prepare builds the model of a configuration with the parts that a guarantee can see, and the guarantee's properties
// of it. counted says which messages must not be lost, where the guarantee asks that.
func Prepare(name string, c model.Config, counted model.Counted) (*Check, error) {
	g, err := Lookup(name)
	if err != nil {
		return nil, err
	}
	if name == "no-acked-loss" {
		counted = model.CountAcked
	}
	c.Sees = g.Sees
	m, err := model.New(c)
	if err != nil {
		return nil, err
	}
	if m.OutputKafka() {
		return prepareOutput(g, m, counted), nil
	}
	return &Check{Guarantee: g, Model: m, Properties: g.properties(m, counted), Witnesses: g.witnesses(m, counted), counted: counted}, nil
}

// lostMeans says what it is to count and to be lost.
const lostMeans = "A message counts, by default, when it was accepted: its latest send has returned to the application " +
	"without an error and no failure of it is, or can still be, reported (counted: acked asks for a success that the " +
	"client reported, counted: attempted for any call of send). It is lost when it is unprocessed and no copy is left " +
	"from which it could be processed - in the producer, on the wire, in the log of any broker, running or not, or in " +
	"the consumer - or when nothing but a fault can happen any more and it is still unprocessed. A consumer that waits " +
	"for a person (auto.offset.reset=none) has lost nothing."

var guarantees = []Guarantee{
	{
		Name:       "at-most-once",
		Claim:      "no message is processed twice",
		Source:     "Kafka documentation, Message Delivery Semantics",
		Witness:    "a message is processed",
		Sees:       model.SeesConsumer,
		properties: notTwice, witnesses: someProcessed, owed: notDoubled,
	},
	{
		Name:       "at-least-once",
		Claim:      "no counted message is lost",
		Detail:     lostMeans,
		Source:     "Kafka documentation, Message Delivery Semantics",
		Witness:    "a message counts",
		Sees:       model.SeesConsumer,
		properties: notLost, witnesses: someCounted, owed: notLostInLog,
	},
	{
		Name:    "exactly-once",
		Claim:   "no counted message is lost and no message is processed twice",
		Source:  "Kafka documentation, Message Delivery Semantics; KIP-98",
		Witness: "a message counts, and one is processed",
		Sees:    model.SeesConsumer,
		properties: func(m *model.Model, c model.Counted) []property {
			return append(notLost(m, c), notTwice(m, c)...)
		},
		witnesses: func(m *model.Model, c model.Counted) []witness {
			return append(someCounted(m, c), someProcessed(m, c)...)
		},
		owed: func(m *model.Model, c model.Counted) []property {
			return append(notLostInLog(m, c), notDoubled(m, c)...)
		},
	},
	{
		Name:       "no-acked-loss",
		Claim:      "no message whose send was acknowledged is lost",
		Detail:     lostMeans,
		Source:     "Kafka documentation, producer configuration acks",
		Witness:    "a message is acknowledged",
		Sees:       model.SeesConsumer,
		properties: notLost, witnesses: someCounted, owed: notLostInLog,
	},
	{
		Name:       "no-duplicate-in-log",
		Claim:      "no message stands twice in what consumers can read",
		Source:     "KIP-98, idempotent producer guarantees",
		Witness:    "a record is readable",
		properties: notDoubled, witnesses: someReadable,
	},
	{
		Name:       "order",
		Claim:      "messages are processed for the first time in the order in which they were first sent",
		Source:     "Kafka documentation, producer configuration max.in.flight.requests.per.connection",
		Witness:    "two messages are processed",
		Sees:       model.SeesConsumer,
		properties: inOrder, witnesses: twoProcessed, owed: readableInOrder,
	},
	{
		Name:       "committed-stays",
		Claim:      "a record that a consumer could read is at its offset in every later leader's log",
		Source:     "Kafka documentation, Replication; StrongIsr of the public TLA+ specification",
		Witness:    "a record is readable",
		Sees:       model.SeesExposed,
		properties: stays, witnesses: someReadable,
	},
	{
		Name:       "log-agreement",
		Claim:      "any two in-sync replicas agree on the offsets below both their high watermarks",
		Source:     "KIP-101, KIP-279; Raft's log matching",
		Witness:    "two in-sync replicas have a high watermark above 0",
		properties: agree, witnesses: twoHighWatermarks,
	},
	{
		Name:       "availability",
		Claim:      "while anything but a fault can happen, every wanted message gets acknowledged and processed",
		Source:     "Kafka documentation, Availability and Durability Guarantees",
		Witness:    "a message is processed",
		Sees:       model.SeesConsumer,
		properties: available, witnesses: someProcessed, owed: availableInLog,
	},
	{
		Name:       "uninterrupted",
		Claim:      "no wanted message has to wait for a broker to restart or a partition to heal",
		Source:     "Kafka documentation, Availability and Durability Guarantees",
		Witness:    "a message is processed",
		Sees:       model.SeesConsumer,
		properties: notInterrupted, witnesses: someProcessed, owed: notInterruptedInLog,
	},
}
