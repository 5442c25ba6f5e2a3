package reproduce

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// decided notes the newest leader epoch as a decision that the brokers have yet to learn.
func (x *run) decided(ctx context.Context) error {
	p, err := x.c.describe(ctx, x.topic, x.partition)
	if err != nil {
		return err
	}
	if p.leader > 0 && (len(x.decisions) == 0 || x.decisions[len(x.decisions)-1].epoch != p.epoch) {
		x.decisions = append(x.decisions, decision{p.epoch, p.leader})
		if err := x.toldApart(ctx); err != nil {
			return err
		}
	}
	return x.prepareElection(ctx)
}

// closeLearning keeps what the controller decides from every broker until the trace has it learn of it.
func (x *run) closeLearning() {
	for b := 1; b <= x.replicas; b++ {
		x.deafen(b)
	}
}

// deafen holds what the controller's log tells a broker.
func (x *run) deafen(b int) {
	x.deaf[b] = true
	x.c.traffic.hold(gate("learn", b), learnsOf(b))
}

// hears lets the controller's log through to a broker.
func (x *run) hears(b int) {
	delete(x.deaf, b)
	x.c.traffic.open(gate("learn", b))
}

// toldApart waits until the newest decision is on its way to every broker that may not learn of it yet, so that the next
// one comes in an answer of its own.
func (x *run) toldApart(ctx context.Context) error {
	for b := 1; b <= x.replicas; b++ {
		if !x.deaf[b] || !x.c.nodes[b].running() || x.cut(b) {
			continue
		}
		if _, err := x.awaitMessage(ctx, fmt.Sprintf("the controller's answer to b%d", b), learnsOf(b)); err != nil {
			return err
		}
	}
	return nil
}

// brokerLearns lets the controller's log through to a broker, as far as the decision of the step.
func brokerLearns(x *run, ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s.Actor)
	leader := b
	if !strings.Contains(s.Text, "it leads") {
		leader = namedBroker(s.Text)
	}
	next := min(x.learnt[b], len(x.decisions))
	for next < len(x.decisions) && x.decisions[next].leader != leader {
		next++
	}
	if next == len(x.decisions) && x.decisions[next-1].leader == leader {
		return x.awaitEpoch(ctx, b) // it has learnt of that before, in an orderly shutdown
	}
	if next == len(x.decisions) {
		return diverged{fmt.Sprintf("the controller has not made b%d leader again", leader)}
	}
	x.learnt[b] = next + 1
	var err error
	if next == len(x.decisions)-1 {
		x.hears(b)
		err = x.awaitEpoch(ctx, b)
	} else {
		err = x.learnOne(ctx, b, x.decisions[next].epoch)
	}
	if m := x.c.traffic.first(fetchOf(b)); m != nil && err == nil {
		x.c.traffic.let(m, breaks) // it is from before, and says nothing to anybody now
	}
	return err
}

// learnOne lets the answers to a broker's fetches of the controller's log through one by one, until it acts on a leader
// epoch that is not the newest. What came in one answer with the next epoch a broker reads over.
func (x *run) learnOne(ctx context.Context, b, epoch int) error {
	acts := func() (bool, error) {
		r, err := x.c.look(ctx, b, x.topic, x.partition, epoch, 0)
		if err == nil && r.code == codeFencedEpoch {
			return true, unforceable{fmt.Sprintf("b%d has read over leader epoch %d, which came in one answer with the next", b, epoch)}
		}
		return err == nil && (r.code == 0 || r.code == codeOutOfRange), err
	}
	for range 8 {
		m, err := x.awaitMessage(ctx, fmt.Sprintf("the controller's answer to b%d", b), learnsOf(b))
		if err != nil {
			return err
		}
		x.c.traffic.let(m, passes)
		var over unforceable
		err = poll(ctx, 3*time.Second, "", func() (bool, error) {
			ok, err := acts()
			errors.As(err, &over)
			return ok, err
		})
		if over.why != "" {
			return over
		}
		if err == nil {
			return nil
		}
	}
	return diverged{fmt.Sprintf("b%d does not act on leader epoch %d", b, epoch)}
}

// awaitEpoch waits until a broker acts on the newest leader epoch.
func (x *run) awaitEpoch(ctx context.Context, b int) error {
	epoch := x.decisions[len(x.decisions)-1].epoch
	return x.awaitThat(ctx, fmt.Sprintf("b%d to act on leader epoch %d", b, epoch), func() (bool, error) {
		r, err := x.c.look(ctx, b, x.topic, x.partition, epoch, 0)
		if err != nil {
			return false, err
		}
		// one that is in a newer epoch has learnt of this one: the controller is ahead of the trace
		return r.code == 0 || r.code == codeOutOfRange || r.code == codeFencedEpoch, fmt.Errorf("it answers with error %d", r.code)
	})
}
