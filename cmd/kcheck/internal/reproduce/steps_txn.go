package reproduce

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

func init() {
	for name, h := range map[string]func(x *run, ctx context.Context, s *verdict.Step) error{
		"ProcessStarts":                processStarts,
		"ProcessPolls":                 processPolls,
		"OutputAppends":                outputAppends,
		"OutputIsAcknowledged":         outputIsAcknowledged,
		"OutputIsRefused":              outputIsRefused,
		"OffsetsJoinTransaction":       offsetsJoin,
		"GroupRefusesOffsets":          groupRefuses,
		"TransactionEnds":              transactionEnds,
		"ProcessIsFenced":              processIsFenced,
		"OffsetsAreCommitted":          offsetsAreCommitted,
		"CoordinatorFencesPredecessor": coordinatorFences,
		"CoordinatorWritesMarker":      coordinatorWritesMarker,
		"MarkerIsReplicated":           nothingToDo,
		"DownstreamReads":              nothingToDo,
		"LateOutputArrives":            lateOutputArrives,
		"LateEndTxnArrives":            lateEndTxnArrives,
		"OutputIsLate":                 outputIsLate,
		"EndTxnIsLate":                 endTxnIsLate,
		"OutputRequestIsLost":          outputRequestIsLost,
		"OutputResponseIsLost":         outputResponseIsLost,
		"ProcessCrashes":               processCrashes,
		"ProcessCrashesAsProducer":     processCrashes,
		"ProcessThrows":                processThrows,
		"InputIsReassigned":            inputIsReassigned,
		"TransactionTimesOut":          transactionTimesOut,
		"OrphanTimesOut":               transactionTimesOut,
	} {
		handlers[name] = h
	}
}

// nothingToDo is for steps that happen by themselves; what they change is looked at where it matters.
func nothingToDo(*run, context.Context, *verdict.Step) error { return nil }

// acting is the process that a step is about.
func (x *run) acting(s *verdict.Step) *process {
	if strings.Contains(s.Text, "that has lost the partition") && x.oldProc != nil {
		return x.oldProc
	}
	return x.proc
}

// markersTo picks the markers that the coordinator writes to broker b; 0 is any.
func markersTo(b int) rule {
	return func(m *message) bool {
		return !m.response && m.link.kind == brokerLink && m.api == apiWriteTxnMarkers && m.link.node != serviceNode &&
			(b == 0 || m.link.node == b)
	}
}

// processStarts waits until the producer is initialised and the consumer has the input.
func processStarts(x *run, ctx context.Context, s *verdict.Step) error {
	p := x.proc
	if p.producer == "" {
		if err := x.openProducer(ctx); err != nil {
			return err
		}
	}
	if err := x.awaitReady(ctx); err != nil {
		return err
	}
	if p.consumer == "" {
		if err := x.openConsumer(ctx); err != nil {
			return err
		}
	}
	want, err := strconv.Atoi(x.want["process.position"])
	if err != nil {
		return nil
	}
	return x.seekInput(ctx, p, want)
}

// processPolls polls what the model says, commits before where the application does, and begins a transaction.
func processPolls(x *run, ctx context.Context, s *verdict.Step) error {
	p := x.proc
	want, err := strconv.Atoi(x.want["process.position"])
	if err != nil {
		return unforceable{"an input position " + x.want["process.position"]}
	}
	err = x.awaitThat(ctx, fmt.Sprintf("a poll up to input offset %d", want), func() (bool, error) {
		for len(p.buffer) > 0 && p.position < want {
			if r := p.buffer[0]; r.offset >= p.position {
				p.hand = append(p.hand, r.message)
				p.polled = append(p.polled, r.message)
				p.position = r.offset + 1
			}
			p.buffer = p.buffer[1:]
		}
		if p.position >= want {
			return true, nil
		}
		records, _, err := x.pollInput(ctx, p, 100*time.Millisecond)
		p.buffer = append(p.buffer, records...)
		return false, err
	})
	if err != nil {
		return err
	}
	if x.before["group.committed"] != x.want["group.committed"] {
		if err := x.commitInput(ctx, p, x.want["group.committed"]); err != nil {
			return err
		}
	}
	if !x.transactional() {
		return nil
	}
	if _, err := p.player.ask(ctx, callLimit, "begin", p.producer); err != nil {
		return diverged{"beginTransaction() ends with " + err.Error()}
	}
	p.joined = false
	return nil
}

// commitInput commits an input offset outside a transaction.
func (x *run) commitInput(ctx context.Context, p *process, to string) error {
	x.c.traffic.open("consumer-commit")
	defer x.c.traffic.hold("consumer-commit", of(consumerID, apiOffsetCommit, false))
	if _, err := p.player.ask(ctx, callLimit, "commit", p.consumer, x.inputTopic(), "0", to); err != nil {
		return diverged{"the commit: " + err.Error()}
	}
	return nil
}

// sendOutput calls send for the next output of a process, unless its request is on its way already.
func (x *run) sendOutput(p *process, m string) {
	if len(p.hand) > 0 && p.hand[0] == m {
		p.hand = p.hand[1:]
		p.player.tell("send", p.producer, x.topic, strconv.Itoa(int(x.partition)), valueOf(m), "1")
	}
}

// outputRequest waits for the produce request with an output of a process.
func (x *run) outputRequest(ctx context.Context, p *process, m string) (*message, error) {
	x.sendOutput(p, m)
	return x.awaitMessage(ctx, "the produce request with "+m, func(r *message) bool {
		return produces(m)(r) && r.client == p.producer
	})
}

// outputAppends lets an output through and waits until it is in the log; the answer too, unless the trace has it later.
func outputAppends(x *run, ctx context.Context, s *verdict.Step) error {
	m, p, b := messageOf(s), x.acting(s), brokerOf(s.Actor)
	r, err := x.outputRequest(ctx, p, m)
	if err != nil {
		return err
	}
	x.c.traffic.let(r, passes)
	x.sent[m], p.joined = r, true
	if err := x.awaitLog(ctx, b); err != nil {
		return err
	}
	if x.ahead(func(s *verdict.Step) bool {
		return s.Action == "OutputIsAcknowledged" || s.Action == "OutputResponseIsLost"
	}) >= 0 {
		return nil
	}
	return x.outputAnswered(ctx, p)
}

// outputAnswered lets the answers to a process's produce requests through.
func (x *run) outputAnswered(ctx context.Context, p *process) error {
	r, err := x.awaitMessage(ctx, "the answer to the produce request", func(m *message) bool {
		return m.response && m.api == apiProduce && m.client == p.producer
	})
	if err == nil {
		x.c.traffic.let(r, passes)
	}
	return err
}

func outputIsAcknowledged(x *run, ctx context.Context, s *verdict.Step) error {
	return x.outputAnswered(ctx, x.acting(s))
}

// outputIsRefused lets an output and its refusal through.
func outputIsRefused(x *run, ctx context.Context, s *verdict.Step) error {
	m, p := messageOf(s), x.acting(s)
	if m == "" && len(p.hand) > 0 {
		m = p.hand[0]
	}
	r, err := x.outputRequest(ctx, p, m)
	if err != nil {
		return err
	}
	x.c.traffic.let(r, passes)
	return x.outputAnswered(ctx, p)
}

// offsetsJoin calls sendOffsetsToTransaction().
func offsetsJoin(x *run, ctx context.Context, s *verdict.Step) error {
	if err := x.sendOffsets(ctx, x.acting(s)); err != nil {
		return diverged{"sendOffsetsToTransaction() ends with " + err.Error()}
	}
	return nil
}

func (x *run) sendOffsets(ctx context.Context, p *process) error {
	metadata := x.settings["app.group-metadata"] != "false"
	_, err := p.player.ask(ctx, callLimit, "offsets", p.producer, p.consumer, x.app.group, fmt.Sprint(metadata),
		x.inputTopic(), "0", strconv.Itoa(p.position))
	return err
}

// groupRefuses calls sendOffsetsToTransaction() and expects to be refused.
func groupRefuses(x *run, ctx context.Context, s *verdict.Step) error {
	err := x.sendOffsets(ctx, x.acting(s))
	if err == nil {
		return diverged{"the group takes the offsets of a process that has lost the partition"}
	}
	x.note("step %d: sendOffsetsToTransaction() ends with %s", x.number(), strings.SplitN(err.Error(), ":", 2)[0])
	return nil
}

// transactionEnds calls commitTransaction() or abortTransaction(), or waits for such a call to return.
func transactionEnds(x *run, ctx context.Context, s *verdict.Step) error {
	p := x.acting(s)
	if p.pending == nil {
		p.pending = p.player.tell(endVerb(s.Text), p.producer)
		x.wait(ctx, 50*time.Millisecond)
	}
	x.c.traffic.open("connect")
	x.c.traffic.open("end")
	if p == x.proc && x.want["process"] == "starting" {
		return x.endsAndBeginsAnew(ctx, p, s)
	}
	_, err := x.returned(ctx, p, endVerb(s.Text))
	switch {
	case strings.Contains(s.Text, "INVALID_TXN_STATE") && err != nil:
		x.note("step %d: the transaction ends with %s", x.number(), err)
	case err != nil:
		return diverged{endVerb(s.Text) + " ends with " + err.Error()}
	}
	p.polled = nil
	if p != x.proc {
		return nil
	}
	if want, err := strconv.Atoi(x.want["process.position"]); err == nil && want != p.position {
		p.hand = nil
		return x.seekInput(ctx, p, want)
	}
	p.hand = nil
	return nil
}

// endsAndBeginsAnew ends a transaction after which the producer needs a new epoch. Java's client asks for it in the same
// call, which cannot return before the markers are written.
func (x *run) endsAndBeginsAnew(ctx context.Context, p *process, s *verdict.Step) error {
	p.ready, p.hand, p.polled = false, nil, nil
	return x.awaitThat(ctx, "the coordinator to end the transaction", func() (bool, error) {
		if x.c.traffic.first(markersTo(0)) != nil {
			return true, nil
		}
		select {
		case a := <-p.pending:
			if p.pending = nil; a.err != nil { // a producer of no more use is replaced
				x.note("step %d: %s ends with %s", x.number(), endVerb(s.Text), a.err)
				p.producer = ""
			}
			return true, nil
		default:
			return false, nil
		}
	})
}

// endVerb is what the process calls at the end of a transaction.
func endVerb(text string) string {
	if strings.Contains(text, "abort") {
		return "abort-transaction"
	}
	return "commit-transaction"
}

// processIsFenced has the process find out that it is fenced, by what it does next.
func processIsFenced(x *run, ctx context.Context, s *verdict.Step) error {
	p := x.acting(s)
	if p.pending == nil {
		p.pending = p.player.tell("commit-transaction", p.producer)
	}
	_, err := x.returned(ctx, p, "commitTransaction()")
	if err == nil {
		return diverged{"the process is not fenced"}
	}
	x.note("step %d: the process ends with %s", x.number(), strings.SplitN(err.Error(), ":", 2)[0])
	p.hand = nil
	if p == x.proc {
		p.producer = ""
	}
	return nil
}

// offsetsAreCommitted commits the input offset outside any transaction.
func offsetsAreCommitted(x *run, ctx context.Context, s *verdict.Step) error {
	return x.commitInput(ctx, x.acting(s), x.want["group.committed"])
}

// coordinatorFences waits until the coordinator has decided to abort what a predecessor left open: its marker is on its way.
func coordinatorFences(x *run, ctx context.Context, s *verdict.Step) error {
	if x.proc.producer == "" {
		if err := x.openProducer(ctx); err != nil {
			return err
		}
	}
	_, err := x.awaitMessage(ctx, "the marker that ends the predecessor's transaction", markersTo(0))
	return err
}

// coordinatorWritesMarker lets a marker through to the leader of the output.
func coordinatorWritesMarker(x *run, ctx context.Context, s *verdict.Step) error {
	b := namedBroker(s.Text)
	m, err := x.awaitMessage(ctx, fmt.Sprintf("the marker to b%d", b), markersTo(b))
	if err != nil {
		return err
	}
	x.c.traffic.let(m, passes)
	return x.awaitLog(ctx, b)
}
