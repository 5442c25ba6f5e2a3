package reproduce

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

func init() {
	for name, h := range map[string]func(x *run, ctx context.Context, s *verdict.Step) error{
		"FollowerFetches":              followerFetches,
		"LeaderExpandsISR":             leaderExpandsISR,
		"ControllerFencesFollower":     controllerFences,
		"ControllerElectsLeader":       controllerElects,
		"ControllerTakesLeaderOffline": controllerElects,
		"BrokerLearns":                 brokerLearns,
		"BrokerRestarts":               brokerRestarts,
		"PartitionHeals":               partitionHeals,
	} {
		handlers[name] = h
	}
}

// followerFetches lets the fetches of a follower through, one at a time, until what the step changes is seen: one in
// most cases; more where it has just changed its leader or has a tail to cut.
func followerFetches(x *run, ctx context.Context, s *verdict.Step) error {
	f := brokerOf(s.Actor)
	if f == 0 {
		f = namedBroker(s.Text)
	}
	var last error
	for range 12 {
		if err := x.oneFetch(ctx, f); err != nil {
			return err
		}
		if last = x.replicated(ctx, f); last == nil {
			return nil
		}
	}
	return diverged{"after 12 fetches " + last.Error()}
}

// oneFetch lets one fetch of a follower and its answer through, and waits for the next.
func (x *run) oneFetch(ctx context.Context, f int) error {
	m, err := x.awaitMessage(ctx, fmt.Sprintf("the fetch of b%d", f), fetchOf(f))
	if err != nil {
		return err
	}
	x.c.traffic.let(m, passes)
	_, err = x.awaitMessage(ctx, fmt.Sprintf("the next fetch of b%d", f), fetchOf(f))
	return err
}

// replicated says whether the follower's log, and the high watermarks of the leader and of the follower, are what the
// model says.
func (x *run) replicated(ctx context.Context, f int) error {
	name := "b" + strconv.Itoa(f)
	if want, known := x.want[name+".log"]; known {
		if got, err := x.log(f); err != nil || got != want {
			return fmt.Errorf("%s's log is %q, not %q", name, got, want)
		}
	}
	for _, b := range []int{x.followed(f), f} {
		if err := x.sameHighWatermark(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// followed is the broker that a follower follows, as the model says.
func (x *run) followed(f int) int {
	return namedBroker(strings.TrimPrefix(x.want[fmt.Sprintf("b%d.role", f)], "follower of "))
}

// sameHighWatermark compares a replica's high watermark with the model's. That of a follower may be ahead of it: the
// answer to a fetch that found nothing new carries what the leader knows when it answers.
func (x *run) sameHighWatermark(ctx context.Context, b int) error {
	want, err := strconv.Atoi(x.want[fmt.Sprintf("b%d.high-watermark", b)])
	if b == 0 || err != nil || !x.c.nodes[b].running() {
		return nil
	}
	log, err := readLog(x.logDir(b))
	if err != nil {
		return err
	}
	got, err := x.c.look(ctx, b, x.topic, x.partition, -1, len(log)) // the start of the log may have moved
	if err != nil || got.code != 0 {
		return nil // it cannot say
	}
	leads := strings.HasPrefix(x.want[fmt.Sprintf("b%d.role", b)], "leader")
	if got.hw == want || !leads && got.hw > want {
		return nil
	}
	return fmt.Errorf("b%d's high watermark is %d, not %d", b, got.hw, want)
}

// Error codes of Kafka.
const (
	codeOutOfRange     = 1
	codeUnknownTopic   = 3
	codeNotLeader      = 6
	codeFencedEpoch    = 74
	codeUnknownEpoch   = 75
	codeUnknownTopicID = 100
)

// controllerFences waits until the controller counts a broker as gone.
func controllerFences(x *run, ctx context.Context, s *verdict.Step) error {
	f := namedBroker(s.Text)
	err := x.awaitThat(ctx, fmt.Sprintf("the controller to notice that b%d is gone", f), func() (bool, error) {
		alive, err := x.c.alive(ctx)
		return err == nil && !slices.Contains(alive, f), err
	})
	if err != nil {
		return err
	}
	return x.awaitDecision(ctx)
}

// awaitDecision waits until the controller's leader and in-sync set are the model's, and the leader knows of it.
func (x *run) awaitDecision(ctx context.Context) error {
	err := x.awaitThat(ctx, "the controller's decision", func() (bool, error) {
		if err := x.sameDecision(ctx); err != nil {
			return false, err
		}
		return true, nil
	})
	if err != nil || x.sameISR(ctx) != nil { // the controller is ahead of the trace
		return err
	}
	l := x.leader()
	if l == 0 || x.learnt[l] < len(x.decisions) || x.cut(l) {
		return nil
	}
	want := x.want["isr"]
	return x.leaderKnows(ctx, l, func(p partition, _ []int) bool { return setText(p.isr) == want })
}

// cut says whether the model has a broker cut off.
func (x *run) cut(b int) bool {
	return strings.HasSuffix(x.want[fmt.Sprintf("b%d.role", b)], "cut off")
}

// controllerElects waits until the controller has elected the leader of the trace, or taken the partition offline.
func controllerElects(x *run, ctx context.Context, s *verdict.Step) error {
	l := x.leader()
	if l > 0 {
		if x.before["leader"] == "none" {
			if err := x.reorderFor(ctx, l); err != nil {
				return err
			}
			x.closeLearning()
		}
		if err := x.unfence(ctx, l); err != nil {
			return err
		}
	}
	err := x.awaitThat(ctx, "the election", func() (bool, error) {
		p, err := x.c.describe(ctx, x.topic, x.partition)
		if err != nil {
			return false, err
		}
		if max(p.leader, 0) != l {
			return false, fmt.Errorf("the leader is %d", p.leader)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	if err := x.decided(ctx); err != nil {
		return err
	}
	return x.awaitDecision(ctx)
}

// prepareElection makes the next leader of the trace the one that the controller prefers.
func (x *run) prepareElection(ctx context.Context) error {
	i := x.ahead(func(s *verdict.Step) bool { return s.Action == "ControllerElectsLeader" })
	if i < 0 {
		return nil
	}
	for _, c := range x.steps[i].Changes {
		if c.What == "leader" {
			return x.reorderFor(ctx, brokerOf(c.After))
		}
	}
	return nil
}

// reorderFor puts a broker first among the replicas.
func (x *run) reorderFor(ctx context.Context, first int) error {
	if first == 0 || x.order[0] == first {
		return nil
	}
	order := []int{first}
	for _, b := range x.order {
		if b != first {
			order = append(order, b)
		}
	}
	if err := x.c.reorder(ctx, x.topic, x.partition, order); err != nil {
		return fmt.Errorf("the order of the replicas cannot be changed: %w", err)
	}
	x.order = order
	for b := 1; b <= x.replicas; b++ {
		if !x.c.nodes[b].running() || x.cut(b) || x.deaf[b] {
			continue
		}
		err := x.awaitThat(ctx, fmt.Sprintf("b%d to learn of the order of the replicas", b), func() (bool, error) {
			p, _, err := x.c.believes(ctx, b, x.topic, x.partition)
			return err == nil && slices.Equal(p.replicas, order), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// brokerRestarts starts a broker that is down. The leader does not hear that it is there until the trace needs it, so that
// it does not take it into the in-sync set before.
func brokerRestarts(x *run, ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s.Actor)
	if x.power[b] {
		keep := len(strings.Fields(x.want[fmt.Sprintf("b%d.log", b)]))
		if err := truncateLog(x.logDir(b), keep); err != nil {
			return unforceable{err.Error()}
		}
		delete(x.power, b)
	}
	delete(x.disk, b)
	x.hears(b)
	if l := x.leader(); l > 0 && l != b && x.c.nodes[l].running() {
		x.deafen(l)
	}
	if x.fenced[b] {
		x.c.traffic.open(gate("beat", b))
		delete(x.fenced, b)
	}
	if err := x.c.nodes[b].start(x.c.logging); err != nil {
		return err
	}
	err := x.awaitWithin(ctx, startLimit, fmt.Sprintf("b%d to start", b), func() (bool, error) {
		r, err := x.c.look(ctx, b, x.topic, x.partition, -1, 0)
		if err != nil {
			return false, err
		}
		return r.code != codeUnknownTopic && r.code != codeUnknownTopicID, fmt.Errorf("it does not know %s", x.topic)
	})
	if err != nil {
		return err
	}
	x.learnt[b] = len(x.decisions)
	if len(x.decisions) > 0 && x.leader() > 0 {
		if err := x.awaitEpoch(ctx, b); err != nil {
			return err
		}
	}
	return x.awaitLog(ctx, b)
}

// partitionHeals lets everything through again to and from a broker that was cut off.
func partitionHeals(x *run, ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s.Actor)
	x.c.breakNode(b, false)
	x.c.traffic.open(gate("cut", b))
	return x.awaitThat(ctx, fmt.Sprintf("the controller to count b%d as there", b), func() (bool, error) {
		alive, err := x.c.alive(ctx)
		return slices.Contains(alive, b), err
	})
}
