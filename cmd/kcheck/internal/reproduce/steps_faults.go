package reproduce

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// stop kills a broker. What the controller decides about a leader's end stays unknown until the trace has it learnt.
func (rp *replay) stop(ctx context.Context, b int) error {
	delete(rp.faults.entered, b)
	if rp.before.leader() == b {
		if err := rp.goneFirst(ctx); err != nil {
			return err
		}
		rp.closeLearning()
	} else {
		rp.deafenToSmallerISR()
	}
	blackhole := rp.ahead(isAction("SendIsLost")) >= 0
	if blackhole {
		rp.cluster.Proxy(proxy.ClientLink, b).KeepOpen(true)
	}
	rp.faults.sessions[b]++
	rp.app.broken[b] = true
	rp.cluster.Node(b).Kill()
	rp.cluster.BreakNode(b, !blackhole)
	return nil
}

// goneFirst waits until the controller counts those as gone that it counts as gone between the end of the leader and what
// it decides upon that. It has to miss their heartbeats first, and the order of the two makes no difference to anybody else.
func (rp *replay) goneFirst(ctx context.Context) error {
	var gone []int
	for i := rp.at + 1; i < len(rp.steps); i++ {
		f := brokerOf(&rp.steps[i])
		switch rp.steps[i].Action {
		case "ReplicaLags":
			rp.fence(f)
			gone = append(gone, f)
		case "ControllerFencesFollower":
			if !rp.cluster.Node(f).Running() {
				gone = append(gone, f)
			}
		case "ControllerElectsLeader", "ControllerTakesLeaderOffline":
			return rp.awaitAllGone(ctx, gone)
		}
	}
	return rp.awaitAllGone(ctx, gone)
}

func (rp *replay) awaitAllGone(ctx context.Context, brokers []int) error {
	for _, f := range brokers {
		if err := rp.awaitGone(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// brokerCrashes kills a broker's process.
func (rp *replay) brokerCrashes(ctx context.Context, s *verdict.Step) error {
	return rp.stop(ctx, brokerOf(s))
}

// brokerLosesPower kills a broker's process; what its machine had not flushed is cut off before it starts again.
func (rp *replay) brokerLosesPower(ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s)
	rp.faults.power[b] = true
	return rp.stop(ctx, b)
}

// allBrokersLosePower kills every broker. The controller notices their ends in the order of the trace when their last
// heartbeats came in that order, which a short time between them sees to.
func (rp *replay) allBrokersLosePower(ctx context.Context, s *verdict.Step) error {
	var order []int
	for i := rp.at + 1; i < len(rp.steps); i++ {
		if a := rp.steps[i].Action; a == "ControllerFencesFollower" {
			order = append(order, brokerOf(&rp.steps[i]))
		}
	}
	for b := 1; b <= rp.replicas; b++ {
		if !slices.Contains(order, b) {
			order = append(order, b)
		}
	}
	rp.closeLearning()
	for i, b := range order {
		rp.faults.power[b] = true
		if !rp.cluster.Node(b).Running() {
			continue
		}
		if i > 0 {
			rp.wait(ctx, time.Second)
		}
		rp.faults.sessions[b]++
		rp.app.broken[b] = true
		delete(rp.faults.entered, b)
		rp.cluster.Node(b).Kill()
		rp.cluster.BreakNode(b, true)
	}
	return nil
}

// brokerLosesDisk kills a broker and empties its log directory.
func (rp *replay) brokerLosesDisk(ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s)
	if err := rp.stop(ctx, b); err != nil {
		return err
	}
	rp.faults.disk[b] = true
	return rp.cluster.Wipe(b)
}

// brokerShutsDown asks a broker to stop. Its shutdown waits until the other brokers have learnt that leadership has moved,
// so they learn of it in this step.
func (rp *replay) brokerShutsDown(ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s)
	if l := rp.leader(); l > 0 && l != b && rp.before.leader() == b {
		if err := rp.unfence(ctx, l); err != nil {
			return err
		}
		if err := rp.reorderFor(ctx, l); err != nil {
			return err
		}
	}
	if err := rp.unfence(ctx, b); err != nil {
		return err
	}
	lags := rp.othersHear(b)
	rp.faults.sessions[b]++
	rp.app.broken[b] = true
	delete(rp.faults.entered, b)
	acked := ackedBy(s)
	if acked != 0 {
		if a := rp.cluster.Traffic.First(answers(acked)); a != nil {
			rp.cluster.Traffic.Let(a, proxy.Passes)
		}
	}
	rp.cluster.Node(b).Terminate()
	if !lags {
		if err := rp.cluster.Node(b).AwaitEnd(); err != nil {
			return diverged{err.Error(), err}
		}
		rp.cluster.BreakNode(b, true)
	}
	if acked != 0 {
		if err := rp.awaitPhase(ctx, acked); err != nil {
			return err
		}
	}
	if err := rp.awaitDecision(ctx); err != nil {
		return err
	}
	return rp.decided(ctx)
}

// othersHear lets the controller's log through to every broker but those that the trace has read over what they have not learnt
// yet. It returns whether there are any: then the shutdown of broker b ends only when they have learnt.
func (rp *replay) othersHear(b int) (lags bool) {
	decided := len(rp.learning.decisions)
	for o := 1; o <= rp.replicas; o++ {
		if o != b && rp.learning.deaf[o] && rp.readsOver(o, decided-1) {
			lags = true
			continue
		}
		rp.hears(o)
		rp.learning.learnt[o] = decided + 1
	}
	return lags
}

// ackedBy is the message that a step has acknowledged; 0 for none.
func ackedBy(s *verdict.Step) model.MessageID {
	for _, c := range phaseChanges(s) {
		if c.to == model.Acked.String() {
			return c.message
		}
	}
	return 0
}

// leaderMoves elects another leader while nobody stops: it becomes the preferred one.
func (rp *replay) leaderMoves(ctx context.Context, s *verdict.Step) error {
	b := rp.leader()
	if err := rp.pauseLaggards(ctx); err != nil {
		return err
	}
	if err := rp.unfence(ctx, b); err != nil {
		return err
	}
	if err := rp.reorderFor(ctx, b); err != nil {
		return err
	}
	rp.closeLearning()
	if err := rp.partition.Elect(ctx); err != nil {
		return failed(fmt.Sprintf("the election of b%d", b), err)
	}
	err := rp.awaitThat(ctx, "the move of the leader", func() (bool, error) {
		p, err := rp.partition.Decided(ctx)
		return p.Leader == b, err
	})
	if err != nil {
		return err
	}
	return rp.decided(ctx)
}

// replicaLags holds the heartbeats of a follower until it has left the in-sync set. With ZooKeeper they go on then: the
// controller has begun another leader epoch, which the follower has to learn of before it can fetch, and only a fetch, or the
// request of the leader for it, would bring it back into the set.
func (rp *replay) replicaLags(ctx context.Context, s *verdict.Step) error {
	f := brokerOf(s)
	rp.deafenToSmallerISR()
	rp.fence(f)
	if err := rp.awaitDecision(ctx); err != nil || !rp.cluster.ZooKeeper {
		return err
	}
	if err := rp.unfence(ctx, f); err != nil {
		return err
	}
	if err := rp.decided(ctx); err != nil || rp.learning.deaf[f] || rp.leader() == 0 {
		return err
	}
	return rp.awaitEpoch(ctx, f)
}

// leaderIsCutOff holds everything between a broker and the other nodes.
func (rp *replay) leaderIsCutOff(ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s)
	rp.closeLearning()
	rp.faults.sessions[b]++
	rp.cluster.Traffic.Hold(gate("cut", b), cutOff(b))
	rp.cluster.Silence(b)
	return nil
}
