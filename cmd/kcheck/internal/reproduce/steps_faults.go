package reproduce

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

func init() {
	for name, h := range map[string]func(x *run, ctx context.Context, s *verdict.Step) error{
		"BrokerCrashes":       brokerCrashes,
		"BrokerLosesPower":    brokerLosesPower,
		"AllBrokersLosePower": allBrokersLosePower,
		"BrokerLosesDisk":     brokerLosesDisk,
		"BrokerShutsDown":     brokerShutsDown,
		"LeaderMoves":         leaderMoves,
		"ReplicaLags":         replicaLags,
		"LeaderIsCutOff":      leaderIsCutOff,
	} {
		handlers[name] = h
	}
}

// stop kills a broker. What the controller decides about a leader's end stays unknown until the trace has it learnt.
func (x *run) stop(ctx context.Context, b int) error {
	if brokerOf(x.before["leader"]) == b {
		if err := x.goneFirst(ctx); err != nil {
			return err
		}
		x.closeLearning()
	}
	blackhole := x.ahead(func(s *verdict.Step) bool { return s.Action == "SendIsLost" }) >= 0
	if blackhole {
		x.c.proxies[link{clientLink, b}].hush(true)
	}
	x.sessions[b]++
	x.c.nodes[b].kill()
	x.c.breakNode(b, !blackhole)
	return nil
}

// goneFirst waits until the controller counts those as gone that it counts as gone between the end of the leader and what
// it decides upon that. It has to miss their heartbeats first, and the order of the two makes no difference to anybody else.
func (x *run) goneFirst(ctx context.Context) error {
	var gone []int
	for i := x.at + 1; i < len(x.steps); i++ {
		f := namedBroker(x.steps[i].Text)
		switch x.steps[i].Action {
		case "ReplicaLags":
			x.fence(f)
			gone = append(gone, f)
		case "ControllerFencesFollower":
			if !x.c.nodes[f].running() {
				gone = append(gone, f)
			}
		case "ControllerElectsLeader", "ControllerTakesLeaderOffline":
			return x.awaitGone(ctx, gone)
		}
	}
	return x.awaitGone(ctx, gone)
}

func (x *run) awaitGone(ctx context.Context, brokers []int) error {
	for _, f := range brokers {
		err := x.awaitThat(ctx, fmt.Sprintf("the controller to notice that b%d is gone", f), func() (bool, error) {
			alive, err := x.c.alive(ctx)
			return err == nil && !slices.Contains(alive, f), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// brokerCrashes kills a broker's process.
func brokerCrashes(x *run, ctx context.Context, s *verdict.Step) error {
	return x.stop(ctx, brokerOf(s.Actor))
}

// brokerLosesPower kills a broker's process; what its machine had not flushed is cut off before it starts again.
func brokerLosesPower(x *run, ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s.Actor)
	x.power[b] = true
	return x.stop(ctx, b)
}

// allBrokersLosePower kills every broker. The controller notices their ends in the order of the trace when their last
// heartbeats came in that order, which a short time between them sees to.
func allBrokersLosePower(x *run, ctx context.Context, s *verdict.Step) error {
	var order []int
	for i := x.at + 1; i < len(x.steps); i++ {
		if a := x.steps[i].Action; a == "ControllerFencesFollower" {
			order = append(order, namedBroker(x.steps[i].Text))
		}
	}
	for b := 1; b <= x.replicas; b++ {
		if !slices.Contains(order, b) {
			order = append(order, b)
		}
	}
	x.closeLearning()
	for i, b := range order {
		x.power[b] = true
		if !x.c.nodes[b].running() {
			continue
		}
		if i > 0 {
			x.wait(ctx, time.Second)
		}
		x.sessions[b]++
		x.c.nodes[b].kill()
		x.c.breakNode(b, true)
	}
	return nil
}

// brokerLosesDisk kills a broker and empties its log directory.
func brokerLosesDisk(x *run, ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s.Actor)
	if err := x.stop(ctx, b); err != nil {
		return err
	}
	x.disk[b] = true
	return x.c.wipe(b)
}

// wipe empties a broker's log directory and formats it anew.
func (c *Cluster) wipe(b int) error {
	n := c.nodes[b]
	delete(c.warm, b)
	meta, err := os.ReadFile(filepath.Join(c.nodes[serviceNode].data(), "meta.properties"))
	if err != nil {
		return err
	}
	if err := os.RemoveAll(n.data()); err != nil {
		return err
	}
	if err := os.MkdirAll(n.data(), 0o755); err != nil {
		return err
	}
	text := fmt.Sprintf("version=1\nnode.id=%d\ncluster.id=%s\ndirectory.id=%s\n", b, property(meta, "cluster.id"), randomID())
	return os.WriteFile(filepath.Join(n.data(), "meta.properties"), []byte(text), 0o644)
}

// brokerShutsDown asks a broker to stop. Its shutdown waits until the other brokers have learnt that leadership has moved,
// so they learn of it in this step.
func brokerShutsDown(x *run, ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s.Actor)
	if l := x.leader(); l > 0 && l != b && brokerOf(x.before["leader"]) == b {
		if err := x.unfence(ctx, l); err != nil {
			return err
		}
		if err := x.reorderFor(ctx, l); err != nil {
			return err
		}
	}
	if err := x.unfence(ctx, b); err != nil {
		return err
	}
	for o := 1; o <= x.replicas; o++ {
		x.hears(o)
		x.learnt[o] = len(x.decisions) + 1
	}
	x.sessions[b]++
	m := x.answeredBefore()
	if a := x.c.traffic.first(answers(m)); m != "" && a != nil {
		x.c.traffic.let(a, passes)
	}
	n := x.c.nodes[b]
	n.signal(syscall.SIGTERM)
	if err := n.waitExit(startLimit); err != nil {
		return diverged{err.Error()}
	}
	x.c.breakNode(b, true)
	if m != "" {
		if err := x.awaitPhase(ctx, m); err != nil {
			return err
		}
	}
	if err := x.awaitDecision(ctx); err != nil {
		return err
	}
	return x.decided(ctx)
}

// answeredBefore is a message that the step has acknowledged.
func (x *run) answeredBefore() string {
	for _, c := range x.steps[x.at].Changes {
		if isNumbered(c.What, 'm') && c.After == "acknowledged" {
			return c.What
		}
	}
	return ""
}

// leaderMoves elects another leader while nobody stops: it becomes the preferred one.
func leaderMoves(x *run, ctx context.Context, s *verdict.Step) error {
	b := x.leader()
	if err := x.unfence(ctx, b); err != nil {
		return err
	}
	if err := x.reorderFor(ctx, b); err != nil {
		return err
	}
	x.closeLearning()
	if err := x.c.elect(ctx, x.topic, x.partition); err != nil {
		return diverged{"the election of b" + fmt.Sprint(b) + ": " + err.Error()}
	}
	err := x.awaitThat(ctx, "the move of the leader", func() (bool, error) {
		p, err := x.c.describe(ctx, x.topic, x.partition)
		return p.leader == b, err
	})
	if err != nil {
		return err
	}
	return x.decided(ctx)
}

// replicaLags holds the heartbeats of a follower until it has left the in-sync set.
func replicaLags(x *run, ctx context.Context, s *verdict.Step) error {
	x.fence(namedBroker(s.Text))
	return x.awaitDecision(ctx)
}

// leaderIsCutOff holds everything between a broker and the other nodes.
func leaderIsCutOff(x *run, ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s.Actor)
	x.closeLearning()
	x.sessions[b]++
	x.c.traffic.hold(gate("cut", b), cutOff(b))
	return nil
}
