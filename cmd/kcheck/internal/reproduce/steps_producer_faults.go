package reproduce

import (
	"context"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// requestIsLost breaks the connection with the request on it.
func (rp *replay) requestIsLost(ctx context.Context, s *verdict.Step) error {
	m := s.Params.Message
	r, err := rp.awaitRequestWith(ctx, m, 0)
	if err != nil {
		return err
	}
	rp.cluster.Traffic.Let(r, proxy.Breaks)
	return rp.lostOrRetried(ctx, m)
}

// lostOrRetried waits until the producer is where the model says after its connection broke. What it has sent again, where
// it gives up all the same, does not arrive.
func (rp *replay) lostOrRetried(ctx context.Context, m model.MessageID) error {
	if err := rp.awaitPhase(ctx, m); err != nil || !rp.want.is(m, model.Failed) {
		return err
	}
	if r := rp.cluster.Traffic.First(produces(m)); r != nil {
		rp.cluster.Traffic.Let(r, proxy.Breaks)
	}
	return nil
}

// responseIsLost breaks the connection before the answer.
func (rp *replay) responseIsLost(ctx context.Context, s *verdict.Step) error {
	m := s.Params.Message
	r := rp.requests.sent[m]
	if r == nil {
		return left("no request with %s is under way", m)
	}
	r.BreakConnection()
	return rp.lostOrRetried(ctx, m)
}

// requestIsDelayed keeps a request that its sender gives up.
func (rp *replay) requestIsDelayed(ctx context.Context, s *verdict.Step) error {
	m := s.Params.Message
	r, err := rp.awaitRequestWith(ctx, m, 0)
	if err != nil {
		return err
	}
	rp.delay(lateKey{kmsg.Produce, m}, r)
	rp.requests.sent[m] = r
	return rp.requestTimesOut(ctx, s)
}

// delay makes a held request late: it outlives its connection. The key names it for [replay.deliver].
func (rp *replay) delay(key lateKey, r *proxy.Message) {
	rp.cluster.Traffic.Delay(r)
	rp.requests.late[key] = append(rp.requests.late[key], r)
}

// deliver hands the first late request of a key to its broker.
func (rp *replay) deliver(ctx context.Context, key lateKey) error {
	late := rp.requests.late[key]
	if len(late) == 0 {
		return left("no %s request is late", key.api.Name())
	}
	rp.requests.late[key] = late[1:]
	if err := late[0].Deliver(ctx); err != nil {
		return failed("the delivery of the late request", err)
	}
	return nil
}

// lateRequestArrives hands a late request to its broker.
func (rp *replay) lateRequestArrives(ctx context.Context, s *verdict.Step) error {
	if err := rp.deliver(ctx, lateKey{kmsg.Produce, s.Params.Message}); err != nil {
		return err
	}
	if b := brokerOf(s); b > 0 {
		return rp.awaitLog(ctx, b)
	}
	return nil
}

// sendIsRefused lets a request through that is too large for the topic.
func (rp *replay) sendIsRefused(ctx context.Context, s *verdict.Step) error {
	m := s.Params.Message
	r, err := rp.awaitRequestWith(ctx, m, 0)
	if err != nil {
		return err
	}
	rp.cluster.Traffic.Let(r, proxy.Passes)
	if rp.acks() != "0" {
		return rp.answerArrives(ctx, s)
	}
	return rp.awaitPhase(ctx, m)
}

// producerCrashes kills the producing process and starts another, which sends again what the model says it does.
func (rp *replay) producerCrashes(ctx context.Context, s *verdict.Step) error {
	rp.app.producer.Kill()
	rp.cluster.BreakClients(func(client string) bool { return strings.HasPrefix(client, producerID) })
	if err := rp.startProducer(ctx); err != nil {
		return err
	}
	for _, m := range s.Params.Messages {
		if !rp.want.is(m, model.Queued) {
			continue
		}
		if err := rp.send(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// brokersAreSlow fills the producer's buffer while no produce request is let through.
func (rp *replay) brokersAreSlow(ctx context.Context, s *verdict.Step) error {
	if rp.queues() {
		return rp.fillQueue(ctx)
	}
	a, to := &rp.app, player.Place{Topic: rp.cluster.WarmTopic(rp.leader())}
	return player.Await(ctx, "send()", a.producer.Send(a.producerName(), to, bufferFiller, smallBuffer-2048))
}

// bufferFiller is the value of the record that fills the producer's buffer.
const bufferFiller = "filler"

// sendMeetsFullQueue calls send with the buffer full.
func (rp *replay) sendMeetsFullQueue(ctx context.Context, s *verdict.Step) error {
	m := s.Params.Message
	rp.app.producer.Send(rp.app.producerName(), rp.place(), valueOf(m), smallBuffer/2)
	return rp.awaitPhase(ctx, m)
}

// brokersAnswerAgain lets through what filled the buffer.
func (rp *replay) brokersAnswerAgain(ctx context.Context, s *verdict.Step) error {
	if rp.queues() {
		rp.cluster.Traffic.Open("metadata")
	}
	filler := func(m *proxy.Message) bool {
		return m.API == kmsg.Produce && (m.Carries(bufferFiller) || m.Response && m.Of.Carries(bufferFiller))
	}
	for range 2 {
		m, err := rp.awaitMessage(ctx, "what fills the buffer", filler)
		if err != nil {
			return err
		}
		rp.cluster.Traffic.Let(m, proxy.Passes)
	}
	return nil
}
