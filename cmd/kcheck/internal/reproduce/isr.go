package reproduce

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// leaderExpandsISR has a follower fetch while the leader may take it into the in-sync set, and lets the leader's request
// for that through. What the fetch would copy it does not get: that is a step of its own.
func (rp *replay) leaderExpandsISR(ctx context.Context, s *verdict.Step) error {
	f, l := brokerOf(s), rp.leader()
	if err := rp.unfence(ctx, f); err != nil {
		return err
	}
	if err := rp.leaderKnows(ctx, l, func(p cluster.Decision, alive []int) bool { return slices.Contains(alive, f) }); err != nil {
		return err
	}
	alter := altersOf(l)
	followers, _ := rp.want.log(f)
	leaders, _ := rp.want.log(l)
	copies := !slices.Equal(followers, leaders)
	for range 10 {
		if !rp.cluster.Home.HasAdminRequests() && rp.sameISR(ctx) == nil {
			break // the leader has done it in the fetch that showed it; another would show that the follower has more
		}
		m := rp.cluster.Traffic.First(alter)
		if m == nil {
			if err := rp.fetchForISR(ctx, f, copies); err != nil {
				return err
			}
			time.Sleep(30 * time.Millisecond)
			m = rp.cluster.Traffic.First(alter)
		}
		if m != nil && asksFor(m, rp.want.isr()) {
			rp.cluster.Traffic.Let(m, proxy.Passes)
		} else if m != nil {
			rp.cluster.Traffic.Let(m, proxy.Breaks) // it is about another follower, whose turn it is not
		}
		if rp.awaitWithin(ctx, time.Second, "", func() (bool, error) { return rp.sameISR(ctx) == nil, nil }) == nil {
			break
		}
	}
	if err := rp.sameISR(ctx); err != nil {
		return diverged{err.Error(), err}
	}
	return rp.leaderKnows(ctx, l, func(p cluster.Decision, _ []int) bool { return slices.Contains(p.ISR, f) })
}

// countedEarly is a follower that the high watermark of the leader waits for although in the trace it is not in the in-sync set yet; 0
// for none. A leader takes a follower into the set, or asks for that, in the fetch that shows that it has caught up, and
// nothing can hold that back; in the model that is a step of its own.
func (rp *replay) countedEarly(ctx context.Context) int {
	l := rp.leader()
	if l == 0 || !rp.leads(l) || !rp.cluster.Node(l).Running() {
		return 0
	}
	want, followed := rp.want.number(ofBroker(l, "high-watermark"))
	records, err := rp.partition.Log(l)
	if !followed || err != nil {
		return 0
	}
	got, err := rp.partition.Look(ctx, l, cluster.AnyEpoch, len(records))
	if err != nil || got.Err != nil || got.HighWatermark >= want {
		return 0
	}
	d, err := rp.partition.Decided(ctx)
	if err != nil {
		return 0
	}
	counted := d.ISR
	if m := rp.cluster.Traffic.First(altersOf(l)); m != nil {
		sets, _ := asked(m)
		counted = append(counted, slices.Concat(sets...)...)
	}
	for _, f := range counted {
		if f != l && !slices.Contains(rp.want.isr(), f) && rp.cluster.Node(f).Running() {
			return f
		}
	}
	return 0
}

// asksFor says whether a request for another in-sync set asks for the one that the trace has next.
func asksFor(m *proxy.Message, want []int) bool {
	sets, known := asked(m)
	return !known || slices.ContainsFunc(sets, func(isr []int) bool { return slices.Equal(isr, want) })
}

// asked are the in-sync sets that a request asks for, sorted; not known where it is a request of another kind.
func asked(m *proxy.Message) (sets [][]int, known bool) {
	r, ok := m.Request().(*kmsg.AlterPartitionRequest)
	if !ok {
		return nil, false
	}
	for _, t := range r.Topics {
		for _, p := range t.Partitions {
			isr := ints(p.NewISR)
			for _, b := range p.NewEpochISR {
				isr = append(isr, int(b.BrokerID))
			}
			slices.Sort(isr)
			sets = append(sets, isr)
		}
	}
	return sets, true
}

// fetchForISR lets one fetch through; where it would copy something, its connection breaks before the answer.
func (rp *replay) fetchForISR(ctx context.Context, f int, copies bool) error {
	if !copies {
		return rp.oneFetch(ctx, f)
	}
	return rp.unansweredFetch(ctx, f)
}

// unansweredFetch lets one fetch of a follower through, breaks its connection before the answer, and waits for the next.
func (rp *replay) unansweredFetch(ctx context.Context, f int) error {
	rp.cluster.Traffic.Hold("answer", fetchAnswerOf(f))
	defer rp.cluster.Traffic.Open("answer")
	m, err := rp.awaitFetch(ctx, f)
	if err != nil {
		return err
	}
	rp.cluster.Traffic.Let(m, proxy.Passes)
	a, err := rp.awaitMessage(ctx, fmt.Sprintf("the answer to the fetch of b%d", f), fetchAnswerOf(f))
	if err != nil {
		return err
	}
	rp.cluster.Traffic.Let(a, proxy.Breaks)
	_, err = rp.awaitMessage(ctx, fmt.Sprintf("the next fetch of b%d", f), fetchOf(f))
	return err
}

// leaderKnows waits until the leader itself has learnt something the controller decided.
func (rp *replay) leaderKnows(ctx context.Context, l int, holds func(p cluster.Decision, alive []int) bool) error {
	if l == 0 || !rp.cluster.Node(l).Running() || !rp.learning.current(l) {
		return nil
	}
	rp.hears(l)
	if !rp.cluster.Home.HasAdminRequests() {
		return rp.awaitThat(ctx, fmt.Sprintf("b%d to learn of the in-sync set", l), func() (bool, error) { return rp.told(l) })
	}
	err := rp.awaitThat(ctx, fmt.Sprintf("b%d to learn of the in-sync set", l), func() (bool, error) {
		p, alive, err := rp.partition.Believed(ctx, l)
		return err == nil && holds(p, alive), err
	})
	time.Sleep(20 * time.Millisecond) // from the broker's metadata to its replicas
	return err
}

// sameISR compares the controller's in-sync set with the model's.
func (rp *replay) sameISR(ctx context.Context) error {
	if !rp.want.has("isr") {
		return nil
	}
	d, err := rp.partition.Decided(ctx)
	if err != nil {
		return err
	}
	if want := rp.want.isr(); !slices.Equal(d.ISR, want) {
		return fmt.Errorf("the in-sync set is %s, not %s", setText(d.ISR), setText(want))
	}
	return nil
}

func ints(list []int32) []int {
	all := make([]int, len(list))
	for i, n := range list {
		all[i] = int(n)
	}
	return all
}
