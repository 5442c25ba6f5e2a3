package reproduce

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
)

// compare holds what can be seen of the cluster against the model after a step: leader and in-sync set, every log, the
// leader's high watermark, the committed offset. What is not as it should be may still be on its way.
func (rp *replay) compare(ctx context.Context) error {
	return rp.awaitWithin(ctx, 5*time.Second, "after the step", func() (bool, error) {
		for _, look := range []func(context.Context) error{rp.sameDecision, rp.sameLogs, rp.sameLeaderHW, rp.sameCommitted} {
			if err := look(ctx); err != nil {
				return false, err
			}
		}
		return true, nil
	})
}

// sameDecision compares leader and in-sync set. The controller may be ahead of the trace, by what is to come.
func (rp *replay) sameDecision(ctx context.Context) error {
	if !rp.want.has("leader") || rp.at < 0 || rp.at >= len(rp.steps) {
		return nil
	}
	d, err := rp.partition.Decided(ctx)
	if err != nil {
		return err
	}
	same := func(o observed) bool {
		isr := slices.DeleteFunc(o.isr(), func(b int) bool { return rp.faults.noticed[b] && !slices.Contains(d.ISR, b) })
		got := slices.DeleteFunc(slices.Clone(d.ISR), func(b int) bool { return !slices.Contains(isr, b) && rp.faults.entered[b] })
		return max(d.Leader, 0) == o.leader() && slices.Equal(got, isr)
	}
	if same(rp.want) {
		return nil
	}
	l := rp.want.leader()
	if l == 0 && d.Leader < 1 && len(d.ISR) == 0 && rp.losesLastMember() {
		return nil
	}
	if l > 0 && d.Leader < 1 && !rp.cluster.Node(l).Running() {
		return nil // it has noticed that the leader is gone, and whom the trace has it elect is not there yet
	}
	if l == 0 && d.Leader > 0 && rp.steps[rp.at].Action == "BrokerRestarts" {
		return nil // it elects a broker that comes back at once
	}
	later := maps.Clone(rp.want)
	for i := rp.at + 1; i < len(rp.steps); i++ {
		if later.apply(&rp.steps[i]); same(later) {
			return nil
		}
	}
	return fmt.Errorf("leader b%d and in-sync set %s, not b%d and %s", d.Leader, setText(d.ISR), l, setText(rp.want.isr()))
}

// losesLastMember says that the controller empties the in-sync set when its last member goes, which the model keeps: up to 1.0 it
// does where unclean elections are enabled (KafkaController.removeReplicaFromIsr).
func (rp *replay) losesLastMember() bool {
	return !rp.cluster.Home.KeepsLastMember() && rp.settings["topic.unclean.leader.election.enable"] == "true"
}

// sameLogs compares every replica's log with the model's, but for one whose machine is without power: what survives is
// not chosen yet.
func (rp *replay) sameLogs(context.Context) error {
	for b := 1; b <= rp.replicas; b++ {
		if rp.faults.power[b] {
			continue
		}
		if err := rp.sameLog(b); err != nil {
			return err
		}
	}
	return nil
}

// sameLog compares a replica's log with the model's.
func (rp *replay) sameLog(b int) error {
	want, followed := rp.want.log(b)
	if !followed {
		return nil
	}
	got, err := rp.log(b)
	if err != nil {
		return err
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("b%d's log is %q, not %q", b, logText(got), logText(want))
	}
	return nil
}

func (rp *replay) sameLeaderHW(ctx context.Context) error {
	for b := 1; b <= rp.replicas; b++ {
		if rp.leads(b) {
			if err := rp.sameHighWatermark(ctx, b); err != nil {
				return err
			}
		}
	}
	return nil
}

// sameHighWatermark compares a replica's high watermark, and where the log starts, with the model's. The high watermark of a
// follower may be ahead of it: the answer to a fetch that found nothing new carries what the leader knows when it answers.
func (rp *replay) sameHighWatermark(ctx context.Context, b int) error {
	want, followed := rp.want.number(ofBroker(b, "high-watermark"))
	if b == 0 || !followed || !rp.cluster.Node(b).Running() || rp.learning.paused[b] {
		return nil
	}
	records, err := rp.partition.Log(b)
	if err != nil {
		return err
	}
	got, err := rp.partition.Look(ctx, b, cluster.AnyEpoch, len(records)) // the start of the log may have moved
	if err != nil || got.Err != nil {
		return nil // it cannot say
	}
	if start, deletes := rp.want.number("log-start-offset"); deletes && rp.leads(b) && got.LogStart != start {
		return fmt.Errorf("b%d's log starts at %d, not %d", b, got.LogStart, start)
	}
	if got.HighWatermark == want || !rp.leads(b) && got.HighWatermark > want {
		return nil
	}
	return fmt.Errorf("b%d's high watermark is %d, not %d", b, got.HighWatermark, want)
}

func (rp *replay) sameCommitted(ctx context.Context) error {
	want, followed := rp.wantCommitted()
	if !followed {
		return nil
	}
	got, err := rp.committed(ctx)
	if err != nil || got == want {
		return err
	}
	return fmt.Errorf("the committed offset is %d, not %d", got, want)
}
