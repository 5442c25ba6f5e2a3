package reproduce

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// decision is one leader epoch.
type decision struct{ epoch, leader int }

// learning is what the controller has decided about the partition, and how much of it each broker has learnt.
type learning struct {
	order     []int        // the replicas, in the order of the assignment
	decisions []decision   // in the order in which the controller made them
	learnt    map[int]int  // how many of the decisions each broker has learnt
	deaf      map[int]bool // brokers that the controller's log does not reach
	paused    map[int]bool // of these, those whose process is paused
	smaller   map[int]bool // with ZooKeeper: those that the trace has yet to learn of an in-sync set that a follower has left
}

func newLearning(replicas int) learning {
	l := learning{learnt: map[int]int{}, deaf: map[int]bool{}, paused: map[int]bool{}, smaller: map[int]bool{}}
	for b := 1; b <= replicas; b++ {
		l.order = append(l.order, b)
	}
	return l
}

// prefer puts brokers first in the order of the replicas.
func (l *learning) prefer(first ...int) {
	l.order = slices.DeleteFunc(l.order, func(b int) bool { return slices.Contains(first, b) })
	for _, b := range slices.Backward(first) {
		if !slices.Contains(l.order, b) {
			l.order = slices.Insert(l.order, 0, b)
		}
	}
}

// newest is the newest decision.
func (l *learning) newest() decision { return l.decisions[len(l.decisions)-1] }

// current says whether a broker has learnt all decisions.
func (l *learning) current(b int) bool { return l.learnt[b] >= len(l.decisions) }

// decided notes the newest leader epoch as a decision that the brokers have yet to learn.
func (rp *replay) decided(ctx context.Context) error {
	p, err := rp.partition.Decided(ctx)
	if err != nil {
		return err
	}
	if err := rp.clientsCanKnow(ctx, p.Leader); err != nil {
		return err
	}
	l := &rp.learning
	if p.Leader > 0 && rp.cluster.ZooKeeper && l.newest().leader == p.Leader && elected(&rp.steps[rp.at]) == 0 {
		l.decisions[len(l.decisions)-1].epoch = p.Epoch // the leader stays
	} else if p.Leader > 0 && (len(l.decisions) == 0 || l.newest().epoch != p.Epoch) {
		l.decisions = append(l.decisions, decision{p.Epoch, p.Leader})
		if err := rp.toldApart(ctx); err != nil {
			return err
		}
	}
	return rp.prepareElection(ctx)
}

// clientsCanKnow waits until the service node, which clients ask, knows the leader that stands in ZooKeeper, where decisions of
// Kafka 0.8 are read.
func (rp *replay) clientsCanKnow(ctx context.Context, leader int) error {
	if leader < 1 || rp.cluster.Home.HasAdminRequests() {
		return nil
	}
	return rp.awaitThat(ctx, fmt.Sprintf("clients to be told of leader b%d", leader), func() (bool, error) {
		d, _, err := rp.partition.Believed(ctx, cluster.ServiceNode)
		return d.Leader == leader, err
	})
}

// closeLearning keeps what the controller decides from every broker until the trace has it learn of it.
func (rp *replay) closeLearning() {
	for b := 1; b <= rp.replicas; b++ {
		if !rp.learning.paused[b] {
			rp.deafen(b)
		}
	}
}

// pauseLaggards pauses, where that is asked for, the processes of the brokers that the trace has read over the decision that is
// about to be made. What a paused broker has asked the controller's log for is answered by the creation of a topic that nobody
// uses, so that everything that is decided from now on is in one answer, which the broker asks for when it goes on.
func (rp *replay) pauseLaggards(ctx context.Context) error {
	for b := 1; b <= rp.replicas; b++ {
		if !rp.pauses || rp.learning.deaf[b] || !rp.cluster.Node(b).Running() || !rp.readsOver(b, len(rp.learning.decisions)) {
			continue
		}
		rp.cluster.Node(b).Pause()
		rp.learning.deaf[b], rp.learning.paused[b] = true, true
		name := fmt.Sprintf("%s-pause-%d", rp.partition.Topic, len(rp.learning.decisions))
		if err := rp.cluster.CreateTopic(ctx, name, []int{cluster.ServiceNode}, nil); err != nil {
			return err
		}
	}
	return nil
}

// deafen holds what the controller's log tells a broker.
func (rp *replay) deafen(b int) {
	rp.learning.deaf[b] = true
	rp.cluster.Traffic.Hold(gate("learn", b), rp.cluster.DecisionsTo(b))
}

// deafenToSmallerISR keeps from brokers, before a follower leaves the in-sync set, what the trace has them learn later. With ZooKeeper
// that begins a leader epoch with the same leader.
func (rp *replay) deafenToSmallerISR() {
	for b := 1; b <= rp.replicas && rp.cluster.ZooKeeper; b++ {
		learns := rp.ahead(func(s *verdict.Step) bool { return s.Action == "BrokerLearns" && brokerOf(s) == b })
		decides := rp.ahead(func(s *verdict.Step) bool { return elected(s) != 0 || s.Action == "BrokerRestarts" && brokerOf(s) == b })
		if learns >= 0 && (decides < 0 || learns < decides) && rp.learning.current(b) && !rp.learning.deaf[b] &&
			int(rp.steps[learns].Params.Leader) == rp.leader() && rp.cluster.Node(b).Running() {
			rp.deafen(b)
			rp.learning.smaller[b] = true
		}
	}
}

// learnsOfSmallerISR lets the request through that tells a broker of a smaller in-sync set, and waits until it acts on it.
func (rp *replay) learnsOfSmallerISR(ctx context.Context, b int) error {
	d, err := rp.partition.Decided(ctx)
	if err != nil {
		return err
	}
	rp.hears(b)
	return rp.awaitThat(ctx, fmt.Sprintf("b%d to act on leader epoch %d", b, d.Epoch), func() (bool, error) {
		r, err := rp.partition.Look(ctx, b, d.Epoch, 0)
		if err != nil {
			return false, err
		}
		rp.letLearn(b, actsOnEpoch(r))
		return actsOnEpoch(r) || errors.Is(r.Err, kerr.FencedLeaderEpoch), r.Err
	})
}

// hears lets the controller's log through to a broker.
func (rp *replay) hears(b int) {
	if rp.learning.paused[b] {
		rp.cluster.Node(b).Resume()
	}
	delete(rp.learning.paused, b)
	delete(rp.learning.deaf, b)
	delete(rp.learning.smaller, b)
	rp.cluster.Traffic.Open(gate("learn", b))
}

// toldApart waits until the newest decision is on its way to every broker that may not learn of it yet, so that the next
// one comes in an answer of its own. A broker that the trace has read several decisions at once gets them in one answer: the
// connection with the earlier answer breaks, and the broker asks again.
func (rp *replay) toldApart(ctx context.Context) error {
	for b := 1; b <= rp.replicas; b++ {
		if !rp.learning.deaf[b] || rp.learning.paused[b] || !rp.cluster.Node(b).Running() || rp.cut(b) ||
			rp.cluster.ZooKeeper && rp.faults.fenced[b] {
			continue
		}
		if rp.cluster.ZooKeeper {
			if err := rp.awaitRequest(ctx, b); err != nil {
				return err
			}
			continue
		}
		what := fmt.Sprintf("the controller's answer to b%d", b)
		m, err := rp.awaitMessage(ctx, what, rp.cluster.DecisionsTo(b))
		if err != nil {
			return err
		}
		if !rp.readsOver(b, len(rp.learning.decisions)-2) {
			continue
		}
		rp.cluster.Traffic.Let(m, proxy.Breaks)
		if _, err := rp.awaitMessage(ctx, what, rp.cluster.DecisionsTo(b)); err != nil {
			return err
		}
	}
	return nil
}

// awaitRequest waits until the LeaderAndIsr request with the newest decision is held on its way to broker b, or the broker has
// had it already: one that comes back to a partition without a leader is told of its election before it is deaf.
func (rp *replay) awaitRequest(ctx context.Context, b int) error {
	l := &rp.learning
	return rp.awaitThat(ctx, fmt.Sprintf("the controller's request to b%d", b), func() (bool, error) {
		if rp.cluster.Traffic.First(rp.cluster.DecisionsTo(b)) != nil {
			return true, nil
		}
		r, err := rp.partition.Look(ctx, b, l.newest().epoch, 0)
		if err == nil && actsOnEpoch(r) {
			l.learnt[b] = len(l.decisions)
			return true, nil
		}
		return false, err
	})
}

// readsOver says whether the trace has a broker never learn a decision that it has not learnt yet: what it learns next is a
// later one.
func (rp *replay) readsOver(b, decision int) bool {
	learnt := rp.learning.learnt[b]
	i := rp.ahead(func(s *verdict.Step) bool { return s.Action == "BrokerLearns" && brokerOf(s) == b })
	return i >= 0 && decision >= learnt && rp.decisionOf(&rp.steps[i], learnt) > decision
}

// brokerLearns lets the controller's log through to a broker, as far as the decision of the step.
func (rp *replay) brokerLearns(ctx context.Context, s *verdict.Step) error {
	b, l := brokerOf(s), &rp.learning
	next := rp.decisionOf(s, min(l.learnt[b], len(l.decisions)))
	if next < 0 && l.newest().leader == int(s.Params.Leader) {
		if l.smaller[b] {
			return rp.learnsOfSmallerISR(ctx, b)
		}
		return rp.awaitEpoch(ctx, b) // it has learnt of that before, in an orderly shutdown
	}
	if n := l.learnt[b]; next < 0 && rp.cluster.ZooKeeper && n > 0 && l.decisions[n-1].leader == int(s.Params.Leader) {
		return nil // it has learnt at once of an in-sync set that has become smaller under the same leader
	}
	if next < 0 || next >= len(l.decisions) {
		return left("the controller has not made b%d leader again", s.Params.Leader)
	}
	if n := next - l.learnt[b]; n > 0 {
		rp.note("step %d: b%d reads %d decisions at once", rp.number(), b, n+1)
	}
	l.learnt[b] = next + 1
	var err error
	if next == len(l.decisions)-1 {
		rp.hears(b)
		err = rp.awaitEpoch(ctx, b)
	} else {
		err = rp.learnOne(ctx, b, l.decisions[next].epoch)
	}
	if m := rp.cluster.Traffic.First(fetchOf(b)); m != nil && err == nil {
		rp.cluster.Traffic.Let(m, proxy.Breaks) // it is from before, and says nothing to anybody now
	}
	return err
}

// learnOne lets the answers to a broker's fetches of the controller's log through one by one, until it acts on a leader
// epoch that is not the newest. What came in one answer with the next epoch a broker reads over.
func (rp *replay) learnOne(ctx context.Context, b, epoch int) error {
	acts := func() (bool, error) {
		r, err := rp.partition.Look(ctx, b, epoch, 0)
		if err == nil && errors.Is(r.Err, kerr.FencedLeaderEpoch) {
			return false, poll.Final{Err: unforceable{
				fmt.Sprintf("b%d has skipped leader epoch %d, which came in one answer with the next", b, epoch)}}
		}
		rp.letLearn(b, err != nil || actsOnEpoch(r))
		return err == nil && actsOnEpoch(r), err
	}
	for range 8 {
		m, err := rp.awaitMessage(ctx, fmt.Sprintf("the controller's answer to b%d", b), rp.cluster.DecisionsTo(b))
		if err != nil {
			return err
		}
		rp.cluster.Traffic.Let(m, proxy.Passes)
		err = rp.awaitWithin(ctx, 3*time.Second, fmt.Sprintf("b%d to act on leader epoch %d", b, epoch), acts)
		if d := (diverged{}); !errors.As(err, &d) {
			return err
		}
	}
	return left("b%d does not act on leader epoch %d", b, epoch)
}

// actsOnEpoch says whether a broker that was asked with a leader epoch acts on that epoch.
func actsOnEpoch(s cluster.State) bool {
	return s.Err == nil || errors.Is(s.Err, kerr.OffsetOutOfRange)
}

// awaitEpoch waits until a broker acts on the newest leader epoch.
func (rp *replay) awaitEpoch(ctx context.Context, b int) error {
	epoch := rp.learning.newest().epoch
	return rp.awaitThat(ctx, fmt.Sprintf("b%d to act on leader epoch %d", b, epoch), func() (bool, error) {
		r, err := rp.partition.Look(ctx, b, epoch, 0)
		if err != nil {
			return false, err
		}
		rp.letLearn(b, actsOnEpoch(r))
		// one that is in a newer epoch has learnt of this one: the controller is ahead of the trace
		return actsOnEpoch(r) || errors.Is(r.Err, kerr.FencedLeaderEpoch), r.Err
	})
}
