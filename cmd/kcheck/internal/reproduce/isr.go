package reproduce

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// leaderExpandsISR has a follower fetch while the leader may take it into the in-sync set, and lets the leader's request
// for that through. What the fetch would copy it does not get: that is a step of its own.
func leaderExpandsISR(x *run, ctx context.Context, s *verdict.Step) error {
	f := brokerOf(s.Actor)
	l := x.leader()
	if err := x.unfence(ctx, f); err != nil {
		return err
	}
	if err := x.leaderKnows(ctx, l, func(p partition, alive []int) bool { return slices.Contains(alive, f) }); err != nil {
		return err
	}
	alter := altersOf(l)
	copies := x.want[fmt.Sprintf("b%d.log", f)] != x.want[fmt.Sprintf("b%d.log", l)]
	for range 10 {
		m := x.c.traffic.first(alter)
		if m == nil {
			if err := x.fetchForISR(ctx, f, copies); err != nil {
				return err
			}
			time.Sleep(30 * time.Millisecond)
			m = x.c.traffic.first(alter)
		}
		if m != nil && x.asksFor(m, x.want["isr"]) {
			x.c.traffic.let(m, passes)
		} else if m != nil {
			x.c.traffic.let(m, breaks) // it is about another follower, whose turn it is not
		}
		if x.awaitWithin(ctx, time.Second, "", func() (bool, error) { return x.sameISR(ctx) == nil, nil }) == nil {
			break
		}
	}
	if err := x.sameISR(ctx); err != nil {
		return diverged{err.Error()}
	}
	return x.leaderKnows(ctx, l, func(p partition, _ []int) bool { return slices.Contains(p.isr, f) })
}

// asksFor says whether a request for another in-sync set asks for the one that the trace has next.
func (x *run) asksFor(m *message, want string) bool {
	r, ok := m.request().(*kmsg.AlterPartitionRequest)
	if !ok {
		return true
	}
	for _, t := range r.Topics {
		for _, p := range t.Partitions {
			isr := ints(p.NewISR)
			for _, b := range p.NewEpochISR {
				isr = append(isr, int(b.BrokerID))
			}
			if setText(sorted(isr)) == want {
				return true
			}
		}
	}
	return false
}

// fetchForISR lets one fetch through; where it would copy something, its connection breaks before the answer.
func (x *run) fetchForISR(ctx context.Context, f int, copies bool) error {
	if !copies {
		return x.oneFetch(ctx, f)
	}
	x.c.traffic.hold("answer", fetchAnswerOf(f))
	defer x.c.traffic.open("answer")
	m, err := x.awaitMessage(ctx, fmt.Sprintf("the fetch of b%d", f), fetchOf(f))
	if err != nil {
		return err
	}
	x.c.traffic.let(m, passes)
	a, err := x.awaitMessage(ctx, fmt.Sprintf("the answer to the fetch of b%d", f), fetchAnswerOf(f))
	if err != nil {
		return err
	}
	x.c.traffic.let(a, breaks)
	_, err = x.awaitMessage(ctx, fmt.Sprintf("the next fetch of b%d", f), fetchOf(f))
	return err
}

// unfence lets the heartbeats of a broker through again and waits until the controller counts it as there.
func (x *run) unfence(ctx context.Context, b int) error {
	if !x.fenced[b] {
		return nil
	}
	x.c.traffic.open(gate("beat", b))
	delete(x.fenced, b)
	return x.awaitThat(ctx, fmt.Sprintf("the controller to count b%d as there", b), func() (bool, error) {
		alive, err := x.c.alive(ctx)
		return slices.Contains(alive, b), err
	})
}

// fence holds the heartbeats of a broker.
func (x *run) fence(b int) {
	x.fenced[b] = true
	x.sessions[b]++
	x.c.traffic.hold(gate("beat", b), heartbeatsOf(b))
}

// leaderKnows waits until the leader itself has learnt something the controller decided.
func (x *run) leaderKnows(ctx context.Context, l int, holds func(p partition, alive []int) bool) error {
	if l == 0 || !x.c.nodes[l].running() || x.learnt[l] < len(x.decisions) {
		return nil
	}
	x.hears(l)
	err := x.awaitThat(ctx, fmt.Sprintf("b%d to learn of the in-sync set", l), func() (bool, error) {
		p, alive, err := x.c.believes(ctx, l, x.topic, x.partition)
		return err == nil && holds(p, alive), err
	})
	time.Sleep(20 * time.Millisecond) // from the broker's metadata to its replicas
	return err
}

// sameISR compares the controller's in-sync set with the model's.
func (x *run) sameISR(ctx context.Context) error {
	want, known := x.want["isr"]
	if !known {
		return nil
	}
	p, err := x.c.describe(ctx, x.topic, x.partition)
	if err != nil {
		return err
	}
	if got := setText(p.isr); got != want {
		return fmt.Errorf("the in-sync set is %s, not %s", got, want)
	}
	return nil
}

// setText writes a set of brokers as the model does.
func setText(brokers []int) string {
	names := make([]string, len(brokers))
	for i, b := range brokers {
		names[i] = "b" + strconv.Itoa(b)
	}
	return "{" + strings.Join(names, ",") + "}"
}
