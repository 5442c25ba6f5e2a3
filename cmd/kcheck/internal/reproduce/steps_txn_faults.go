package reproduce

import (
	"context"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// transactionTimesOut waits until the coordinator aborts the open transaction: its marker is on its way.
func transactionTimesOut(x *run, ctx context.Context, s *verdict.Step) error {
	_, err := x.awaitMessage(ctx, "the marker of the transaction that timed out", markersTo(0))
	return err
}

// outputIsLate keeps a produce request until its sender has given it up.
func outputIsLate(x *run, ctx context.Context, s *verdict.Step) error {
	p := x.proc
	if len(p.hand) == 0 {
		return diverged{"the process has no output to send"}
	}
	m := p.hand[0]
	r, err := x.outputRequest(ctx, p, m)
	if err != nil {
		return err
	}
	x.delay("output", r)
	return x.awaitThat(ctx, "the producer to give "+m+" up", func() (bool, error) {
		_, failed, _ := x.outcome(valueOf(m))
		again := x.c.traffic.first(produces(m))
		return failed != "" || again != nil && strings.Contains(s.Text, "sent again"), nil
	})
}

// lateOutputArrives hands a late produce request to its broker.
func lateOutputArrives(x *run, ctx context.Context, s *verdict.Step) error {
	if len(x.late["output"]) == 0 {
		return diverged{"no produce request is late"}
	}
	r := x.late["output"][0]
	x.late["output"] = x.late["output"][1:]
	if err := x.c.deliver(ctx, r); err != nil {
		return err
	}
	return x.awaitLog(ctx, brokerOf(s.Actor))
}

// endTxnIsLate keeps an EndTxn request until its sender has sent it again.
func endTxnIsLate(x *run, ctx context.Context, s *verdict.Step) error {
	p := x.proc
	verb := "commit-transaction"
	if i := x.ahead(func(s *verdict.Step) bool { return s.Action == "TransactionEnds" }); i >= 0 {
		verb = endVerb(x.steps[i].Text)
	}
	ends := func(m *message) bool { return of(producerID, apiEndTxn, false)(m) && !m.late }
	x.c.traffic.hold("end", of(producerID, apiEndTxn, false))
	x.endTransaction(p, verb)
	var r *message
	err := x.awaitThat(ctx, "the EndTxn request", func() (bool, error) {
		if again := x.c.traffic.first(of(p.producer, apiProduce, false)); again != nil && !p.joined {
			x.c.traffic.let(again, breaks) // the output that is not to arrive is sent again before the client aborts it
		}
		r = x.c.traffic.first(ends)
		return r != nil, nil
	})
	if err != nil {
		return err
	}
	x.delay("end", r)
	_, err = x.awaitMessage(ctx, "the second EndTxn request", ends)
	return err
}

// lateEndTxnArrives hands a late EndTxn request to the coordinator.
func lateEndTxnArrives(x *run, ctx context.Context, s *verdict.Step) error {
	if len(x.late["end"]) == 0 {
		return diverged{"no EndTxn request is late"}
	}
	r := x.late["end"][0]
	x.late["end"] = x.late["end"][1:]
	return x.c.deliver(ctx, r)
}

func outputRequestIsLost(x *run, ctx context.Context, s *verdict.Step) error {
	p := x.acting(s)
	if len(p.hand) == 0 {
		return diverged{"the process has no output to send"}
	}
	r, err := x.outputRequest(ctx, p, p.hand[0])
	if err == nil {
		x.c.traffic.let(r, breaks)
	}
	return err
}

func outputResponseIsLost(x *run, ctx context.Context, s *verdict.Step) error {
	p := x.acting(s)
	for _, r := range x.sent {
		if r.client == p.producer {
			r.conn.close()
		}
	}
	return nil
}

// processCrashes kills the process; another takes its place in the group.
func processCrashes(x *run, ctx context.Context, s *verdict.Step) error {
	p := x.proc
	p.player.kill()
	x.breakProducer(p.producer)
	x.breakConsumers()
	if err := x.c.removeMembers(ctx, x.app.group); err != nil {
		return err
	}
	return x.newProcess(ctx)
}

func (x *run) breakProducer(name string) {
	for _, p := range x.c.proxies {
		p.breakAll(func(c *connection) bool { return c.name() == name })
	}
}

// processThrows ends what the process had in hand. With transactions it aborts next; without it is started again. Where the
// model has the transaction open before anything is in it, the client has called send and asked the coordinator to add the
// partition, and the output itself does not arrive.
func processThrows(x *run, ctx context.Context, s *verdict.Step) error {
	if p := x.proc; x.transactional() && x.want["transaction"] == "Ongoing" && !p.joined && len(p.hand) > 0 {
		r, err := x.outputRequest(ctx, p, p.hand[0])
		p.unsent = r
		return err
	}
	if x.transactional() {
		return nil
	}
	return processCrashes(x, ctx, s)
}

// inputIsReassigned takes the process out of the group while it works on; another takes its place.
func inputIsReassigned(x *run, ctx context.Context, s *verdict.Step) error {
	x.oldProc = x.proc
	if err := x.c.removeMembers(ctx, x.app.group); err != nil {
		return err
	}
	return x.newProcess(ctx)
}
