package reproduce

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// stepLimit bounds how long the effect of a step may take to be seen.
const stepLimit = 20 * time.Second

// unforceable says that a step has no handle.
type unforceable struct{ why string }

// Error implements error.
func (u unforceable) Error() string { return u.why }

// diverged says that the cluster did something else than the step.
type diverged struct{ what string }

// Error implements error.
func (d diverged) Error() string { return d.what }

// run plays one trace on a cluster.
type run struct {
	c         *Cluster
	settings  map[string]string // part.key, as the result lists them
	steps     []verdict.Step
	at        int // index of the step that is being played
	replicas  int
	topic     string
	partition int32

	before, want map[string]string // what the model says of the observable state before and after the step

	order     []int                 // replicas, in the order of the assignment
	decisions []decision            // leader epochs in the order in which the controller decided them
	learnt    map[int]int           // how many of the decisions each broker has learnt
	deaf      map[int]bool          // brokers that the controller's log does not reach
	power     map[int]bool          // brokers whose machine is down, not just the process
	disk      map[int]bool          // brokers that have lost their log directory
	fenced    map[int]bool          // brokers whose heartbeats are held
	sessions  map[int]int           // how many sessions of each broker with the controller the trace has had run out
	mark      int                   // where the run begins in the controller's log
	sent      map[string]*message   // the last produce request with a message that was let through
	late      map[string][]*message // requests that are late

	app           *application
	proc, oldProc *process // with app.output: kafka

	mu     sync.Mutex
	acked  map[string]string
	failed map[string]string
	notes  []string
}

// decision is one leader epoch.
type decision struct{ epoch, leader int }

// newRun prepares to play a result on a cluster.
func newRun(c *Cluster, r *verdict.Result) *run {
	c.runs++
	x := &run{
		c: c, steps: playOrder(r.Steps), replicas: r.Scope.Replicas, topic: fmt.Sprintf("kcheck-%d", c.runs),
		settings: map[string]string{}, want: map[string]string{}, before: map[string]string{},
		learnt: map[int]int{}, deaf: map[int]bool{}, power: map[int]bool{}, disk: map[int]bool{}, fenced: map[int]bool{},
		sessions: map[int]int{}, mark: c.nodes[serviceNode].log.mark(),
		sent: map[string]*message{}, late: map[string][]*message{},
		acked: map[string]string{}, failed: map[string]string{},
	}
	for _, s := range r.Settings {
		x.settings[s.Key] = s.Value
	}
	for _, v := range r.Initial {
		x.want[v.What] = v.Value
	}
	if _, followed := x.want["leader"]; !followed && x.producesOutput() {
		x.replicas = 1 // an output partition that is reliable in the model
	}
	for i := 1; i <= x.replicas; i++ {
		x.order = append(x.order, i)
	}
	return x
}

// playOrder is the order in which the steps are played. The model says late which requests are lost: after a send with
// which they were on their way together. Where a message that is sent after a loss overtakes the lost one, both were in
// flight when the connection broke, as Java's client would not let it overtake otherwise: the loss is played after the send.
func playOrder(steps []verdict.Step) []verdict.Step {
	order := slices.Clone(steps)
	for i := 0; i < len(order); i++ {
		if order[i].Action != "RequestIsLost" {
			continue
		}
		lost := messageOf(&order[i])
		if !slices.ContainsFunc(order[i:], func(s verdict.Step) bool { return isStep("LeaderAppends", lost)(&s) }) {
			continue // it is given up
		}
		for j := i + 1; j < len(order); j++ {
			if s := &order[j]; s.Action == "LeaderAppends" && messageOf(s) == lost {
				break
			} else if s.Action == "ProducerSends" && overtakes(order[j:], messageOf(s)) {
				moved := order[i]
				order = slices.Insert(slices.Delete(order, i, i+1), j, moved)
				break
			}
		}
	}
	return order
}

// overtakes says whether a message is the next to be appended.
func overtakes(steps []verdict.Step, m string) bool {
	for i := range steps {
		if steps[i].Action == "LeaderAppends" {
			return messageOf(&steps[i]) == m
		}
	}
	return false
}

// step moves on to a step: what the model says after it is what the cluster has to come to.
func (x *run) step(i int) {
	x.at = i
	x.before = maps.Clone(x.want)
	for _, c := range x.steps[i].Changes {
		x.want[c.What] = c.After
	}
}

// handlers play the actions of the model, by name.
var handlers = map[string]func(x *run, ctx context.Context, s *verdict.Step) error{}

// play plays one step and waits until its effect is seen.
func (x *run) play(ctx context.Context, i int) error {
	x.step(i)
	s := &x.steps[i]
	h := handlers[s.Action]
	if h == nil {
		return unforceable{s.Action + " has no handle on a real cluster"}
	}
	if err := h(x, ctx, s); err != nil {
		return err
	}
	if err := x.answerWaiting(ctx, s); err != nil {
		return err
	}
	return x.compare(ctx)
}

// answerWaiting lets the answers through that a step of a broker gives to who waits: one that ceases to lead answers
// NOT_LEADER_OR_FOLLOWER, and with a broker that is gone its connections are.
func (x *run) answerWaiting(ctx context.Context, s *verdict.Step) error {
	if !isNumbered(s.Actor, 'b') || s.Action == "LeaderRefuses" {
		return nil
	}
	for _, c := range s.Changes {
		if !isNumbered(c.What, 'm') || c.Before != "awaiting its answer" {
			continue
		}
		err := x.awaitThat(ctx, "the end of the wait for "+c.What, func() (bool, error) {
			if a := x.c.traffic.first(answers(c.What)); a != nil {
				x.c.traffic.let(a, passes)
			}
			_, _, told := x.outcome(valueOf(c.What))
			return told || x.c.traffic.first(produces(c.What)) != nil, nil
		})
		if err != nil {
			return err
		}
		if err := x.awaitPhase(ctx, c.What); err != nil {
			return err
		}
	}
	return nil
}

// brokerOf reads "b2".
func brokerOf(name string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(name, "b"))
	if err != nil {
		return 0
	}
	return n
}

// messageOf is the message that a step names.
func messageOf(s *verdict.Step) string {
	for _, w := range strings.FieldsFunc(s.Text, func(r rune) bool { return strings.ContainsRune(" ;,.:", r) }) {
		if isNumbered(w, 'm') {
			return w
		}
	}
	for _, c := range s.Changes {
		if isNumbered(c.What, 'm') {
			return c.What
		}
	}
	return ""
}

// isNumbered says whether a word is a letter and a digit, such as m1 or b2.
func isNumbered(word string, letter byte) bool {
	return len(word) == 2 && word[0] == letter && word[1] >= '1' && word[1] <= '9'
}

// namedBroker is the broker that the text of a step names last.
func namedBroker(text string) int {
	found := 0
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ;,.:'", r) }) {
		if isNumbered(w, 'b') {
			found = brokerOf(w)
		}
	}
	return found
}

// ahead is the index of the next step, after the present one, that a predicate picks; -1 if there is none.
func (x *run) ahead(pick func(s *verdict.Step) bool) int {
	for i := x.at + 1; i < len(x.steps); i++ {
		if pick(&x.steps[i]) {
			return i
		}
	}
	return -1
}

// has says whether the trace has an action anywhere.
func (x *run) has(actions ...string) bool {
	return slices.ContainsFunc(x.steps, func(s verdict.Step) bool { return slices.Contains(actions, s.Action) })
}

// leader is the broker that the controller made leader, as the model says; 0 for none.
func (x *run) leader() int {
	if l, ok := x.want["leader"]; ok {
		return brokerOf(l)
	}
	return 1 // a reliable output partition
}

// logDir is where a broker keeps the partition.
func (x *run) logDir(b int) string {
	return filepath.Join(x.c.nodes[b].data(), fmt.Sprintf("%s-%d", x.topic, x.partition))
}

// log reads a replica's log.
func (x *run) log(b int) (string, error) {
	entries, err := readLog(x.logDir(b))
	return logText(entries), err
}

// number is the number of the step that is being played.
func (x *run) number() int { return x.steps[x.at].N }

// note keeps a sentence for the report.
func (x *run) note(format string, args ...any) {
	x.notes = append(x.notes, fmt.Sprintf(format, args...))
}

// event takes over what became of a record.
func (x *run) event(e event) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if e.what == "acked" {
		x.acked[e.message] = e.detail
	} else {
		x.failed[e.message] = e.detail
	}
}

// outcome says what the application was told about a message.
func (x *run) outcome(m string) (acked, failed string, told bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	a, isAcked := x.acked[m]
	f, isFailed := x.failed[m]
	return a, f, isAcked || isFailed
}

// awaitMessage waits until a message that a predicate picks is held at a proxy.
func (x *run) awaitMessage(ctx context.Context, what string, pick rule) (*message, error) {
	ctx, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	m, err := x.c.traffic.await(ctx, pick)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, diverged{fmt.Sprintf("%s has not come within %v", what, stepLimit)}
	}
	return m, err
}

// awaitThat waits until something is seen to hold.
func (x *run) awaitThat(ctx context.Context, what string, holds func() (bool, error)) error {
	return x.awaitWithin(ctx, stepLimit, what, holds)
}

func (x *run) awaitWithin(ctx context.Context, limit time.Duration, what string, holds func() (bool, error)) error {
	err := poll(ctx, limit, what, holds)
	if err != nil && ctx.Err() == nil {
		return diverged{err.Error()}
	}
	return err
}

var sessionEnded = regexp.MustCompile(`Fencing broker (\d+) .*session has timed out`)

// disturbed names a broker whose session with the controller ran out although the trace did not have it so: the machine was
// too busy for its heartbeats, and the run says nothing. It is 0 where there is none.
func (x *run) disturbed() int {
	seen := map[int]int{}
	for _, line := range x.c.nodes[serviceNode].log.since(x.mark) {
		if m := sessionEnded.FindStringSubmatch(line); m != nil {
			b, _ := strconv.Atoi(m[1])
			if seen[b]++; seen[b] > x.sessions[b] {
				return b
			}
		}
	}
	return 0
}
