package invariants

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// Guarantee is what a user can ask for, with everything that is said and done about it.
type Guarantee struct {
	Name    string
	Claim   string // one sentence: when it holds
	Detail  string `registry:"optional"` // what the words of the claim mean, where that needs saying
	Source  string // where the claim comes from
	Witness string // what must be reachable for the claim to mean anything
	// Counts says which messages the guarantee is about.
	Counts Counting
	// Sees is the part of the system, besides producer and brokers, that the guarantee is about.
	Sees model.Parts `registry:"optional"`

	// Sink is the guarantee for an application whose effect is outside Kafka (app.output: none).
	Sink Form
	// Output is the guarantee for an application that writes to Kafka (app.output: kafka).
	Output Form
	// OwedByLog is what the log alone must satisfy, under producer and brokers without a consumer, so that only the
	// consumer is left to be checked. Empty: the guarantee is not checked in two parts.
	OwedByLog []*Property `registry:"optional"`
	// OutputSplits says that with app.output: kafka the replicas of the output partition can be checked apart from the
	// process and the coordinator.
	OutputSplits bool `registry:"optional"`
}

// Form is a guarantee in one of the two kinds of application.
type Form struct {
	Properties []*Property
	Witnesses  []*Witness
}

// Counting says which messages a guarantee is about.
type Counting uint8

// What a guarantee counts.
const (
	CountsAll   Counting = iota + 1 // every message
	CountsAsked                     // those that the question says (counted: accepted, acked or attempted)
	CountsAcked                     // those whose send was acknowledged
)

// All lists the guarantees in the order in which documentation and results show them.
func All() []Guarantee {
	all := make([]Guarantee, len(guarantees))
	for i, g := range guarantees {
		all[i] = *g
	}
	return all
}

// Names lists the names of the guarantees in the order of [All].
func Names() []string {
	names := make([]string, len(guarantees))
	for i, g := range guarantees {
		names[i] = g.Name
	}
	return names
}

// Lookup finds a guarantee by name. The error lists the known names.
func Lookup(name string) (Guarantee, error) {
	for _, g := range guarantees {
		if g.Name == name {
			return *g, nil
		}
	}
	return Guarantee{}, fmt.Errorf("unknown guarantee %q; known are %s", name, strings.Join(Names(), ", "))
}

// SymptomOf is what can be seen from outside of a violation of a property; empty for an unknown name.
func SymptomOf(property string) Symptom {
	for _, p := range properties() {
		if p.Name == property {
			return p.Symptom
		}
	}
	return ""
}

// Symptoms lists what can be seen of violations, each once.
func Symptoms() []Symptom {
	var all []Symptom
	for _, p := range properties() {
		if !slices.Contains(all, p.Symptom) {
			all = append(all, p.Symptom)
		}
	}
	return all
}

// OnLog says whether the guarantee is about the log alone.
func (g *Guarantee) OnLog() bool { return g.Sees&model.SeesConsumer == 0 }

// asksOfRepeats says that the guarantee is about messages that are processed twice.
func (g *Guarantee) asksOfRepeats() bool {
	return slices.ContainsFunc(g.Sink.Properties, func(p *Property) bool { return p.KeyedEffectKeeps })
}

// Counted names the messages that must not be lost, for a report; empty where the guarantee does not ask, or all count.
func (g *Guarantee) Counted(asked model.Counted, outputKafka bool) string {
	switch {
	case outputKafka: // the messages are the records of the input topic, and all of them count
		return ""
	case g.Counts == CountsAcked:
		return model.CountAcked.String()
	case g.Counts == CountsAsked:
		return asked.String()
	}
	return ""
}

// counted is what counts when a question asks the guarantee.
func (g *Guarantee) counted(asked model.Counted) model.Counted {
	if g.Counts == CountsAcked {
		return model.CountAcked
	}
	return asked
}

// form is the guarantee for the application of a model.
func (g *Guarantee) form(m *model.Model) *Form {
	if m.OutputKafka() {
		return &g.Output
	}
	return &g.Sink
}

// properties lists every property of every guarantee once.
func properties() []*Property {
	var list []*Property
	seen := map[*Property]bool{}
	for _, g := range guarantees {
		for _, part := range [][]*Property{g.Sink.Properties, g.Output.Properties, g.OwedByLog, owedByReplicas} {
			for _, p := range part {
				if !seen[p] {
					seen[p] = true
					list = append(list, p)
				}
			}
		}
	}
	return list
}
