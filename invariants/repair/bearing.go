package repair

import (
	"context"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Bearing says which settings of a configuration that holds are load-bearing.
type Bearing struct {
	// Verdicts are those of the configuration as it is.
	Verdicts map[string]verdict.Verdict `json:"verdicts"`
	// Flips are the changes of a single setting that break a guarantee, in the order of the lattice.
	Flips []Flip `json:"load_bearing"`
	// Idle are the settings of the lattice that can have every other value without breaking anything.
	Idle     []string `json:"not_load_bearing"`
	Complete bool     `json:"complete"`
}

// Flip is a change of a single setting and what breaks by it.
type Flip struct {
	Key       string          `json:"key"`
	From      string          `json:"from"`
	To        string          `json:"to"`
	Source    string          `json:"source"`
	Guarantee string          `json:"guarantee"`
	Verdict   verdict.Verdict `json:"verdict"`
	verdict.Counterexample
}

// LoadBearing flips each setting of a configuration to each other value of the lattice, one at a time, and checks.
func LoadBearing(ctx context.Context, request kafkaconf.Request, o Options) (*Bearing, kafkaconf.Problems, error) {
	resolved, err := kafkaconf.Load(request)
	problems := kafkaconf.ProblemsOf(resolved, err)
	if resolved == nil {
		return nil, problems, nil
	}
	b := &Bearing{Verdicts: map[string]verdict.Verdict{}, Flips: []Flip{}, Idle: []string{}, Complete: true}
	for _, q := range verdict.Deciding(resolved) {
		r, err := verdict.Check(ctx, q, o.Options)
		if err != nil {
			return nil, problems, err
		}
		b.Verdicts[q.Guarantee] = r.Verdict
	}
	o.flips = true
	changes := candidates(request, resolved, o)
	idle := map[string]bool{}
	for i := range changes {
		broke, err := b.flip(ctx, request, &changes[i], o)
		if err != nil {
			return nil, problems, err
		}
		key := changes[i].Key
		if before, seen := idle[key]; !seen || before {
			idle[key] = !broke
		}
		if o.Report != nil {
			o.Report(Progress{Changes: 1, Done: i + 1, Sets: len(changes), Found: len(b.Flips)})
		}
	}
	for i := range changes {
		if key := changes[i].Key; idle[key] {
			b.Idle, idle[key] = append(b.Idle, key), false
		}
	}
	return b, problems, nil
}

// flip checks every guarantee that holds with one change made, and says whether one breaks.
func (b *Bearing) flip(ctx context.Context, request kafkaconf.Request, c *Change, o Options) (bool, error) {
	resolved, _ := kafkaconf.Load(with(request, []Change{*c}))
	if resolved == nil || len(resolved.Refused) > 0 {
		return false, nil // it cannot be set by itself
	}
	broke := false
	for _, q := range verdict.Deciding(resolved) {
		if b.Verdicts[q.Guarantee] != verdict.Holds {
			continue
		}
		r, err := verdict.Check(ctx, q, o.Options)
		if err != nil {
			return false, err
		}
		b.Complete = b.Complete && r.Verdict != verdict.Inconclusive
		if r.Verdict != verdict.Violated && r.Verdict != verdict.Vacuous {
			continue
		}
		broke = true
		b.Flips = append(b.Flips, Flip{c.Key, c.From, c.To, c.Source, q.Guarantee, r.Verdict,
			verdict.Counterexample{Faults: r.Faults, Reason: r.Reason, Steps: r.Steps, Fates: r.Fates}})
	}
	return broke, nil
}
