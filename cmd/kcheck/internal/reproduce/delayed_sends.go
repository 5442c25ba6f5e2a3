package reproduce

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// delaySends puts a send that a leader appends after it has become one behind whatever made it the leader. The client sends at once to
// whom it takes for the leader, and in the model the message waits in the producer until it arrives.
func (t *trace) delaySends() {
	for i := len(t.steps) - 1; i >= 0; i-- {
		if t.steps[i].Action != "ProducerSends" {
			continue
		}
		m := t.steps[i].Params.Message
		n := slices.IndexFunc(t.steps[i+1:], func(s verdict.Step) bool { return s.Params.Message == m })
		if n < 1 || !t.mayBeSentLate(&t.steps[i+1+n]) {
			continue
		}
		n = sentBefore(t.steps[i+1 : i+1+n])
		between := t.steps[i+1 : i+1+n]
		if t.scala() || slices.ContainsFunc(t.steps[:i+1+n], func(s verdict.Step) bool { return elected(&s) != 0 }) {
			send := t.steps[i]
			copy(t.steps[i:], between)
			t.steps[i+n] = send
		}
	}
}

// sentBefore is before which of the steps between a send and the next step about its message it is played at the latest. Other sends,
// whose order counts, and what meets all that is in flight, keep it where it is; what has the client send another message again comes
// behind it, unless that one is appended before it.
func sentBefore(between []verdict.Step) int {
	for i := range between {
		switch between[i].Action {
		case "ProducerSends", "ProducerCrashes", "RequestIsLost", "ResponseIsLost":
			return 0
		case "LeaderRefuses", "LeaderRefusesSequence", "LeaderRefusesAfterAppend", "RequestTimesOut":
			if !slices.ContainsFunc(between[i:], func(s verdict.Step) bool { return isStep("LeaderAppends", between[i].Params.Message)(&s) }) {
				return i
			}
		}
	}
	return len(between)
}

// mayBeSentLate says whether the send of a message may be delayed until its next step. The Scala producer makes its attempts whether
// there is a leader or not, and has few.
func (t *trace) mayBeSentLate(next *verdict.Step) bool {
	return next.Action == "LeaderAppends" || next.Action == "LeaderRefuses" && t.asksInTheTrace() && !t.queues()
}

// learnsLeader has the producer ask for metadata before a send after a change of the leader: it has no reason to ask but a connection
// that breaks, and an attempt at a former leader would be one that the trace does not have. It is to ask the service node, which
// knows every decision and which it is connected to; the connections on which it waits for an answer are left alone.
func (rp *replay) learnsLeader(ctx context.Context, s *verdict.Step) error {
	if rp.asksInTheTrace() {
		return rp.scalaLearnsLeader(ctx, s.Params.Message)
	}
	decided := len(rp.learning.decisions)
	if rp.app.told >= decided || !rp.appendedByNewest(s.Params.Message) || rp.retries() {
		return nil
	}
	asks := requestsOf(producerID, kmsg.Metadata, false)
	rp.cluster.Traffic.Hold("metadata", asks)
	defer rp.cluster.Traffic.Open("metadata")
	busy := rp.awaitedFrom()
	rp.disconnectFrom(func(b int) bool { return b != cluster.ServiceNode && !slices.Contains(busy, b) })
	for range rp.cluster.IDs() {
		m := rp.soonHeld(ctx, asks)
		if m == nil { // it had no connection that could break
			rp.disconnectFrom(func(b int) bool { return b == cluster.ServiceNode })
			m = rp.soonHeld(ctx, asks)
		}
		if m == nil {
			return ctx.Err()
		}
		if m.Link.Node == cluster.ServiceNode || slices.Contains(busy, m.Link.Node) {
			rp.cluster.Traffic.Let(m, proxy.Passes)
			rp.wait(ctx, metadataPause)
			rp.app.told = decided
			return nil
		}
		rp.cluster.Traffic.Let(m, proxy.Breaks)
	}
	return nil
}

// disconnectFrom breaks the connections of the producer to some nodes.
func (rp *replay) disconnectFrom(to func(node int) bool) {
	for _, b := range rp.cluster.IDs() {
		if to(b) {
			rp.cluster.Proxy(proxy.ClientLink, b).Break(func(client string) bool { return strings.HasPrefix(client, producerID) })
		}
	}
}

// appendedByNewest says that the next step about a message is that the newest leader appends it.
func (rp *replay) appendedByNewest(m model.MessageID) bool {
	i := rp.ahead(func(s *verdict.Step) bool { return s.Params.Message == m && s.Action != "ProducerSends" })
	return i >= 0 && rp.steps[i].Action == "LeaderAppends" && brokerOf(&rp.steps[i]) == rp.learning.newest().leader
}

// retries says that the producer has a message that it sends again: it asks who leads by itself then.
func (rp *replay) retries() bool {
	for _, v := range rp.before {
		if v.Word == model.Retrying.String() {
			return true
		}
	}
	return false
}

// soonHeld is a message that a rule picks, if one comes within 2 s; else nil.
func (rp *replay) soonHeld(ctx context.Context, pick proxy.Rule) *proxy.Message {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	m, err := rp.cluster.Traffic.Await(ctx, pick)
	if err != nil {
		return nil
	}
	return m
}

// awaitedFrom are the brokers from which the producer awaits answers, or to which a request of it is on its way.
func (rp *replay) awaitedFrom() (brokers []int) {
	for b := 1; b <= rp.replicas; b++ {
		sends := requestsOf(producerID, kmsg.Produce, false)
		if rp.cluster.Traffic.First(func(m *proxy.Message) bool { return m.Link.Node == b && sends(m) }) != nil {
			brokers = append(brokers, b)
		}
	}
	for m, r := range rp.requests.sent {
		if rp.want.is(m, model.Awaiting) {
			brokers = append(brokers, r.Link.Node)
		}
	}
	return brokers
}

// metadataPause is how long a client may take to read an answer.
const metadataPause = 300 * time.Millisecond
