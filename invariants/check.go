package invariants

import (
	"slices"
	"sync/atomic"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/describe"
)

// Check is a guarantee, or what a part of the system owes it, made ready for one model.
type Check struct {
	Guarantee Guarantee
	Model     *model.Model
	// Counted says which messages count, where the guarantee asks that.
	Counted    model.Counted
	Properties []explore.Property[model.State]
	Witnesses  []explore.Witness[model.State]

	registered []*Property // what Properties are made of
	hit        *limits     // shared by all parts of a check
}

// limits are the limits of the model that searches have met.
type limits [model.NumLimits]atomic.Bool

// Bound says that a limit of the model was hit in a state, and notes which.
func (k *Check) Bound(s *model.State) bool {
	hit := k.Model.BoundHit(s)
	if hit && k.hit != nil {
		k.hit[k.Model.LimitHit(s)].Store(true)
	}
	return hit
}

// LimitsHit lists the limits of the model that searches of the check, or of parts of it, have met.
func (k *Check) LimitsHit() []model.Limit {
	var list []model.Limit
	for l := 0; k.hit != nil && l < len(k.hit); l++ {
		if k.hit[l].Load() {
			list = append(list, model.Limit(l))
		}
	}
	return list
}

// SaveLimits is what [Check.LimitsHit] knows, to be given to RestoreLimits by a search that goes on where another has stopped.
func (k *Check) SaveLimits() []byte {
	saved := make([]byte, model.NumLimits)
	for _, l := range k.LimitsHit() {
		saved[l] = 1
	}
	return saved
}

// RestoreLimits adds what SaveLimits has saved.
func (k *Check) RestoreLimits(saved []byte) {
	for l, hit := range saved {
		if k.hit != nil && l < len(k.hit) && hit != 0 {
			k.hit[l].Store(true)
		}
	}
}

// Prepare builds the model of a configuration with the parts that a guarantee can see, and the guarantee's properties
// of it. counted says which messages must not be lost, where the guarantee asks that. The error names an unknown
// guarantee, or a limit of the model.
func Prepare(name string, c model.Config, counted model.Counted) (*Check, error) {
	g, err := Lookup(name)
	if err != nil {
		return nil, err
	}
	c.Sees = g.Sees
	if c.App.Effect == model.EffectOncePerRecord && g.asksOfRepeats() {
		c.Sees |= model.SeesRepeats
	}
	m, err := model.New(c)
	if err != nil {
		return nil, err
	}
	return (&Check{Guarantee: g, Counted: g.counted(counted), hit: new(limits)}).On(m), nil
}

// Spec is what explore.Check is asked.
func (k *Check) Spec(o explore.Options[model.State]) explore.Spec[model.State] {
	return explore.Spec[model.State]{Model: k.Model, Properties: k.Properties, Witnesses: k.Witnesses, Options: o}
}

// On is the guarantee's check of another model.
func (k *Check) On(m *model.Model) *Check {
	f := k.Guarantee.form(m)
	on := k.with(m, f.Properties)
	for _, w := range f.Witnesses {
		on.Witnesses = append(on.Witnesses, w.bind(on))
	}
	return on
}

// OfLog is the check of what the log owes the guarantee, in a model without a consumer: [Guarantee.OwedByLog], and that
// what was readable stays.
func (k *Check) OfLog(m *model.Model) *Check {
	return k.with(m, append(slices.Clip(k.Guarantee.OwedByLog), committedStays))
}

// OfReplicas is the check of what the replicas of an output partition owe to those who write it and read it.
func (k *Check) OfReplicas(m *model.Model) *Check {
	of := *k
	of.Counted = model.CountAcked
	return of.with(m, owedByReplicas)
}

// with is a check of some properties of a model.
func (k *Check) with(m *model.Model, list []*Property) *Check {
	on := &Check{Guarantee: k.Guarantee, Model: m, Counted: k.Counted, registered: list, hit: k.hit}
	for _, p := range list {
		on.Properties = append(on.Properties, p.bind(on))
	}
	return on
}

// DecidesOnLog says that a violation of a property in the log alone is one of the guarantee.
func (k *Check) DecidesOnLog(property string) bool {
	p := k.property(property)
	return p != nil && p.DecidesOnLog
}

// ImmuneToLog says that nothing that happens to the log can violate the guarantee.
func (k *Check) ImmuneToLog() bool {
	return k.Model.Config().App.Effect == model.EffectIdempotent &&
		!slices.ContainsFunc(k.registered, func(p *Property) bool { return !p.KeyedEffectKeeps })
}

// AsksWhenStuck says that the guarantee is about states in which only faults and recoveries are possible.
func (k *Check) AsksWhenStuck() bool {
	stuck := func(p *Property) bool { return p.Stuck != nil }
	return slices.ContainsFunc(k.Guarantee.form(k.Model).Properties, stuck) || slices.ContainsFunc(k.Guarantee.OwedByLog, stuck)
}

// Broken says that a state violates a property that must hold in every state.
func (k *Check) Broken(s *model.State) bool {
	return slices.ContainsFunc(k.Properties, func(p explore.Property[model.State]) bool {
		return p.Invariant != nil && !p.Invariant(s)
	})
}

// BrokenAtEnd says that a state violates a property about where runs end, if they end in it.
func (k *Check) BrokenAtEnd(s *model.State) bool {
	table := k.Model.Transitions()
	recovers := false
	for _, n := range explore.Successors[model.State](k.Model, s) {
		switch table[n.ID].Class {
		case explore.Step:
			return false
		case explore.Recovery:
			recovers = true
		}
	}
	return slices.ContainsFunc(k.Properties, func(p explore.Property[model.State]) bool {
		return p.Stuck != nil && !p.Stuck(s) || !recovers && p.Quiescent != nil && !p.Quiescent(s)
	})
}

// Reason says in one sentence, in Kafka's words, what a counterexample to a property shows.
func (k *Check) Reason(property string, t Trace) string {
	if p := k.property(property); p != nil {
		return p.Reason(k, &t)
	}
	return property
}

// Blamed lists the messages for which a counterexample to a property breaks the guarantee: those that a report marks.
func (k *Check) Blamed(property string, t Trace) []int {
	p := k.property(property)
	if p == nil || p.Blamed == nil {
		return k.moved(&t)
	}
	s := t.Last()
	return k.those(func(msg int) bool { return p.Blamed(k, &s, msg) })
}

// property finds a property of the check by name.
func (k *Check) property(name string) *Property {
	for _, p := range k.registered {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// moved lists the messages for which the last step changed something, or all of them: properties about order, logs and
// transactions are broken by the step that shows it.
func (k *Check) moved(t *Trace) []int {
	all := k.those(func(int) bool { return true })
	if len(t.Steps) == 0 {
		return all
	}
	pre, post := lastStep(t)
	before, after := k.Model.View(pre), k.Model.View(post)
	changed := k.those(func(msg int) bool {
		return !slices.Equal(describe.Row(before, msg), describe.Row(after, msg))
	})
	if len(changed) > 0 {
		return changed
	}
	return all
}

// lastStep is the states before and after the last step of a run.
func lastStep(t *Trace) (pre, post *model.State) {
	last := t.Last()
	if n := len(t.Steps); n > 1 {
		return &t.Steps[n-2].State, &last
	}
	return &t.Initial, &last
}
