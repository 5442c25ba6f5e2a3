package reproduce

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// acting is the process that a step is about.
func (rp *replay) acting(s *verdict.Step) *process {
	if s.Params.Member == model.MemberFormer && rp.old != nil {
		return rp.old
	}
	return rp.proc
}

// markersTo picks the markers that the coordinator writes to broker b; 0 is any.
func markersTo(b int) proxy.Rule {
	return func(m *proxy.Message) bool {
		return !m.Response && m.Link.Kind == proxy.BrokerLink && m.API == kmsg.WriteTxnMarkers && m.Link.Node != cluster.ServiceNode &&
			(b == 0 || m.Link.Node == b)
	}
}

// processStarts waits until the producer is initialised and the consumer has the input.
func (rp *replay) processStarts(ctx context.Context, s *verdict.Step) error {
	if err := rp.awaitClients(ctx); err != nil {
		return err
	}
	if s.Params.Offset == nil {
		return nil
	}
	return rp.seekInput(ctx, rp.proc, *s.Params.Offset)
}

// processPolls polls what the model says, commits before where the application does, and begins a transaction.
func (rp *replay) processPolls(ctx context.Context, s *verdict.Step) error {
	p := rp.proc
	want, err := offsetOf(s.Params.Offset)
	if err != nil {
		return err
	}
	err = rp.awaitThat(ctx, fmt.Sprintf("a poll up to input offset %d", want), func() (bool, error) {
		for len(p.buffer) > 0 && p.position < want {
			if r := p.buffer[0]; r.Offset >= p.position {
				m := messageIn(r.Message)
				p.hand, p.polled = append(p.hand, m), append(p.polled, m)
				p.position = r.Offset + 1
			}
			p.buffer = p.buffer[1:]
		}
		if p.position >= want {
			return true, nil
		}
		_, err := rp.pollInput(ctx, p, 100*time.Millisecond)
		return false, err
	})
	if err != nil {
		return err
	}
	if s.Params.Committed != nil {
		if err := rp.commitInput(ctx, p, *s.Params.Committed); err != nil {
			return err
		}
	}
	if !rp.transactional() {
		return nil
	}
	if err := p.player.BeginTransaction(ctx, p.producer); err != nil {
		return failed("beginTransaction()", err)
	}
	p.joined = false
	return nil
}

// commitInput commits an input offset outside a transaction.
func (rp *replay) commitInput(ctx context.Context, p *process, to int) error {
	rp.cluster.Traffic.Open("consumer-commit")
	defer rp.cluster.Traffic.Hold("consumer-commit", requestsOf(consumerID, kmsg.OffsetCommit, false))
	if err := p.player.Commit(ctx, p.consumer, rp.input(), to); err != nil {
		return failed("commitSync()", err)
	}
	return nil
}

// sendOutput calls send for the next output of a process, unless its request is on its way already.
func (rp *replay) sendOutput(p *process, m model.MessageID) {
	if len(p.hand) > 0 && p.hand[0] == m {
		p.hand = p.hand[1:]
		p.player.Send(p.producer, rp.place(), valueOf(m), 1)
	}
}

// outputRequest waits for the produce request with an output of a process.
func (rp *replay) outputRequest(ctx context.Context, p *process, m model.MessageID) (*proxy.Message, error) {
	rp.sendOutput(p, m)
	return rp.awaitMessage(ctx, "the produce request with "+m.String(), func(r *proxy.Message) bool {
		return produces(m)(r) && r.Client == p.producer
	})
}

// outputAppends lets an output through and waits until it is in the log; the answer too, unless the trace has it later.
func (rp *replay) outputAppends(ctx context.Context, s *verdict.Step) error {
	m, p, b := s.Params.Message, rp.acting(s), brokerOf(s)
	r, err := rp.outputRequest(ctx, p, m)
	if err != nil {
		return err
	}
	rp.cluster.Traffic.Let(r, proxy.Passes)
	rp.requests.sent[m], p.joined = r, true
	if err := rp.awaitLog(ctx, b); err != nil {
		return err
	}
	if rp.ahead(func(s *verdict.Step) bool {
		return s.Action == "OutputIsAcknowledged" || s.Action == "OutputResponseIsLost"
	}) >= 0 {
		return nil
	}
	return rp.outputAnswered(ctx, p)
}

// outputAnswered lets the answers to a process's produce requests through.
func (rp *replay) outputAnswered(ctx context.Context, p *process) error {
	r, err := rp.awaitMessage(ctx, "the answer to the produce request", func(m *proxy.Message) bool {
		return m.Response && m.API == kmsg.Produce && m.Client == p.producer
	})
	if err == nil {
		rp.cluster.Traffic.Let(r, proxy.Passes)
	}
	return err
}

func (rp *replay) outputIsAcknowledged(ctx context.Context, s *verdict.Step) error {
	return rp.outputAnswered(ctx, rp.acting(s))
}

// outputIsRefused lets an output and its refusal through.
func (rp *replay) outputIsRefused(ctx context.Context, s *verdict.Step) error {
	m, p := s.Params.Message, rp.acting(s)
	r, err := rp.outputRequest(ctx, p, m)
	if err != nil {
		return err
	}
	rp.cluster.Traffic.Let(r, proxy.Passes)
	return rp.outputAnswered(ctx, p)
}

// offsetsJoin calls sendOffsetsToTransaction().
func (rp *replay) offsetsJoin(ctx context.Context, s *verdict.Step) error {
	if err := rp.sendOffsets(ctx, rp.acting(s)); err != nil {
		return failed("sendOffsetsToTransaction()", err)
	}
	return nil
}

func (rp *replay) sendOffsets(ctx context.Context, p *process) error {
	metadata := rp.settings["app.group-metadata"] != "false"
	return p.player.SendOffsets(ctx, p.producer, p.consumer, rp.app.group, metadata, rp.input(), p.position)
}

// groupRefuses calls sendOffsetsToTransaction() and expects to be refused.
func (rp *replay) groupRefuses(ctx context.Context, s *verdict.Step) error {
	err := rp.sendOffsets(ctx, rp.acting(s))
	if err == nil {
		return left("the group takes the offsets of a process that has lost the partition")
	}
	rp.note("step %d: sendOffsetsToTransaction() ends with %s", rp.number(), exceptionOf(err))
	return nil
}

// transactionEnds calls commitTransaction() or abortTransaction(), or waits for such a call to return.
func (rp *replay) transactionEnds(ctx context.Context, s *verdict.Step) error {
	p := rp.acting(s)
	if p.pending == nil {
		p.pending = p.player.EndTransaction(p.producer, endOf(s).call)
		rp.wait(ctx, 50*time.Millisecond)
	}
	rp.cluster.Traffic.Open("connect")
	rp.cluster.Traffic.Open("end")
	if p == rp.proc && rp.want["process"].Word == string(model.StageStarting) {
		return rp.endsAndBeginsAnew(ctx, p, s)
	}
	end := endOf(s)
	switch err := p.returned(ctx, string(end.call)); {
	case err != nil && end.invalid:
		rp.note("step %d: the transaction ends with %s", rp.number(), err)
	case err != nil:
		return left("%s ends with %s", end.call, err)
	}
	p.polled = nil
	if p != rp.proc {
		return nil
	}
	p.hand = nil
	if want, ok := rp.want.number("process.position"); ok && want != p.position {
		return rp.seekInput(ctx, p, want)
	}
	return nil
}

// endsAndBeginsAnew ends a transaction after which the producer needs a new epoch. Java's client asks for it in the same
// call, which cannot return before the markers are written.
func (rp *replay) endsAndBeginsAnew(ctx context.Context, p *process, s *verdict.Step) error {
	p.ready, p.hand, p.polled = false, nil, nil
	return rp.awaitThat(ctx, "the coordinator to end the transaction", func() (bool, error) {
		if rp.cluster.Traffic.First(markersTo(0)) != nil {
			return true, nil
		}
		select {
		case a := <-p.pending:
			if p.pending = nil; a.Err != nil { // a producer of no more use is replaced
				rp.note("step %d: %s ends with %s", rp.number(), endOf(s).call, a.Err)
				p.producer = ""
			}
			return true, nil
		default:
			return false, nil
		}
	})
}

// ending is how a process ends a transaction.
type ending struct {
	call    player.End
	invalid bool // the coordinator answers INVALID_TXN_STATE
}

// endings are the endings by the outcomes of the actions TransactionEnds and EndTxnIsLate.
var endings = map[string]ending{
	"commit":          {player.CommitTransaction, false},
	"commit-repeated": {player.CommitTransaction, false},
	"commit-invalid":  {player.CommitTransaction, true},
	"abort":           {player.AbortTransaction, false},
	"abort-repeated":  {player.AbortTransaction, false},
	"abort-invalid":   {player.AbortTransaction, true},
}

// endOf is how the process ends its transaction in a step.
func endOf(s *verdict.Step) ending { return endings[s.Outcome] }

// processIsFenced has the process find out that it is fenced, by what it does next.
func (rp *replay) processIsFenced(ctx context.Context, s *verdict.Step) error {
	p := rp.acting(s)
	if p.pending == nil {
		p.pending = p.player.EndTransaction(p.producer, player.CommitTransaction)
	}
	err := p.returned(ctx, "commitTransaction()")
	if err == nil {
		return left("the process is not fenced")
	}
	rp.note("step %d: the process ends with %s", rp.number(), exceptionOf(err))
	p.hand = nil
	if p == rp.proc {
		p.producer = ""
	}
	return nil
}

// offsetsAreCommitted commits the input offset outside any transaction.
func (rp *replay) offsetsAreCommitted(ctx context.Context, s *verdict.Step) error {
	to, err := offsetOf(s.Params.Offset)
	if err != nil {
		return err
	}
	return rp.commitInput(ctx, rp.acting(s), to)
}

// coordinatorFences waits until the coordinator has decided to abort what a predecessor left open: its marker is on its way.
func (rp *replay) coordinatorFences(ctx context.Context, s *verdict.Step) error {
	if rp.proc.producer == "" {
		if err := rp.openProducer(ctx); err != nil {
			return err
		}
	}
	_, err := rp.awaitMessage(ctx, "the marker that ends the predecessor's transaction", markersTo(0))
	return err
}

// coordinatorWritesMarker lets a marker through to the leader of the output.
func (rp *replay) coordinatorWritesMarker(ctx context.Context, s *verdict.Step) error {
	b := brokerOf(s)
	m, err := rp.awaitMessage(ctx, fmt.Sprintf("the marker to b%d", b), markersTo(b))
	if err != nil {
		return err
	}
	rp.cluster.Traffic.Let(m, proxy.Passes)
	return rp.awaitLog(ctx, b)
}
