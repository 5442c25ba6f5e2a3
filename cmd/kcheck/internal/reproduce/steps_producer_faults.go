package reproduce

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// requestIsLost breaks the connection with the request on it.
func requestIsLost(x *run, ctx context.Context, s *verdict.Step) error {
	m := messageOf(s)
	r, err := x.awaitMessage(ctx, "the produce request with "+m, produces(m))
	if err != nil {
		return err
	}
	x.c.traffic.let(r, breaks)
	return x.lostOrRetried(ctx, m)
}

// lostOrRetried waits until the producer is where the model says after its connection broke. What it has sent again, where
// it gives up all the same, does not arrive.
func (x *run) lostOrRetried(ctx context.Context, m string) error {
	if err := x.awaitPhase(ctx, m); err != nil || x.want[m] != "failed" {
		return err
	}
	if r := x.c.traffic.first(produces(m)); r != nil {
		x.c.traffic.let(r, breaks)
	}
	return nil
}

// responseIsLost breaks the connection before the answer.
func responseIsLost(x *run, ctx context.Context, s *verdict.Step) error {
	m := messageOf(s)
	r := x.sent[m]
	if r == nil {
		return diverged{"no request with " + m + " is under way"}
	}
	r.conn.close()
	return x.lostOrRetried(ctx, m)
}

// requestIsDelayed keeps a request that its sender gives up.
func requestIsDelayed(x *run, ctx context.Context, s *verdict.Step) error {
	m := messageOf(s)
	r, err := x.awaitMessage(ctx, "the produce request with "+m, produces(m))
	if err != nil {
		return err
	}
	x.delay(m, r)
	return requestTimesOut(x, ctx, s)
}

// delay marks a held request as late: it outlives its connection.
func (x *run) delay(key string, r *message) {
	x.c.traffic.mu.Lock()
	r.late = true
	x.c.traffic.mu.Unlock()
	x.late[key] = append(x.late[key], r)
	x.sent[key] = r
}

// lateRequestArrives hands a late request to its broker.
func lateRequestArrives(x *run, ctx context.Context, s *verdict.Step) error {
	m := messageOf(s)
	if len(x.late[m]) == 0 {
		return diverged{"no late request with " + m}
	}
	r := x.late[m][0]
	x.late[m] = x.late[m][1:]
	if err := x.c.deliver(ctx, r); err != nil {
		return err
	}
	if b := brokerOf(s.Actor); b > 0 {
		return x.awaitLog(ctx, b)
	}
	return nil
}

// sendIsRefused lets a request through that is too large for the topic.
func sendIsRefused(x *run, ctx context.Context, s *verdict.Step) error {
	m := messageOf(s)
	r, err := x.awaitMessage(ctx, "the produce request with "+m, produces(m))
	if err != nil {
		return err
	}
	x.c.traffic.let(r, passes)
	if x.settings["producer.acks"] != "0" {
		return answerArrives(x, ctx, s)
	}
	return x.awaitPhase(ctx, m)
}

// producerCrashes kills the producing process and starts another, which sends again what the model says it does.
func producerCrashes(x *run, ctx context.Context, s *verdict.Step) error {
	x.app.producer.kill()
	for _, p := range x.c.proxies {
		p.breakAll(func(c *connection) bool { return strings.HasPrefix(c.name(), producerID) })
	}
	if err := x.startProducer(ctx); err != nil {
		return err
	}
	for i := range 9 {
		m := fmt.Sprintf("m%d", i+1)
		if before := x.before[m]; x.want[m] == "in the producer" && before != "unsent" {
			if err := x.send(ctx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// brokersAreSlow fills the producer's buffer while no produce request is let through.
func brokersAreSlow(x *run, ctx context.Context, s *verdict.Step) error {
	c := x.app.producer.tell("send", x.app.producerName(), x.c.warmTopic(x.leader()), "0", "filler", fmt.Sprint(smallBuffer-2048))
	select {
	case a := <-c:
		return a.err
	case <-time.After(callLimit):
		return diverged{"the buffer takes no record"}
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sendMeetsFullQueue calls send with the buffer full.
func sendMeetsFullQueue(x *run, ctx context.Context, s *verdict.Step) error {
	m := messageOf(s)
	x.app.producer.tell("send", x.app.producerName(), x.topic, fmt.Sprint(x.partition), valueOf(m), fmt.Sprint(smallBuffer/2))
	return x.awaitPhase(ctx, m)
}

// brokersAnswerAgain lets through what filled the buffer.
func brokersAnswerAgain(x *run, ctx context.Context, s *verdict.Step) error {
	filler := func(m *message) bool {
		return m.api == apiProduce && (m.carries("filler") || m.response && m.of.carries("filler"))
	}
	for range 2 {
		m, err := x.awaitMessage(ctx, "what fills the buffer", filler)
		if err != nil {
			return err
		}
		x.c.traffic.let(m, passes)
	}
	return nil
}
