package reproduce

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// stepLimit bounds how long the effect of a step may take to be seen.
const stepLimit = 20 * time.Second

// unforceable says that a step has no handle.
type unforceable struct{ why string }

// Error implements error.
func (u unforceable) Error() string { return u.why }

// diverged says that the cluster did something else than the step.
type diverged struct {
	what  string
	cause error // nil where nothing went wrong but the cluster
}

// Error implements error.
func (d diverged) Error() string { return d.what }

// Unwrap implements the interface of [errors.As].
func (d diverged) Unwrap() error { return d.cause }

// left is a diverged for people.
func left(format string, args ...any) diverged { return diverged{what: fmt.Sprintf(format, args...)} }

// failed is the error of a call that the trace has succeed.
func failed(call string, err error) diverged {
	return diverged{fmt.Sprintf("%s ends with %s", call, err), err}
}

// replay plays one trace on a cluster.
type replay struct {
	trace
	outcomes

	cluster   *cluster.Cluster
	players   *player.Pool
	partition *cluster.Partition
	learning  learning
	faults    faults
	requests  requests
	app       application
	proc, old *process // with app.output: kafka; old has lost the partition
	pauses    bool     // brokers that read several decisions at once are paused meanwhile
	notes     []string
}

// newReplay prepares to play a result, on the bench's next topic.
func newReplay(b *bench, r *verdict.Result) *replay {
	b.topics++
	topic := fmt.Sprintf("kcheck-%d", b.topics)
	rp := &replay{trace: newTrace(r), cluster: b.cluster, players: b.players, partition: b.cluster.Partition(topic, 0),
		pauses: b.pauses, faults: newFaults(b.cluster.Marks()), requests: newRequests(),
		app: application{group: topic + "-group", processed: map[model.MessageID]int{}, broken: map[int]bool{}}}
	rp.app.once = rp.settings["app.effect"] == "idempotent"
	rp.learning = newLearning(rp.replicas)
	rp.at = -1
	if i := rp.ahead(isAction("ControllerElectsLeader")); i >= 0 && rp.cluster.ZooKeeper {
		rp.learning.prefer(1, brokerOf(&rp.steps[i]))
	}
	return rp
}

// requests are the produce and EndTxn requests of a replay that its steps come back to.
type requests struct {
	sent map[model.MessageID]*proxy.Message // the last that was let through
	late map[lateKey][]*proxy.Message       // those that are late
	more map[model.MessageID]bool           // of messages that a broker has refused although the trace does not have it so
}

// lateKey tells late requests apart: by their kind, and produce requests of the followed partition by their message.
type lateKey struct {
	api     kmsg.Key
	message model.MessageID
}

func newRequests() requests {
	return requests{map[model.MessageID]*proxy.Message{}, map[lateKey][]*proxy.Message{}, map[model.MessageID]bool{}}
}

// outcomes is what the application was told about its messages.
type outcomes struct {
	mu    sync.Mutex
	known map[string]outcome
}

// outcome is what the application was told about a message.
type outcome struct {
	told  bool
	acked bool
	err   error // why its send failed
}

// event takes over what became of a record.
func (o *outcomes) event(e player.Event) {
	known := outcome{told: true, acked: e.Err == nil}
	if e.Err != nil {
		known.err = e.Err
	}
	o.set(e.Message, known)
}

func (o *outcomes) set(value string, known outcome) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known == nil {
		o.known = map[string]outcome{}
	}
	o.known[value] = known
}

// ofValue is what the application was told about the record with a value.
func (o *outcomes) ofValue(value string) outcome {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.known[value]
}

// of is what the application was told about a message.
func (o *outcomes) of(m model.MessageID) outcome { return o.ofValue(valueOf(m)) }

// play plays one step and waits until its effect is seen.
func (rp *replay) play(ctx context.Context, i int) error {
	rp.moveTo(i)
	err := rp.playStep(ctx, i)
	if d := (diverged{}); errors.As(err, &d) && ctx.Err() == nil {
		if f := rp.countedEarly(ctx); f > 0 {
			return unforceable{fmt.Sprintf("b%d waits for b%d, which the trace has it take into the in-sync set later: %s", rp.leader(), f, d.what)}
		}
	}
	return err
}

func (rp *replay) playStep(ctx context.Context, i int) error {
	s := &rp.steps[i]
	h, found := handles[s.Action]
	if !found {
		return unforceable{s.Action + " has no handle on a real cluster"}
	}
	if err := h(rp, ctx, s); err != nil {
		return err
	}
	if err := rp.answerWaiting(ctx, s); err != nil {
		return err
	}
	return rp.compare(ctx)
}

// answerWaiting releases the responses to clients that wait for a broker which ceases to lead (NOT_LEADER_OR_FOLLOWER) or
// dies (its connections break).
func (rp *replay) answerWaiting(ctx context.Context, s *verdict.Step) error {
	if model.ActionNamed(s.Action).Actor != model.ActorBroker || s.Action == "LeaderRefuses" {
		return nil
	}
	for _, change := range phaseChanges(s) {
		m := change.message
		if change.from != model.Awaiting.String() {
			continue
		}
		if b := brokerOf(s); b > 0 && !rp.cluster.Node(b).Running() && change.to == model.Retrying.String() {
			continue // its connection is broken; to whom it sends again the client finds out in its own time
		}
		err := rp.awaitThat(ctx, fmt.Sprintf("the end of the wait for %s", m), func() (bool, error) {
			if a := rp.cluster.Traffic.First(answers(m)); a != nil {
				rp.cluster.Traffic.Let(a, proxy.Passes)
			}
			return rp.of(m).told || rp.triesAgain(m), nil
		})
		if err != nil {
			return err
		}
		if err := rp.awaitPhase(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// log reads a replica's log as the model has it: from where the log starts.
func (rp *replay) log(b int) ([]model.Entry, error) {
	records, err := rp.partition.Log(b)
	start, _ := rp.want.number("log-start-offset")
	kept := slices.DeleteFunc(records, func(r cluster.Record) bool { return r.Offset < start })
	return entries(kept), err
}

// note keeps a sentence for the report.
func (rp *replay) note(format string, args ...any) {
	rp.notes = append(rp.notes, fmt.Sprintf(format, args...))
}

// awaitMessage waits until a message that a predicate picks is held at a proxy.
func (rp *replay) awaitMessage(ctx context.Context, what string, pick proxy.Rule) (*proxy.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	m, err := rp.cluster.Traffic.Await(ctx, pick)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, left("%s has not come within %v", what, stepLimit)
	}
	return m, err
}

// awaitThat waits until something is seen to hold.
func (rp *replay) awaitThat(ctx context.Context, what string, holds func() (bool, error)) error {
	return rp.awaitWithin(ctx, stepLimit, what, holds)
}

func (rp *replay) awaitWithin(ctx context.Context, limit time.Duration, what string, holds func() (bool, error)) error {
	err := poll.Until(ctx, limit, what, holds)
	var cannot unforceable
	if err != nil && ctx.Err() == nil && !errors.As(err, &cannot) {
		return diverged{err.Error(), err}
	}
	return err
}

// wait waits, or until ctx ends.
func (rp *replay) wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
