package reproduce

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// transactionTimesOut waits until the coordinator aborts the open transaction: its marker is on its way.
func (rp *replay) transactionTimesOut(ctx context.Context, s *verdict.Step) error {
	_, err := rp.awaitMessage(ctx, "the marker of the transaction that timed out", markersTo(0))
	return err
}

// outputIsLate keeps a produce request until its sender has given it up.
func (rp *replay) outputIsLate(ctx context.Context, s *verdict.Step) error {
	p := rp.proc
	if len(p.hand) == 0 {
		return left("the process has no output to send")
	}
	m := p.hand[0]
	r, err := rp.outputRequest(ctx, p, m)
	if err != nil {
		return err
	}
	rp.delay(lateOutput, r)
	return rp.awaitThat(ctx, fmt.Sprintf("the producer to give %s up", m), func() (bool, error) {
		again := rp.cluster.Traffic.First(produces(m))
		return rp.of(m).err != nil || again != nil && s.Outcome == outcomeSentAgain, nil
	})
}

// lateOutputArrives hands a late produce request to its broker.
func (rp *replay) lateOutputArrives(ctx context.Context, s *verdict.Step) error {
	if err := rp.deliver(ctx, lateOutput); err != nil {
		return err
	}
	return rp.awaitLog(ctx, brokerOf(s))
}

// endTxnIsLate keeps an EndTxn request until its sender has sent it again.
func (rp *replay) endTxnIsLate(ctx context.Context, s *verdict.Step) error {
	p := rp.proc
	ends := func(m *proxy.Message) bool { return requestsOf(producerID, kmsg.EndTxn, false)(m) && !m.Late }
	rp.cluster.Traffic.Hold("end", requestsOf(producerID, kmsg.EndTxn, false))
	p.pending = p.player.EndTransaction(p.producer, endOf(s).call)
	r, err := rp.awaitMessage(ctx, "the EndTxn request", ends)
	if err != nil {
		return err
	}
	rp.cluster.Traffic.Open("connect")
	rp.delay(lateEndTxn, r)
	_, err = rp.awaitMessage(ctx, "the second EndTxn request", ends)
	return err
}

// lateEndTxnArrives hands a late EndTxn request to the coordinator.
func (rp *replay) lateEndTxnArrives(ctx context.Context, s *verdict.Step) error {
	return rp.deliver(ctx, lateEndTxn)
}

// outcomeSentAgain is the outcome of a late or lost produce request that its sender sends again.
const outcomeSentAgain = "sent-again"

// The late requests of a consume-transform-produce process are told apart by their kind.
var (
	lateOutput = lateKey{api: kmsg.Produce}
	lateEndTxn = lateKey{api: kmsg.EndTxn}
)

// outputRequestIsLost breaks the connection with the produce request on it.
func (rp *replay) outputRequestIsLost(ctx context.Context, s *verdict.Step) error {
	p := rp.acting(s)
	if len(p.hand) == 0 {
		return left("the process has no output to send")
	}
	r, err := rp.outputRequest(ctx, p, p.hand[0])
	if err == nil {
		rp.cluster.Traffic.Let(r, proxy.Breaks)
	}
	return err
}

// outputResponseIsLost breaks the connection before the answers to the process's requests.
func (rp *replay) outputResponseIsLost(ctx context.Context, s *verdict.Step) error {
	p := rp.acting(s)
	for _, r := range rp.requests.sent {
		if r.Client == p.producer {
			r.BreakConnection()
		}
	}
	return nil
}

// processCrashes kills the process; another takes its place in the group.
func (rp *replay) processCrashes(ctx context.Context, s *verdict.Step) error {
	p := rp.proc
	p.player.Kill()
	rp.breakProducer(p.producer)
	rp.breakConsumers()
	if err := rp.cluster.RemoveMembers(ctx, rp.app.group); err != nil {
		return err
	}
	return rp.newProcess()
}

// breakProducer breaks the connections of a producer.
func (rp *replay) breakProducer(name string) {
	rp.cluster.BreakClients(func(client string) bool { return client == name })
}

// processThrows ends what the process had in hand. With transactions it aborts next; without it is started again.
func (rp *replay) processThrows(ctx context.Context, s *verdict.Step) error {
	switch s.Outcome {
	case "tried-again":
		return nil
	case "aborts", "restarts":
	default:
		return unforceable{"the process that is played cannot go on without a message"}
	}
	if p := rp.proc; rp.transactional() && rp.want["transaction"].Word == ongoing && !p.joined && len(p.hand) > 0 {
		return rp.openTransaction(ctx, p)
	}
	if rp.transactional() {
		return nil
	}
	return rp.processCrashes(ctx, s)
}

// ongoing is Kafka's name for the state of an open transaction (TransactionState.ONGOING).
const ongoing = "Ongoing"

// openTransaction opens the coordinator's transaction with nothing in it, as the model has it: the process calls send while
// its connection to the leader is not ready, and the coordinator adds the partition. An abort then drops the output.
func (rp *replay) openTransaction(ctx context.Context, p *process) error {
	rp.cluster.Traffic.Hold("connect", func(m *proxy.Message) bool {
		return !m.Response && m.API == kmsg.ApiVersions && m.Client == p.producer && m.Link == proxy.Link{Kind: proxy.ClientLink, Node: rp.leader()}
	})
	added := func(m *proxy.Message) bool {
		return m.Response && m.API == kmsg.AddPartitionsToTxn && m.Client == p.producer
	}
	rp.cluster.Traffic.Hold("added", added)
	defer rp.cluster.Traffic.Open("added")
	rp.cluster.Proxy(proxy.ClientLink, rp.leader()).Break(func(client string) bool { return client == p.producer })
	rp.wait(ctx, 50*time.Millisecond)
	rp.sendOutput(p, p.hand[0])
	_, err := rp.awaitMessage(ctx, "the coordinator's answer to AddPartitionsToTxn", added)
	return err
}

// inputIsReassigned takes the process out of the group while it works on; another takes its place.
func (rp *replay) inputIsReassigned(ctx context.Context, s *verdict.Step) error {
	rp.old = rp.proc
	if err := rp.cluster.RemoveMembers(ctx, rp.app.group); err != nil {
		return err
	}
	return rp.newProcess()
}
