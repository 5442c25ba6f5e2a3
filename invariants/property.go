package invariants

import (
	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// Trace is a run of the model.
type Trace = explore.Trace[model.State]

// Property is one thing that a guarantee needs, with everything that is said of a counterexample to it. Exactly one of
// Always, AtRest and Stuck is set.
type Property struct {
	// Name identifies the property in results; no two properties share one.
	Name string
	// Symptom is what can be seen of a violation from outside.
	Symptom Symptom
	// Always must hold in every state.
	Always func(k *Check, s *model.State) bool `registry:"optional"`
	// AtRest must hold in every state in which only faults are possible.
	AtRest func(k *Check, s *model.State) bool `registry:"optional"`
	// Stuck must hold in every state in which only faults and recoveries are possible.
	Stuck func(k *Check, s *model.State) bool `registry:"optional"`
	// Reason says in one sentence what a counterexample shows.
	Reason func(k *Check, t *Trace) string
	// Blamed says whether the property is broken for a message in the last state of a counterexample. Without it, those
	// messages are to blame for which the last step changed something.
	Blamed func(k *Check, s *model.State, msg int) bool `registry:"optional"`
	// DecidesOnLog says that a run of the log alone that violates the property also violates the guarantee, with a
	// consumer that has not polled yet.
	DecidesOnLog bool `registry:"optional"`
	// KeyedEffectKeeps says that nothing violates the property where effects are keyed by message: a second one changes
	// nothing.
	KeyedEffectKeeps bool `registry:"optional"`
}

// Symptom is what a person who sees the cluster and the application, but no states of the model, notices of a violation.
type Symptom string

// The symptoms.
const (
	Lost            Symptom = "lost"               // a message is not processed, whatever one waits for
	Twice           Symptom = "twice"              // a message is processed twice
	TwiceInLog      Symptom = "twice-in-log"       // a message is in the log twice
	Disorder        Symptom = "disorder"           // a message is processed after one that was sent later
	RecordGone      Symptom = "record-gone"        // a record that was readable is not in the leader's log
	LogsDiffer      Symptom = "logs-differ"        // two replicas hold different records at an offset
	NoProgress      Symptom = "no-progress"        // writes or reads have stopped
	OutputLost      Symptom = "output-lost"        // downstream never sees an output
	OutputTwice     Symptom = "output-twice"       // downstream sees an output twice
	OutputAborted   Symptom = "output-aborted"     // downstream sees an output of an aborted transaction
	OutputTorn      Symptom = "output-torn"        // downstream sees a part of a transaction
	OutputDisorder  Symptom = "output-disorder"    // downstream sees outputs in another order
	OutputNotInTime Symptom = "output-no-progress" // downstream sees no output until something is repaired
)

// Witness is a state that must be reachable for a guarantee to mean anything.
type Witness struct {
	// Name says what the state shows.
	Name func(k *Check) string
	// Reached says whether a state is one.
	Reached func(k *Check, s *model.State) bool
}

// bind makes a property one that the engine takes.
func (p *Property) bind(k *Check) explore.Property[model.State] {
	of := func(holds func(*Check, *model.State) bool) func(*model.State) bool {
		if holds == nil {
			return nil
		}
		return func(s *model.State) bool { return holds(k, s) }
	}
	return explore.Property[model.State]{Name: p.Name, Invariant: of(p.Always), Quiescent: of(p.AtRest), Stuck: of(p.Stuck)}
}

// bind makes a witness one that the engine takes.
func (w *Witness) bind(k *Check) explore.Witness[model.State] {
	return explore.Witness[model.State]{Name: w.Name(k), Reached: func(s *model.State) bool { return w.Reached(k, s) }}
}

// named gives a witness a fixed name.
func named(name string) func(*Check) string { return func(*Check) string { return name } }
