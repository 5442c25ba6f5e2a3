package explore

import (
	"cmp"
	"time"
)

// progressEvery is how often Options.Progress is called.
var progressEvery = time.Second

// Remaining estimates how long it takes to find the states that Left says; 0 if
// that cannot be said.
func (p Progress) Remaining() time.Duration {
	if p.Distinct == 0 {
		return 0
	}
	return time.Duration(float64(p.Elapsed) * float64(p.Left) / float64(p.Distinct))
}

// reportProgress calls Options.Progress now and then until the function it
// returns is called.
func (e *engine[S]) reportProgress() (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(cmp.Or(e.p.opt.ProgressEvery, progressEvery))
		defer tick.Stop()
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
				e.p.opt.Progress(e.progress())
			}
		}
	}()
	return func() { close(quit); <-done }
}

func (e *engine[S]) progress() Progress {
	distinct, left := e.distinct.Load(), uint64(0)
	if expected := e.expected.Load(); expected > distinct {
		left = expected - distinct
	}
	return Progress{
		Distinct:  distinct,
		Left:      left,
		Generated: e.generated.Load(),
		Queued:    e.queued.Load(),
		Faults:    int(e.layer.Load()),
		Depth:     int(e.depth.Load()),
		Clear:     int(e.clear.Load()),
		Tracing:   e.tracer != nil,
		Bytes:     e.account.Used(),
		Elapsed:   time.Since(e.begin),
	}
}
