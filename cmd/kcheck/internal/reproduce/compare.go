package reproduce

import (
	"context"
	"fmt"
	"time"
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
	if _, known := rp.want["leader"]; !known || rp.at < 0 || rp.at >= len(rp.steps) {
		return nil
	}
	p, err := rp.partition.Decided(ctx)
	if err != nil {
		return err
	}
	leader, isr := rp.want["leader"], rp.want["isr"]
	same := func() bool { return max(p.Leader, 0) == brokerOf(leader) && setText(p.ISR) == isr }
	if same() {
		return nil
	}
	if l := brokerOf(leader); l > 0 && p.Leader < 1 && !rp.cluster.Node(l).Running() {
		return nil // it has noticed that the leader is gone, and whom the trace has it elect is not there yet
	}
	if leader == "none" && p.Leader > 0 && rp.steps[rp.at].Action == "BrokerRestarts" {
		return nil // it elects a broker that comes back at once
	}
	for i := rp.at + 1; i < len(rp.steps); i++ {
		for _, c := range rp.steps[i].Changes {
			switch c.What {
			case "leader":
				leader = c.After
			case "isr":
				isr = c.After
			}
		}
		if same() {
			return nil
		}
	}
	return fmt.Errorf("leader b%d and in-sync set %s, not %s and %s", p.Leader, setText(p.ISR), rp.want["leader"], rp.want["isr"])
}

// sameLogs compares every replica's log with the model's, but for one whose machine is without power: what survives is
// not chosen yet.
func (rp *replay) sameLogs(ctx context.Context) error {
	for b := 1; b <= rp.replicas; b++ {
		want, known := rp.wantLog(b)
		if !known || rp.faults.power[b] {
			continue
		}
		if got, err := rp.log(b); err != nil || got != want {
			return fmt.Errorf("b%d's log is %q, not %q", b, got, want)
		}
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

func (rp *replay) sameCommitted(ctx context.Context) error {
	want, known := rp.want["consumer.committed"]
	if !known {
		return nil
	}
	got, err := rp.committed(ctx)
	if err != nil || got == want {
		return err
	}
	return fmt.Errorf("the committed offset is %s, not %s", got, want)
}
