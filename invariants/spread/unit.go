package spread

import (
	"context"
	"errors"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// Unit is an independent piece of work: a question to check or, with a bound, one part of the search for what breaks a
// guarantee.
type Unit struct {
	Question verdict.Question  `json:"question"`
	Bound    *resilience.Bound `json:"bound,omitempty"`
	// Part is which part of the lattice of fault sets is searched, from 0 to what [resilience.Bound.Parts] says.
	Part int `json:"part,omitempty"`
}

// Answer is what a unit found out: one of the two.
type Answer struct {
	Check     *Check               `json:"check,omitempty"`
	FaultSets *resilience.Findings `json:"fault_sets,omitempty"`
}

// Check is the answer to a question, as far as a table shows it.
type Check struct {
	Verdict  verdict.Verdict `json:"verdict"`
	Reason   string          `json:"reason"`
	Faults   map[string]int  `json:"faults"`
	Steps    []verdict.Step  `json:"steps"`
	Fates    []string        `json:"fates,omitempty"`
	Distinct uint64          `json:"distinct"`
	Seconds  float64         `json:"seconds"`
}

// Answer does the work of the unit. A search that is cut short gives a partial answer and no error.
func (u *Unit) Answer(ctx context.Context, o verdict.Options) (Answer, error) {
	if u.Bound != nil {
		found, err := resilience.FindPart(ctx, u.Question, *u.Bound, u.Part, o)
		if err != nil {
			return Answer{}, err
		}
		return Answer{FaultSets: &found}, nil
	}
	r, err := verdict.Check(ctx, u.Question, o)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Check: &Check{r.Verdict, r.Reason, r.Faults, r.Steps, r.Fates, r.Stats.Distinct, r.Stats.Seconds}}, nil
}

// fits says whether an answer is one to the unit.
func (u *Unit) fits(a *Answer) error {
	if (u.Bound != nil) != (a.FaultSets != nil) || (u.Bound == nil) != (a.Check != nil) {
		return errors.New("has another kind of answer than the line asks for")
	}
	return nil
}

// size estimates how many states the unit explores, relative to others: more faults and more messages of more replicas
// make more interleavings. It decides the order of the lines and nothing else.
func (u *Unit) size() int {
	c := &u.Question.Config
	bound := resilience.Bound{UpTo: c.MostFaults(), Kinds: &c.Faults}
	if u.Bound != nil {
		bound = u.Bound.Part(u.Part)
	}
	if len(u.Question.Refused) > 0 {
		return 0
	}
	messages := min(max(c.Scope.Messages, 0), model.MaxMessages)
	n := bound.Sets() * c.Topic.Replicas << (2 * messages) // four times as many with each message
	if c.Prod.Acks == model.AcksAll {                      // the guarantee is more likely to hold, and then all is explored
		n *= 2
	}
	return n
}

// sameBut is an answer without what differs from run to run: times and memory.
func (a Answer) sameBut() Answer {
	if a.Check != nil {
		c := *a.Check
		c.Seconds = 0
		a.Check = &c
	}
	if a.FaultSets != nil {
		f := *a.FaultSets
		f.Stats.Seconds, f.Stats.Bytes, f.Stats.Workers = 0, 0, 0
		a.FaultSets = &f
	}
	return a
}

// memoryOf is the memory that a search may take: what was asked for, or what this machine has.
func memoryOf(memory int64) int64 {
	if memory == 0 {
		return explore.DefaultMemory()
	}
	return memory
}
