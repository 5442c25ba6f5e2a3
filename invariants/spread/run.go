package spread

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// Progress says how far a run is.
type Progress struct {
	Done, Units int
	Elapsed     time.Duration
}

// Left estimates the time that is left, from the time that the units took so far; 0 when nothing is known.
func (p Progress) Left() time.Duration {
	if p.Done == 0 {
		return 0
	}
	return p.Elapsed / time.Duration(p.Done) * time.Duration(p.Units-p.Done)
}

// Run answers all units in this process. They are small, so each has one core and several run at once, each with its
// share of the memory. When ctx ends, those that were not answered stay inconclusive. progress, if set, is called now and
// then, one call at a time. After a failure nothing more is begun; the first failure by number is returned.
func Run(ctx context.Context, units []Unit, o verdict.Options, progress func(Progress)) ([]*Answer, error) {
	workers := o.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, max(len(units), 1))
	if workers > 1 {
		o.Workers = 1
	}
	o.Progress, o.Memory = nil, memoryOf(o.Memory)/int64(workers)
	r := runner{units: units, options: o, progress: progress, begin: time.Now(), answers: make([]*Answer, len(units)), errs: make([]error, len(units))}
	var group sync.WaitGroup
	for range workers {
		group.Go(func() { r.work(ctx) })
	}
	group.Wait()
	for _, err := range r.errs {
		if err != nil {
			return nil, err
		}
	}
	return r.answers, nil
}

// runner is what the goroutines of a run share.
type runner struct {
	units    []Unit
	options  verdict.Options
	progress func(Progress)
	begin    time.Time
	answers  []*Answer
	errs     []error

	next, failed atomic.Int64
	mu           sync.Mutex
	done         int
}

// work answers units until there are none left.
func (r *runner) work(ctx context.Context) {
	n := len(r.units)
	for i := int(r.next.Add(1)) - 1; i < n && r.failed.Load() == 0; i = int(r.next.Add(1)) - 1 {
		answer, err := r.units[i].Answer(ctx, r.options)
		if r.answers[i], r.errs[i] = &answer, err; err != nil {
			r.failed.Add(1)
		}
		r.mu.Lock()
		r.done++
		if r.progress != nil {
			r.progress(Progress{Done: r.done, Units: n, Elapsed: time.Since(r.begin)})
		}
		r.mu.Unlock()
	}
}
