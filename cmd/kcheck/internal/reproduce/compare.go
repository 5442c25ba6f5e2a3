package reproduce

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// compare holds what can be seen of the cluster against the model after a step: leader and in-sync set, every log, the
// leader's high watermark, the committed offset. What is not as it should be may still be on its way.
func (x *run) compare(ctx context.Context) error {
	return x.awaitWithin(ctx, 5*time.Second, "after the step", func() (bool, error) {
		for _, look := range []func(context.Context) error{x.sameDecision, x.sameLogs, x.sameLeaderHW, x.sameCommitted} {
			if err := look(ctx); err != nil {
				return false, err
			}
		}
		return true, nil
	})
}

// sameDecision compares leader and in-sync set. The controller may be ahead of the trace, by what is to come.
func (x *run) sameDecision(ctx context.Context) error {
	if _, known := x.want["leader"]; !known || x.at < 0 || x.at >= len(x.steps) {
		return nil
	}
	p, err := x.c.describe(ctx, x.topic, x.partition)
	if err != nil {
		return err
	}
	leader, isr := x.want["leader"], x.want["isr"]
	same := func() bool { return max(p.leader, 0) == brokerOf(leader) && setText(p.isr) == isr }
	if same() {
		return nil
	}
	if l := brokerOf(leader); l > 0 && p.leader < 1 && !x.c.nodes[l].running() {
		return nil // it has noticed that the leader is gone, and whom the trace has it elect is not there yet
	}
	if leader == "none" && p.leader > 0 && x.steps[x.at].Action == "BrokerRestarts" {
		return nil // it elects a broker that comes back at once
	}
	for i := x.at + 1; i < len(x.steps); i++ {
		for _, c := range x.steps[i].Changes {
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
	return fmt.Errorf("leader b%d and in-sync set %s, not %s and %s", p.leader, setText(p.isr), x.want["leader"], x.want["isr"])
}

// sameLogs compares every replica's log with the model's, but for one whose machine is without power: what survives is
// not chosen yet.
func (x *run) sameLogs(ctx context.Context) error {
	for b := 1; b <= x.replicas; b++ {
		want, known := x.want[fmt.Sprintf("b%d.log", b)]
		if !known || x.power[b] {
			continue
		}
		if got, err := x.log(b); err != nil || got != want {
			return fmt.Errorf("b%d's log is %q, not %q", b, got, want)
		}
	}
	return nil
}

func (x *run) sameLeaderHW(ctx context.Context) error {
	for b := 1; b <= x.replicas; b++ {
		if strings.HasPrefix(x.want[fmt.Sprintf("b%d.role", b)], "leader") {
			if err := x.sameHighWatermark(ctx, b); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *run) sameCommitted(ctx context.Context) error {
	want, known := x.want["consumer.committed"]
	if !known || x.app == nil {
		return nil
	}
	got, err := x.committed(ctx)
	if err != nil || got == want {
		return err
	}
	return fmt.Errorf("the committed offset is %s, not %s", got, want)
}
