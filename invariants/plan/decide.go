package plan

import (
	"context"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// Decided is what Decide found out.
type Decided struct {
	Stopped explore.StopReason
	Stats   explore.Stats
	// Faults are those of a violation with as few faults as any has; nil where there is none.
	Faults []int
	// Unreached says that a witness of the guarantee is reached in no run.
	Unreached bool
}

// Logs remembers what was found out about the log, for checks of the same guarantee whose configurations differ in what
// only a consumer reads. It is used by one goroutine, and with options that differ in budget and bounds only.
type Logs struct {
	known map[logQuestion]*Result
}

// logQuestion is what two checks must share to have the same log.
type logQuestion struct {
	config    model.Config
	guarantee string
	counted   model.Counted
	most      int
}

func logQuestionOf(k *Check, o options) logQuestion {
	return logQuestion{k.Model.Config().OfLog(), k.Guarantee.Name, k.Counted, o.MaxFaults}
}

// keep remembers what was found out about a log.
func (p *Logs) keep(q logQuestion, r *Result) {
	if p == nil {
		return
	}
	if p.known == nil {
		p.known = map[logQuestion]*Result{}
	}
	p.known[q] = r
}

// Decide says whether the guarantee of a check holds, and with how few faults it is violated, without any steps. It is
// [Search] for those who ask about many configurations that differ little: it takes shortcuts (see [model.Shortcuts]), under
// which the same sets of faults violate a guarantee, and asks about a log once.
func (p *Logs) Decide(ctx context.Context, k *Check, o explore.Options[model.State]) (Decided, error) {
	o.Lattice.NoTrace = !unbounded(o.Budget) // whose cycles are traces
	d := decider{parts: p, check: k, shortcuts: (&searcher{check: k}).shortcuts()}
	if k.Model.OutputKafka() || k.Guarantee.OnLog() || unbounded(o.Budget) || k.Model.Config().App.Share != model.ShareNone {
		d.shortcuts = 0
	}
	r, err := d.decide(ctx, o)
	if err != nil {
		return Decided{}, err
	}
	out := Decided{Stopped: r.Stopped, Stats: d.stats}
	if r.Violation != nil {
		out.Faults = r.Violation.Faults
		return out, nil
	}
	if r.Stopped == explore.Exhausted {
		out.Unreached, err = d.unreached(ctx, r, o)
		out.Stats = d.stats
	}
	return out, err
}

// decider decides one check.
type decider struct {
	parts     *Logs
	check     *Check
	shortcuts model.Shortcuts
	stats     explore.Stats
}

func (d *decider) decide(ctx context.Context, o options) (*Result, error) {
	k := d.check
	if d.shortcuts == 0 {
		r, _, err := Search(ctx, k, Options{Options: o})
		return d.count(r, err)
	}
	if !splits(k, o) {
		return d.product(ctx, o)
	}
	consumer := o
	consumer.Budget = consumerBudget(o.Budget)
	first, err := d.count(run(ctx, k, consumer))
	if err != nil || first.Stopped != explore.Exhausted && first.Violation == nil {
		return first, err
	}
	if v := first.Violation; v != nil { // of fewer faults only one in which the log has a part
		if total(v.Faults) == 0 {
			return first, nil
		}
		o.MaxFaults = total(v.Faults)
		if o.MaxFaults == 1 {
			return first, nil // and no run without a fault breaks it: those are among the consumer's
		}
		return d.product(ctx, o)
	}
	if k.ImmuneToLog() {
		return first, nil
	}
	log, err := d.log(ctx, o)
	switch {
	case err != nil:
		return nil, err
	case log.Stopped == explore.Exhausted:
		return first, nil // whose witnesses count
	case log.Violation != nil && !log.deciding:
		return d.product(ctx, o)
	}
	return log.Result, nil
}

// logResult is what was found of a log.
type logResult struct {
	*Result
	deciding bool // a violation is one of the guarantee
}

// log explores what the log owes the guarantee, or remembers it.
func (d *decider) log(ctx context.Context, o options) (logResult, error) {
	k := d.check
	quick, err := quickLog(k, d.shortcuts)
	if err != nil {
		return logResult{}, err
	}
	q := logQuestionOf(k, o)
	r := d.parts.known[q]
	if r == nil {
		if r, err = d.count(run(ctx, quick, o)); err != nil {
			return logResult{}, err
		}
		if r.Violation != nil || r.Stopped == explore.Exhausted {
			d.parts.keep(q, r)
		}
	}
	return logResult{r, r.Violation != nil && quick.DecidesOnLog(r.Violation.Property)}, nil
}

// product explores the whole, with shortcuts.
func (d *decider) product(ctx context.Context, o options) (*Result, error) {
	c := d.check.Model.Config()
	c.Shortcuts = d.shortcuts
	m, err := model.New(c)
	if err != nil {
		return nil, err
	}
	return d.count(run(ctx, d.check.On(m), o))
}

// unreached says that a witness is reached in no run. A run with shortcuts is one of the runs without, so that what it
// reaches counts. Most witnesses need no fault: runs without one are looked at before all others.
func (d *decider) unreached(ctx context.Context, r *Result, o options) (bool, error) {
	missing := func(r *Result) bool { return slices.Contains(r.Witnesses, false) }
	if !missing(r) || d.shortcuts == 0 {
		return missing(r), nil
	}
	none := d.check.Model.Config()
	none.Faults = model.Budget{}
	k, err := invariants.Prepare(d.check.Guarantee.Name, none, d.check.Counted)
	if err != nil {
		return false, err
	}
	calm := o
	calm.Budget, calm.MaxFaults = make([]int, len(o.Budget)), 0
	if r, err = d.count(run(ctx, k, calm)); err != nil || !missing(r) {
		return false, err
	}
	r, _, err = Search(ctx, d.check, Options{Options: o})
	if r, err = d.count(r, err); err != nil {
		return false, err
	}
	return missing(r), nil
}

// count adds a search to the counters.
func (d *decider) count(r *Result, err error) (*Result, error) {
	if err == nil {
		addStats(&d.stats, r.Stats)
	}
	return r, err
}
