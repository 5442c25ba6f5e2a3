package reproduce

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// The outcomes of fetches that copy nothing and tell the leader where the follower is: the last of their rounds does. There may be two
// though nothing is cut, if the follower has begun an epoch, as a leader, of which the leader has no record.
const (
	outcomeTruncated = "truncated"
	outcomePosition  = "position"
)

// followerFetches lets the fetches of a follower through, one at a time, until what the step changes is seen: one in
// most cases; more where it has just changed its leader or has a tail to cut.
func (rp *replay) followerFetches(ctx context.Context, s *verdict.Step) error {
	f := brokerOf(s)
	if !rp.cluster.Home.HasAdminRequests() && !slices.Contains(rp.want.isr(), f) {
		rp.faults.entered[f] = true
	}
	var last error
	for range 12 {
		fetch := rp.oneFetch
		if rp.learnsNoHighWatermark(f) {
			fetch = rp.unansweredFetch
		}
		if err := fetch(ctx, f); err != nil {
			return err
		}
		if last = rp.replicated(ctx, f); last == nil && rp.tellsOnly(s) && slices.Contains(rp.want.isr(), f) {
			return rp.unansweredFetch(ctx, f) // only now the leader learns where the follower is, for whom it waits
		} else if last == nil {
			return nil
		}
	}
	return left("after 12 fetches %s", last)
}

// tellsOnly says that a fetch copies nothing, from 2.7 on, when a fetch finds where the logs differ, or that it cuts the log.
func (rp *replay) tellsOnly(s *verdict.Step) bool {
	return s.Outcome == outcomeTruncated || s.Outcome == outcomePosition && rp.cluster.Home.HasAdminRequests()
}

// learnsNoHighWatermark says that the step's fetch of a follower moves the leader's high watermark, which the follower does not learn
// from the answer. It matters where the follower is to lead, and up to 2.0, as a new follower may truncate to its own. The answer to
// a fetch that finds nothing new has the high watermark as of the answer; to the model it is a fetch whose answer is lost.
func (rp *replay) learnsNoHighWatermark(f int) bool {
	if rp.cluster.Home.FencesByEpoch() && rp.ahead(func(s *verdict.Step) bool { return elected(s) == f }) < 0 {
		return false
	}
	had, _ := rp.before.log(f)
	has, followed := rp.want.log(f)
	own, _ := rp.want.number(ofBroker(f, "high-watermark"))
	leaders, _ := rp.want.number(ofBroker(rp.followed(f), "high-watermark"))
	return followed && slices.Equal(had, has) && own < leaders
}

// oneFetch lets one fetch of a follower and its answer through, and waits for the next.
func (rp *replay) oneFetch(ctx context.Context, f int) error {
	m, err := rp.awaitFetch(ctx, f)
	if err != nil {
		return err
	}
	rp.cluster.Traffic.Let(m, proxy.Passes)
	_, err = rp.awaitMessage(ctx, fmt.Sprintf("the next fetch of b%d", f), fetchOf(f))
	return err
}

// replicated says whether the follower's log, and the high watermarks of the leader and of the follower, are what the
// model says.
func (rp *replay) replicated(ctx context.Context, f int) error {
	if err := rp.sameLog(f); err != nil {
		return err
	}
	for _, b := range []int{rp.followed(f), f} {
		if err := rp.sameHighWatermark(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// controllerFences waits until the controller counts a broker as gone.
func (rp *replay) controllerFences(ctx context.Context, s *verdict.Step) error {
	f := brokerOf(s)
	if err := rp.awaitGone(ctx, f); err != nil {
		return err
	}
	return rp.awaitDecision(ctx)
}

// awaitDecision waits until the controller's leader and in-sync set are the model's, and the leader knows of it.
func (rp *replay) awaitDecision(ctx context.Context) error {
	err := rp.awaitThat(ctx, "the controller's decision", func() (bool, error) {
		if err := rp.sameDecision(ctx); err != nil {
			return false, err
		}
		return true, nil
	})
	if err != nil || rp.sameISR(ctx) != nil { // the controller is ahead of the trace
		return err
	}
	l := rp.leader()
	if l == 0 || !rp.learning.current(l) || rp.cut(l) || rp.learning.smaller[l] {
		return nil
	}
	want := rp.want.isr()
	return rp.leaderKnows(ctx, l, func(d cluster.Decision, _ []int) bool { return slices.Equal(d.ISR, want) })
}

// controllerElects waits until the controller has elected the leader of the trace, or taken the partition offline.
func (rp *replay) controllerElects(ctx context.Context, s *verdict.Step) error {
	l := rp.leader()
	if l > 0 {
		if rp.before.leader() == 0 {
			if err := rp.reorderFor(ctx, l); err != nil {
				return err
			}
			rp.closeLearning()
		}
		if err := rp.unfence(ctx, l); err != nil {
			return err
		}
	}
	err := rp.awaitThat(ctx, "the election", func() (bool, error) {
		p, err := rp.partition.Decided(ctx)
		if err != nil {
			return false, err
		}
		if max(p.Leader, 0) != l {
			return false, fmt.Errorf("the leader is %d", p.Leader)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	if err := rp.decided(ctx); err != nil {
		return err
	}
	return rp.awaitDecision(ctx)
}

// prepareElection makes the next leader of the trace the one that the controller prefers.
func (rp *replay) prepareElection(ctx context.Context) error {
	i := rp.ahead(isAction("ControllerElectsLeader"))
	if i < 0 {
		return nil
	}
	next := brokerOf(&rp.steps[i])
	if rp.cluster.ZooKeeper && rp.electedFirst(next) {
		return nil // another order would begin another leader epoch (KafkaController.moveReassignedPartitionLeaderIfRequired)
	}
	return rp.reorderFor(ctx, next)
}

// electedFirst says that a broker is the first of the replicas but for the leader, whose end the trace elects it upon.
func (rp *replay) electedFirst(next int) bool {
	for _, b := range rp.learning.order {
		if b != rp.leader() {
			return b == next
		}
	}
	return false
}

// reorderFor puts a broker first among the replicas.
func (rp *replay) reorderFor(ctx context.Context, first int) error {
	if first == 0 || rp.learning.order[0] == first {
		return nil
	}
	preferred := learning{order: slices.Clone(rp.learning.order)}
	preferred.prefer(first)
	order := preferred.order
	if err := rp.partition.Reorder(ctx, order); err != nil {
		return fmt.Errorf("the order of the replicas cannot be changed: %w", err)
	}
	rp.learning.order = order
	for b := 1; b <= rp.replicas; b++ {
		if !rp.cluster.Node(b).Running() || rp.cut(b) || rp.learning.deaf[b] {
			continue
		}
		err := rp.awaitThat(ctx, fmt.Sprintf("b%d to learn of the order of the replicas", b), func() (bool, error) {
			if !rp.cluster.Home.HasAdminRequests() {
				return rp.told(b)
			}
			p, _, err := rp.partition.Believed(ctx, b)
			return err == nil && slices.Equal(p.Replicas, order), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// brokerRestarts starts a broker that is down. The leader does not hear that it is there until the trace needs it, so that
// it does not take it into the in-sync set before.
func (rp *replay) brokerRestarts(ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s)
	if rp.faults.power[b] {
		if err := rp.truncate(b); err != nil {
			return unforceable{err.Error()}
		}
		delete(rp.faults.power, b)
	}
	delete(rp.faults.disk, b)
	rp.hears(b)
	if l := rp.leader(); l > 0 && l != b && rp.cluster.Node(l).Running() && !rp.cluster.ZooKeeper {
		rp.deafen(l)
	}
	if rp.faults.fenced[b] {
		rp.cluster.Unsilence(b)
		delete(rp.faults.fenced, b)
	}
	if err := rp.cluster.AwaitSessionEnd(ctx, b); err != nil {
		return diverged{err.Error(), err}
	}
	rp.faults.noticed[b] = !rp.cluster.Home.KnowsBouncedBrokers() && slices.Contains(rp.before.isr(), b) && rp.before.leader() != b
	if err := rp.cluster.Node(b).Start(); err != nil {
		return err
	}
	err := rp.awaitWithin(ctx, cluster.StartLimit, fmt.Sprintf("b%d to start", b), func() (bool, error) {
		if err := rp.cluster.Node(b).Ended(); err != nil {
			return false, poll.Final{Err: err}
		}
		r, err := rp.partition.Look(ctx, b, cluster.AnyEpoch, 0)
		if err != nil {
			return false, err
		}
		unknown := errors.Is(r.Err, kerr.UnknownTopicOrPartition) || errors.Is(r.Err, kerr.UnknownTopicID)
		return !unknown, r.Err
	})
	if err != nil {
		return err
	}
	rp.learning.learnt[b] = len(rp.learning.decisions)
	if len(rp.learning.decisions) > 0 && rp.leader() > 0 {
		if err := rp.awaitEpoch(ctx, b); err != nil {
			return err
		}
	}
	return rp.awaitLog(ctx, b)
}

// partitionHeals lets everything through again to and from a broker that was cut off.
func (rp *replay) partitionHeals(ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s)
	rp.cluster.BreakNode(b, false)
	rp.cluster.Traffic.Open(gate("cut", b))
	rp.cluster.Unsilence(b)
	return rp.awaitThere(ctx, b)
}
