package explore

import "time"

// reportProgress calls Options.Progress once a second until the function it
// returns is called.
func (e *engine[S]) reportProgress() (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
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
	return Progress{
		Distinct:  e.distinct.Load(),
		Generated: e.generated.Load(),
		Queued:    e.queued.Load(),
		Faults:    int(e.layer.Load()),
		Depth:     int(e.depth.Load()),
		Bytes:     e.account.Used(),
		Elapsed:   time.Since(e.begin),
	}
}
