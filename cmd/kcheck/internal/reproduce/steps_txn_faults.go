package reproduce

import (
	"context"
	"strings"
	"time"

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
	p.pending = p.player.tell(verb, p.producer)
	r, err := x.awaitMessage(ctx, "the EndTxn request", ends)
	if err != nil {
		return err
	}
	x.c.traffic.open("connect")
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

// processThrows ends what the process had in hand. With transactions it aborts next; without it is started again.
func processThrows(x *run, ctx context.Context, s *verdict.Step) error {
	if p := x.proc; x.transactional() && x.want["transaction"] == "Ongoing" && !p.joined && len(p.hand) > 0 {
		return x.openTransaction(ctx, p)
	}
	if x.transactional() {
		return nil
	}
	return processCrashes(x, ctx, s)
}

// openTransaction opens the coordinator's transaction with nothing in it, as the model has it: the process calls send while
// its connection to the leader is not ready, and the coordinator adds the partition. An abort then drops the output.
func (x *run) openTransaction(ctx context.Context, p *process) error {
	x.c.traffic.hold("connect", func(m *message) bool {
		return !m.response && m.api == apiVersions && m.client == p.producer && m.link == link{clientLink, x.leader()}
	})
	added := func(m *message) bool { return m.response && m.api == apiAddPartitions && m.client == p.producer }
	x.c.traffic.hold("added", added)
	defer x.c.traffic.open("added")
	x.c.proxies[link{clientLink, x.leader()}].breakAll(func(c *connection) bool { return c.name() == p.producer })
	x.wait(ctx, 50*time.Millisecond)
	x.sendOutput(p, p.hand[0])
	_, err := x.awaitMessage(ctx, "the coordinator's answer to AddPartitionsToTxn", added)
	return err
}

// inputIsReassigned takes the process out of the group while it works on; another takes its place.
func inputIsReassigned(x *run, ctx context.Context, s *verdict.Step) error {
	x.oldProc = x.proc
	if err := x.c.removeMembers(ctx, x.app.group); err != nil {
		return err
	}
	return x.newProcess(ctx)
}
