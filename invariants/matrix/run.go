package matrix

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// Progress says how far a run is.
type Progress struct {
	Done, Checks int
	Elapsed      time.Duration
}

// Left estimates the time that is left, from the time that the checks took so far; 0 when nothing is known.
func (p Progress) Left() time.Duration {
	if p.Done == 0 {
		return 0
	}
	return p.Elapsed / time.Duration(p.Done) * time.Duration(p.Checks-p.Done)
}

// Run explores the checks and fills in the verdicts. Checks are small, so each has one core and several run at once.
// When ctx ends, what was not explored stays inconclusive. progress, if set, is called now and then, one call at a time.
func (m *Matrix) Run(ctx context.Context, o verdict.Options, progress func(Progress)) error {
	workers := o.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	run := Pool{Ctx: ctx, Options: o, Workers: min(workers, max(len(m.Checks), 1)), Progress: progress}
	err := run.Each(len(m.Checks), func(i int, o verdict.Options) error {
		c := &m.Checks[i]
		r, err := verdict.Check(ctx, c.question, o)
		if err != nil {
			return err
		}
		c.Verdict, c.Reason, c.Faults, c.Steps, c.Fates = r.Verdict, r.Reason, r.Faults, r.Steps, r.Fates
		c.Distinct, c.Seconds = r.Stats.Distinct, r.Stats.Seconds
		return nil
	})
	for i := range m.Cells {
		for g, n := range m.Cells[i].Checks {
			m.Cells[i].Verdicts[g] = m.Checks[n].Verdict
		}
	}
	return err
}

// Pool runs many small checks at once, each with one core and its share of the memory.
type Pool struct {
	Ctx      context.Context
	Options  verdict.Options
	Workers  int
	Progress func(Progress)
}

// Each calls work for 0 to n-1. After a failure nothing more is begun; the first failure by number is returned.
func (p *Pool) Each(n int, work func(i int, o verdict.Options) error) error {
	o := p.Options
	o.Workers, o.Progress = 1, nil
	if p.Workers == 1 {
		o.Workers = p.Options.Workers
	}
	if o.Memory == 0 {
		o.Memory = explore.DefaultMemory()
	}
	o.Memory /= int64(max(p.Workers, 1))
	begin, errs := time.Now(), make([]error, n)
	var next, failed atomic.Int64
	var mu sync.Mutex
	done := 0
	var group sync.WaitGroup
	for range p.Workers {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && failed.Load() == 0; i = int(next.Add(1)) - 1 {
				if errs[i] = work(i, o); errs[i] != nil {
					failed.Add(1)
				}
				mu.Lock()
				done++
				if p.Progress != nil {
					p.Progress(Progress{Done: done, Checks: n, Elapsed: time.Since(begin)})
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
