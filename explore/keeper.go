package explore

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/kcheck/kcheck/explore/internal/durable"
)

// keeper writes and reads the checkpoints of one check: a file for the main search and one for the trace search.
type keeper struct {
	*Checkpoint
	facts   []fact
	release func()
}

// newKeeper takes the folder of the checkpoint; nil without one.
func (p *problem[S]) newKeeper() (*keeper, error) {
	c := p.opt.Checkpoint
	if c == nil {
		return nil, nil
	}
	release, err := durable.Lock(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("no checkpoint can be kept: %w", err)
	}
	return &keeper{Checkpoint: c, facts: p.facts(), release: release}, nil
}

func (k *keeper) close() {
	if k != nil {
		k.release()
	}
}

// file is where the checkpoint of a search is.
func (k *keeper) file(tracing bool) string {
	if tracing {
		return filepath.Join(k.Dir, "trace.checkpoint")
	}
	return filepath.Join(k.Dir, "search.checkpoint")
}

// replace writes a checkpoint. The error is nil where somebody else is told of it.
func (k *keeper) replace(tracing bool, fill func(w *durable.Writer)) error {
	err := durable.Replace(k.file(tracing), func(w *durable.Writer) {
		w.JSON(k.facts)
		w.JSON(time.Now())
		var own []byte
		if k.Keep != nil {
			own = k.Keep()
		}
		w.JSON(own)
		fill(w)
	})
	if err == nil {
		return nil
	}
	err = fmt.Errorf("the checkpoint could not be written: %w", err)
	if k.Failed != nil {
		k.Failed(err)
		return nil
	}
	return err
}

// open reads the beginning of a checkpoint; without one, r is nil.
func (k *keeper) open(tracing bool) (r *durable.Reader, written time.Time, err error) {
	name := k.file(tracing)
	r, err = durable.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, written, nil
	}
	if err != nil {
		return nil, written, remedied(err)
	}
	var have []fact
	var own []byte
	r.JSON(&have)
	if r.Err() == nil {
		err = differ(name, have, k.facts)
	}
	r.JSON(&written)
	r.JSON(&own)
	if err == nil {
		err = remedied(r.Err())
	}
	if err != nil {
		_ = r.Close()
		return nil, written, err
	}
	if k.Restore != nil {
		k.Restore(own)
	}
	return r, written, nil
}

// remedied adds to the error of a damaged file what to do about it.
func remedied(err error) error {
	var damaged *durable.DamagedError
	if errors.As(err, &damaged) {
		return fmt.Errorf("%w; delete it to begin anew", err)
	}
	return err
}

// alarm tells workers to pause when a checkpoint is due.
type alarm struct {
	due   atomic.Bool
	timer *time.Timer
	every time.Duration
}

// start has the alarm go off after some time.
func (a *alarm) start(every time.Duration) {
	if every == 0 {
		every = checkpointEvery
	}
	a.every = every
	a.timer = time.AfterFunc(every, func() { a.due.Store(true) })
}

// again has the alarm that may have gone off go off again.
func (a *alarm) again() {
	a.due.Store(false)
	a.timer.Reset(a.every)
}

// stop ends the alarm.
func (a *alarm) stop() {
	if a.timer != nil {
		a.timer.Stop()
	}
}
