package reproduce

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

func init() {
	for name, h := range map[string]func(x *run, ctx context.Context, s *verdict.Step) error{
		"ProducerSends":            producerSends,
		"LeaderAppends":            leaderAppends,
		"ProducerReceivesAck":      producerReceivesAck,
		"LeaderRefuses":            leaderRefuses,
		"LeaderRefusesAfterAppend": answerArrives,
		"LeaderRefusesSequence":    leaderRefuses,
		"SendIsLost":               sendIsLost,
		"RequestTimesOut":          requestTimesOut,
		"ProducerGivesUp":          producerGivesUp,
		"RequestIsLost":            requestIsLost,
		"ResponseIsLost":           responseIsLost,
		"RequestIsDelayed":         requestIsDelayed,
		"LateRequestArrives":       lateRequestArrives,
		"SendIsRefused":            sendIsRefused,
		"ProducerCrashes":          producerCrashes,
		"BrokersAreSlow":           brokersAreSlow,
		"SendMeetsFullQueue":       sendMeetsFullQueue,
		"BrokersAnswerAgain":       brokersAnswerAgain,
	} {
		handlers[name] = h
	}
}

// isStep picks the steps of an action about a message.
func isStep(action, m string) func(s *verdict.Step) bool {
	return func(s *verdict.Step) bool { return s.Action == action && messageOf(s) == m }
}

// producerSends calls send; the request stays at the proxy until the trace says what becomes of it.
func producerSends(x *run, ctx context.Context, s *verdict.Step) error {
	m := messageOf(s)
	if err := x.send(ctx, m); err != nil {
		return err
	}
	if x.at+1 < len(x.steps) && x.steps[x.at+1].N < s.N { // a loss that is played late: it is to be in flight by then
		return x.awaitThat(ctx, m+" to be on its way", func() (bool, error) { return x.c.traffic.hasRead(produces(m)), nil })
	}
	return nil
}

// request waits for the produce request with a message at broker b. One at a broker that refuses it is let through together
// with its answer: the client finds out that it is not the leader. Whom a client takes for the leader is its own affair:
// where it is another than the trace says, and that one would take the request, the step cannot be forced.
func (x *run) request(ctx context.Context, m string, b int) (*message, error) {
	for try := range 8 {
		r, err := x.awaitMessage(ctx, "the produce request with "+m, produces(m))
		if err != nil || r.link.node == b {
			return r, err
		}
		if strings.HasPrefix(x.want[fmt.Sprintf("b%d.role", r.link.node)], "leader") {
			return nil, unforceable{fmt.Sprintf("the client sends %s to b%d, which it takes for the leader, and not to b%d", m, r.link.node, b)}
		}
		if try == 0 {
			x.note("step %d: the client sends %s to b%d first, which refuses it", x.number(), m, r.link.node)
		}
		x.c.traffic.let(r, passes)
		if err := x.refused(ctx, m, r); err != nil {
			return nil, err
		}
	}
	return nil, unforceable{fmt.Sprintf("the client does not take b%d for the leader", b)}
}

// refused lets the answer to a request through that a broker refuses, unless its connection breaks before.
func (x *run) refused(ctx context.Context, m string, r *message) error {
	return x.awaitThat(ctx, "the answer of a broker that does not lead", func() (bool, error) {
		if a := x.c.traffic.first(func(a *message) bool { return a.response && a.of == r }); a != nil {
			x.c.traffic.let(a, passes)
			return true, nil
		}
		return x.c.traffic.first(produces(m)) != nil, nil
	})
}

// leaderAppends lets a produce request through and waits until its record is in the log. The answer is held.
func leaderAppends(x *run, ctx context.Context, s *verdict.Step) error {
	m, b := messageOf(s), brokerOf(s.Actor)
	r, err := x.request(ctx, m, b)
	if err != nil {
		return err
	}
	x.c.traffic.let(r, passes)
	x.sent[m] = r
	if strings.Contains(s.Text, "no second time") {
		x.wait(ctx, 100*time.Millisecond) // nothing shows it before the answer, which may have to wait for followers
	}
	return x.awaitLog(ctx, b)
}

// awaitLog waits until a replica's log is what the model says.
func (x *run) awaitLog(ctx context.Context, b int) error {
	want, known := x.want[fmt.Sprintf("b%d.log", b)]
	if !known {
		return nil
	}
	last := ""
	return x.awaitThat(ctx, fmt.Sprintf("b%d's log to be %q", b, want), func() (bool, error) {
		got, err := x.log(b)
		if err != nil {
			return false, err
		}
		if last = got; got != want {
			return false, fmt.Errorf("it is %q", last)
		}
		return true, nil
	})
}

// producerReceivesAck lets the answer through and waits until the application has it.
func producerReceivesAck(x *run, ctx context.Context, s *verdict.Step) error {
	m := messageOf(s)
	if err := answerArrives(x, ctx, s); err != nil {
		return err
	}
	return x.awaitAcked(ctx, m)
}

func (x *run) awaitAcked(ctx context.Context, m string) error {
	return x.awaitThat(ctx, "the acknowledgement of "+m, func() (bool, error) {
		_, failed, told := x.outcome(valueOf(m))
		if failed != "" {
			return false, fmt.Errorf("the send failed: %s", failed)
		}
		return told, nil
	})
}

// answerArrives lets the answer to the last request with a message through, and before it the answers that stand before it
// on the same connection: the model has answers come in any order.
func answerArrives(x *run, ctx context.Context, s *verdict.Step) error {
	m := messageOf(s)
	err := x.awaitThat(ctx, "the answer to the request with "+m, func() (bool, error) {
		if _, _, told := x.outcome(valueOf(m)); told {
			return true, nil
		}
		if a := x.c.traffic.first(answers(m)); a != nil {
			x.c.traffic.let(a, passes)
			return true, nil
		}
		if r := x.sent[m]; r != nil {
			if a := x.c.traffic.first(func(a *message) bool { return a.response && a.api == apiProduce && a.conn == r.conn }); a != nil {
				x.note("step %d: an answer that was to come later stands before that about %s on its connection", x.number(), m)
				x.c.traffic.let(a, passes)
			}
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	return x.awaitPhase(ctx, m)
}

// awaitPhase waits until the producer is where the model says it is with a message, as far as that can be seen.
func (x *run) awaitPhase(ctx context.Context, m string) error {
	switch x.want[m] {
	case "acknowledged":
		return x.awaitAcked(ctx, m)
	case "failed":
		return x.awaitThat(ctx, "the failure of "+m, func() (bool, error) {
			acked, failed, _ := x.outcome(valueOf(m))
			if acked != "" {
				return false, fmt.Errorf("the send was acknowledged")
			}
			return failed != "", nil
		})
	}
	return nil
}

// leaderRefuses lets a request through that the broker refuses, and the answer.
func leaderRefuses(x *run, ctx context.Context, s *verdict.Step) error {
	m, b := messageOf(s), brokerOf(s.Actor)
	if b == 0 {
		b = namedBroker(s.Text)
	}
	r, err := x.awaitMessage(ctx, "the produce request with "+m, produces(m))
	if err != nil {
		return err
	}
	if r.link.node != b {
		return unforceable{fmt.Sprintf("the client takes b%d for the leader, not b%d", r.link.node, b)}
	}
	x.c.traffic.let(r, passes)
	if x.c.nodes[b].running() {
		return answerArrives(x, ctx, s)
	}
	return x.awaitPhase(ctx, m)
}

// sendIsLost lets a request without acknowledgement go to a broker that cannot take it any more.
func sendIsLost(x *run, ctx context.Context, s *verdict.Step) error {
	m := messageOf(s)
	r, err := x.awaitMessage(ctx, "the produce request with "+m, produces(m))
	if err != nil {
		return err
	}
	x.c.traffic.let(r, passes)
	return x.awaitPhase(ctx, m)
}

// requestTimesOut waits until the client has given an attempt up.
func requestTimesOut(x *run, ctx context.Context, s *verdict.Step) error {
	m := messageOf(s)
	first := x.sent[m]
	err := x.awaitThat(ctx, "the request with "+m+" to time out", func() (bool, error) {
		if r := x.c.traffic.first(answers(m)); r != nil {
			x.c.traffic.let(r, passes) // the broker says REQUEST_TIMED_OUT
		}
		_, failed, _ := x.outcome(valueOf(m))
		again := x.c.traffic.first(produces(m))
		return failed != "" || again != nil && again != first, nil
	})
	if err != nil {
		return err
	}
	return x.awaitPhase(ctx, m)
}

// producerGivesUp waits until the application is told that a send failed.
func producerGivesUp(x *run, ctx context.Context, s *verdict.Step) error {
	return x.awaitPhase(ctx, messageOf(s))
}
