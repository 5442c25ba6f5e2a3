package reproduce

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
)

// drain brings every broker back and has the group read to the end.
func (rp *replay) drain(ctx context.Context) error {
	if err := rp.restorePower(); err != nil {
		return err
	}
	if err := rp.cluster.Settle(ctx); err != nil {
		return err
	}
	for _, m := range append(rp.app.hand, rp.app.old...) {
		rp.app.process(m)
	}
	rp.app.hand, rp.app.old = nil, nil
	if rp.shares() {
		return rp.shareOn(ctx)
	}
	return rp.readOn(ctx)
}

// errNoLeader says that the partition has no leader although all brokers are back.
var errNoLeader = errors.New("the partition has no leader")

// readOn has the group poll and process until it has reached the high watermark.
func (rp *replay) readOn(ctx context.Context) error {
	end, err := rp.awaitReplicated(ctx)
	if err != nil {
		return err
	}
	if err := rp.member(ctx); err != nil {
		if hasStopped(err) {
			return nil
		}
		return err
	}
	quiet := 0 // polls since the last record or progress
	return rp.awaitThat(ctx, "the group to read to the end", func() (bool, error) {
		_, _, err := rp.pollOnce(ctx, 100*time.Millisecond)
		quiet++
		for _, r := range rp.app.buffer {
			rp.app.process(messageIn(r.Message))
			quiet = 0
		}
		rp.app.buffer = nil
		at, perr := rp.position(ctx)
		if perr != nil || at < end {
			quiet = 0
		}
		return quiet > 2, errors.Join(err, perr)
	})
}

// awaitReplicated waits until the leader's high watermark has reached the end of its log, and returns it.
func (rp *replay) awaitReplicated(ctx context.Context) (end int, err error) {
	noLeader := false
	err = rp.awaitThat(ctx, "the replicas to come together", func() (bool, error) {
		d, err := rp.partition.Decided(ctx)
		if err != nil {
			return false, err
		}
		if noLeader = d.Leader < 1; noLeader {
			return false, errNoLeader
		}
		log, err := rp.partition.Log(d.Leader)
		if err != nil {
			return false, err
		}
		s, err := rp.partition.Look(ctx, d.Leader, cluster.AnyEpoch, len(log))
		if end = s.HighWatermark; err == nil && end < len(log) {
			err = fmt.Errorf("the high watermark is %d of %d", end, len(log))
		}
		return err == nil, err
	})
	if noLeader {
		return 0, errNoLeader
	}
	return end, err
}
