package reproduce

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// producerSends calls send; the request stays at the proxy until the trace says what becomes of it.
func (rp *replay) producerSends(ctx context.Context, s *verdict.Step) error {
	m := s.Params.Message
	if err := rp.learnsLeader(ctx, s); err != nil {
		return err
	}
	if err := rp.send(ctx, m); err != nil {
		return err
	}
	if rp.at+1 < len(rp.steps) && rp.steps[rp.at+1].N < s.N && rp.steps[rp.at+1].Action == "RequestIsLost" { // a loss that is played late: it is to be in flight by then
		return rp.awaitThat(ctx, m.String()+" to be on its way", func() (bool, error) { return rp.cluster.Traffic.HasRead(produces(m)), nil })
	}
	return nil
}

// awaitRequestWith waits for the produce request with a message, or the end of its send. What the Scala producer asks about the leader
// meanwhile is answered, but for a client that goes on to take broker b for it.
func (rp *replay) awaitRequestWith(ctx context.Context, m model.MessageID, b int) (*proxy.Message, error) {
	what := "the produce request with " + m.String()
	var r *proxy.Message
	err := rp.awaitThat(ctx, what, func() (bool, error) {
		if r = rp.cluster.Traffic.First(produces(m)); r != nil {
			return true, nil
		}
		if err := rp.of(m).err; err != nil && rp.requests.more[m] {
			return false, poll.Final{Err: unforceable{"an attempt that the trace does not have was the last: " + err.Error()}}
		} else if err != nil {
			return false, poll.Final{Err: fmt.Errorf("the send failed: %w", err)}
		}
		if rp.before.is(m, model.Queued) && rp.triesAgain(m) {
			rp.requests.more[m] = true // on a connection that a broker's end had broken
		}
		return false, rp.answerMetadata(ctx, b)
	})
	if d := (diverged{}); errors.As(err, &d) && rp.before.is(m, model.Queued) && rp.of(m).err == nil && rp.cluster.Traffic.HasRead(produces(m)) {
		return nil, unforceable{fmt.Sprintf("the client has sent %s behind another message, on one connection", m)}
	}
	return r, err
}

// request waits for the produce request with a message at broker b. One at a broker that refuses it is let through together
// with its answer: the client finds out that it is not the leader. Whom a client takes for the leader is its own affair:
// where it is another than the trace says, and that one would take the request, the step cannot be forced.
func (rp *replay) request(ctx context.Context, m model.MessageID, b int) (*proxy.Message, error) {
	for try := range 8 {
		r, err := rp.awaitRequestWith(ctx, m, 0)
		if err != nil || r.Link.Node == b {
			return r, err
		}
		if rp.leads(r.Link.Node) {
			return nil, unforceable{fmt.Sprintf("the client sends %s to b%d, which it takes for the leader, and not to b%d", m, r.Link.Node, b)}
		}
		if try == 0 {
			rp.note("step %d: the client sends %s to b%d first, which refuses it", rp.number(), m, r.Link.Node)
		}
		rp.cluster.Traffic.Let(r, proxy.Passes)
		rp.requests.more[m] = true
		if err := rp.refused(ctx, m, r); err != nil {
			return nil, err
		}
	}
	return nil, unforceable{fmt.Sprintf("the client does not take b%d for the leader", b)}
}

// refused lets the answer to a request through that a broker refuses, unless its connection breaks before.
func (rp *replay) refused(ctx context.Context, m model.MessageID, r *proxy.Message) error {
	return rp.awaitThat(ctx, "the answer of a broker that does not lead", func() (bool, error) {
		if a := rp.cluster.Traffic.First(func(a *proxy.Message) bool { return a.Response && a.Of == r }); a != nil {
			rp.cluster.Traffic.Let(a, proxy.Passes)
			return true, nil
		}
		return rp.triesAgain(m), nil
	})
}

// triesAgain says that the client has given an attempt with a message up and begun another: the request is there, or the Scala
// producer asks who leads.
func (rp *replay) triesAgain(m model.MessageID) bool {
	return rp.cluster.Traffic.First(produces(m)) != nil || rp.scala() && rp.cluster.Traffic.First(asksWhoLeads) != nil
}

// outcomeRemembered is the outcome of a request whose record the leader has: it remembers the sequence number.
const outcomeRemembered = "remembered"

// leaderAppends lets a produce request through and waits until its record is in the log. The answer is held.
func (rp *replay) leaderAppends(ctx context.Context, s *verdict.Step) error {
	m, b := s.Params.Message, brokerOf(s)
	r, err := rp.request(ctx, m, b)
	if err != nil {
		return err
	}
	rp.cluster.Traffic.Let(r, proxy.Passes)
	rp.requests.sent[m] = r
	if s.Outcome == outcomeRemembered {
		rp.wait(ctx, 100*time.Millisecond) // nothing shows it before the answer, which may have to wait for followers
	}
	return rp.awaitLog(ctx, b)
}

// awaitLog waits until a replica's log is what the model says.
func (rp *replay) awaitLog(ctx context.Context, b int) error {
	want, followed := rp.want.log(b)
	if !followed {
		return nil
	}
	return rp.awaitThat(ctx, fmt.Sprintf("b%d's log to be %q", b, logText(want)), func() (bool, error) {
		err := rp.sameLog(b)
		return err == nil, err
	})
}

// producerReceivesAck lets the answer through and waits until the application has it.
func (rp *replay) producerReceivesAck(ctx context.Context, s *verdict.Step) error {
	m := s.Params.Message
	if err := rp.answerArrives(ctx, s); err != nil {
		return err
	}
	return rp.awaitAcked(ctx, m)
}

func (rp *replay) awaitAcked(ctx context.Context, m model.MessageID) error {
	if rp.queues() {
		return nil // nobody is told
	}
	return rp.awaitThat(ctx, "the acknowledgement of "+m.String(), func() (bool, error) {
		o := rp.of(m)
		if o.err != nil {
			return false, fmt.Errorf("the send failed: %w", o.err)
		}
		return o.told, nil
	})
}

// answerArrives lets the answer to the last request with a message through, and before it the answers that stand before it
// on the same connection: the model has answers come in any order.
func (rp *replay) answerArrives(ctx context.Context, s *verdict.Step) error {
	m := s.Params.Message
	err := rp.awaitThat(ctx, "the answer to the request with "+m.String(), func() (bool, error) {
		if rp.of(m).told {
			return true, nil
		}
		if rp.queues() && rp.acks() == "0" {
			return rp.cluster.Traffic.First(produces(m)) == nil, nil
		}
		if a := rp.cluster.Traffic.First(answers(m)); a != nil {
			rp.cluster.Traffic.Let(a, proxy.Passes)
			return true, nil
		}
		if r := rp.requests.sent[m]; r != nil {
			if a := rp.cluster.Traffic.First(func(a *proxy.Message) bool { return a.Response && a.API == kmsg.Produce && a.SameConnection(r) }); a != nil {
				rp.note("step %d: an answer that was to come later stands before that about %s on its connection", rp.number(), m)
				rp.cluster.Traffic.Let(a, proxy.Passes)
			}
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	return rp.awaitPhase(ctx, m)
}

// awaitPhase waits until the producer is where the model says it is with a message, as far as that can be seen.
func (rp *replay) awaitPhase(ctx context.Context, m model.MessageID) error {
	if rp.asksInTheTrace() && rp.want.is(m, model.Failed) {
		rp.cluster.Traffic.Open("metadata")
		defer rp.holdMetadata()
	}
	switch {
	case rp.want.is(m, model.Acked):
		return rp.awaitAcked(ctx, m)
	case rp.want.is(m, model.Failed) && rp.queues() && rp.steps[rp.at].Action != "SendMeetsFullQueue":
		return rp.awaitThat(ctx, "the producer to drop "+m.String(), rp.saysDropped)
	case rp.want.is(m, model.Failed):
		return rp.awaitThat(ctx, "the failure of "+m.String(), func() (bool, error) {
			o := rp.of(m)
			if o.acked {
				return false, errors.New("the send was acknowledged")
			}
			return o.told, nil
		})
	}
	return nil
}

// leaderRefuses lets a request through that the broker refuses, and the answer.
func (rp *replay) leaderRefuses(ctx context.Context, s *verdict.Step) error {
	m, b := s.Params.Message, brokerOf(s)
	r, err := rp.awaitRequestWith(ctx, m, b)
	if err != nil {
		return err
	}
	if r.Link.Node != b {
		return unforceable{fmt.Sprintf("the client takes b%d for the leader, not b%d", r.Link.Node, b)}
	}
	if d, err := rp.partition.Decided(ctx); err == nil && d.Leader == b && rp.leader() == 0 {
		return unforceable{fmt.Sprintf("b%d leads again as soon as it is back", b)}
	}
	rp.cluster.Traffic.Let(r, proxy.Passes)
	if rp.cluster.Node(b).Running() {
		return rp.answerArrives(ctx, s)
	}
	return rp.awaitPhase(ctx, m)
}

// sendIsLost lets a request without acknowledgement go to a broker that cannot take it any more.
func (rp *replay) sendIsLost(ctx context.Context, s *verdict.Step) error {
	m := s.Params.Message
	r, err := rp.awaitRequestWith(ctx, m, 0)
	if err != nil {
		return err
	}
	rp.cluster.Traffic.Let(r, proxy.Passes)
	return rp.awaitPhase(ctx, m)
}

// requestTimesOut waits until the client has given an attempt up.
func (rp *replay) requestTimesOut(ctx context.Context, s *verdict.Step) error {
	m := s.Params.Message
	first := rp.requests.sent[m]
	err := rp.awaitThat(ctx, "the request with "+m.String()+" to time out", func() (bool, error) {
		if r := rp.cluster.Traffic.First(answers(m)); r != nil {
			rp.cluster.Traffic.Let(r, proxy.Passes) // the broker says REQUEST_TIMED_OUT
		}
		again := rp.cluster.Traffic.First(produces(m))
		return rp.of(m).err != nil || again != nil && again != first || again == nil && rp.triesAgain(m), nil
	})
	if err != nil {
		return err
	}
	return rp.awaitPhase(ctx, m)
}

// producerGivesUp waits until the application is told that a send failed. The Scala producer has no time for it, only retries:
// they are used up at brokers that do not lead.
func (rp *replay) producerGivesUp(ctx context.Context, s *verdict.Step) error {
	m := s.Params.Message
	if rp.scala() {
		if err := rp.useUpRetries(ctx, m); err != nil {
			return err
		}
	}
	return rp.awaitPhase(ctx, m)
}
