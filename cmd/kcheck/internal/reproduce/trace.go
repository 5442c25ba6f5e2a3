package reproduce

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// trace is what the model says: the steps, and the observable state before and after the one that is being played.
type trace struct {
	settings map[string]string // part.key, as the result lists them
	steps    []verdict.Step    // in the order in which they are played
	at       int               // index of the step that is being played
	replicas int

	before, want map[string]string // the observable state before and after the step
}

// newTrace reads a result.
func newTrace(r *verdict.Result) trace {
	t := trace{settings: map[string]string{}, steps: playOrder(r.Steps), replicas: r.Scope.Replicas,
		before: map[string]string{}, want: map[string]string{}}
	for _, s := range r.Settings {
		t.settings[s.Key] = s.Value
	}
	for _, v := range r.Initial {
		t.want[v.What] = v.Value
	}
	if _, followed := t.want["leader"]; !followed && t.producesOutput() {
		t.replicas = 1 // an output partition that is reliable in the model
	}
	return t
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

// moveTo moves on to a step: what the model says after it is what the cluster has to come to.
func (t *trace) moveTo(i int) {
	t.at = i
	t.before = maps.Clone(t.want)
	for _, c := range t.steps[i].Changes {
		t.want[c.What] = c.After
	}
}

// number is the number of the step that is being played.
func (t *trace) number() int { return t.steps[t.at].N }

// ahead is the index of the next step, after the present one, that a predicate picks; -1 if there is none.
func (t *trace) ahead(pick func(s *verdict.Step) bool) int {
	for i := t.at + 1; i < len(t.steps); i++ {
		if pick(&t.steps[i]) {
			return i
		}
	}
	return -1
}

// has says whether the trace has one of some actions anywhere.
func (t *trace) has(actions ...string) bool {
	return slices.ContainsFunc(t.steps, func(s verdict.Step) bool { return slices.Contains(actions, s.Action) })
}

// isStep picks the steps of an action about a message.
func isStep(action, m string) func(s *verdict.Step) bool {
	return func(s *verdict.Step) bool { return s.Action == action && messageOf(s) == m }
}

// leader is the broker that the controller made leader, as the model says; 0 for none.
func (t *trace) leader() int {
	if l, ok := t.want["leader"]; ok {
		return brokerOf(l)
	}
	return 1 // a reliable output partition
}

// leads says whether a broker takes itself for the leader, as the model says.
func (t *trace) leads(b int) bool {
	return strings.HasPrefix(t.want[fmt.Sprintf("b%d.role", b)], "leader")
}

// cut says whether the model has a broker cut off.
func (t *trace) cut(b int) bool {
	return strings.HasSuffix(t.want[fmt.Sprintf("b%d.role", b)], "cut off")
}

// followed is the broker that a follower follows, as the model says.
func (t *trace) followed(f int) int {
	return namedBroker(strings.TrimPrefix(t.want[fmt.Sprintf("b%d.role", f)], "follower of "))
}

// wantLog is a broker's log as the model says; not known where the model does not follow it.
func (t *trace) wantLog(b int) (log string, known bool) {
	log, known = t.want[fmt.Sprintf("b%d.log", b)]
	return log, known
}

// survivors is how many records of a broker's log survive, as the model says.
func (t *trace) survivors(b int) int {
	log, _ := t.wantLog(b)
	return len(strings.Fields(log))
}

// producesOutput says that the application is a consume-transform-produce one.
func (t *trace) producesOutput() bool { return t.settings["app.output"] == "kafka" }

// transactional says that it uses transactions.
func (t *trace) transactional() bool { return t.settings["producer.transactional.id"] != "" }

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
