package reproduce

import (
	"maps"
	"slices"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// trace is what the model says: the steps, and the observable state before and after the one that is being played.
type trace struct {
	settings map[string]string // part.key, as the result lists them
	steps    []verdict.Step    // in the order in which they are played
	at       int               // index of the step that is being played
	replicas int

	before, want observed // the observable state before and after the step

	leaders []int // of all leader epochs that the trace decides, in their order
}

// newTrace reads a result.
func newTrace(r *verdict.Result) trace {
	t := trace{settings: map[string]string{}, steps: playOrder(r.Steps), replicas: r.Scope.Replicas, before: observed{}, want: observed{}}
	for _, s := range r.Settings {
		t.settings[s.Key] = s.Value
	}
	for _, v := range r.Initial {
		t.want[v.What] = v.Is
	}
	if !t.want.has("leader") && t.producesOutput() {
		t.replicas = 1 // an output partition that is reliable in the model
	}
	t.leaders = []int{t.leader()}
	for i := range t.steps {
		if l := elected(&t.steps[i]); l != 0 {
			t.leaders = append(t.leaders, l)
		}
	}
	t.delayMoves()
	t.delaySends()
	return t
}

// elected is the leader that a step has the controller choose; 0 where it chooses none.
func elected(s *verdict.Step) int {
	for _, c := range s.Changes {
		if c.What == "leader" {
			return int(c.To.Broker)
		}
	}
	return 0
}

// besideMoves are the actions whose steps change nothing for the controller.
var besideMoves = []string{"ProducerSends", "LeaderAppends", "ProducerReceivesAck", "FollowerFetches", "BrokerLearns",
	"ConsumerPolls", "ConsumerProcesses", "ConsumerCommits"}

// delayMoves puts every move of the leader as late as nobody minds: before the first step in which a broker learns of it or
// that is anything to the controller. A broker asks for the controller's log again only when it has the answer to its last
// question, so what is decided before would be in one answer, and the broker would read over what the trace has it learn.
func (t *trace) delayMoves() {
	for i := len(t.steps) - 1; i >= 0; i-- {
		if t.steps[i].Action != "LeaderMoves" {
			continue
		}
		decision := 0
		for j := range i + 1 {
			if elected(&t.steps[j]) != 0 {
				decision++
			}
		}
		to := i
		for to+1 < len(t.steps) && t.mayPrecede(&t.steps[to+1], decision) {
			to++
		}
		move := t.steps[i]
		t.steps = slices.Insert(slices.Delete(t.steps, i, i+1), to, move)
	}
}

// mayPrecede says whether a step that the trace has after a decision may be played before it.
func (t *trace) mayPrecede(s *verdict.Step, decision int) bool {
	if !slices.Contains(besideMoves, s.Action) {
		return false
	}
	return s.Action != "BrokerLearns" || t.learns(s) < decision
}

// learns is the decision that a step BrokerLearns of the trace has its broker learn, found from the first step on.
func (t *trace) learns(s *verdict.Step) int {
	learnt, decision := 1, -1
	for i := range t.steps {
		if o := &t.steps[i]; o.Action == "BrokerLearns" && brokerOf(o) == brokerOf(s) {
			if decision = t.decisionOf(o, learnt); decision >= 0 {
				learnt = decision + 1
			}
			if o.N == s.N {
				break
			}
		}
	}
	return decision
}

// decisionOf is the index of the leader epoch that a step BrokerLearns has a broker learn, which has learnt some: the epoch
// that the step names, if its leader is the step's, else the next with that leader; -1 for none.
func (t *trace) decisionOf(s *verdict.Step, learnt int) int {
	leader := int(s.Params.Leader)
	if e := s.Params.Epoch; e != nil && *e >= learnt && *e < len(t.leaders) && t.leaders[*e] == leader {
		return *e
	}
	for i := learnt; i < len(t.leaders); i++ {
		if t.leaders[i] == leader {
			return i
		}
	}
	return -1
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
		lost := order[i].Params.Message
		if !slices.ContainsFunc(order[i:], func(s verdict.Step) bool { return isStep("LeaderAppends", lost)(&s) }) {
			continue // it is given up
		}
		for j := i + 1; j < len(order); j++ {
			if s := &order[j]; isStep("LeaderAppends", lost)(s) {
				break
			} else if s.Action == "ProducerSends" && overtakes(order[j:], s.Params.Message) {
				moved := order[i]
				order = slices.Insert(slices.Delete(order, i, i+1), j, moved)
				break
			}
		}
	}
	return order
}

// overtakes says whether a message is the next to be appended.
func overtakes(steps []verdict.Step, m model.MessageID) bool {
	for i := range steps {
		if steps[i].Action == "LeaderAppends" {
			return steps[i].Params.Message == m
		}
	}
	return false
}

// moveTo moves on to a step: what the model says after it is what the cluster has to come to.
func (t *trace) moveTo(i int) {
	t.at = i
	t.before = maps.Clone(t.want)
	t.want.apply(&t.steps[i])
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

// isAction picks the steps of an action.
func isAction(action string) func(s *verdict.Step) bool {
	return func(s *verdict.Step) bool { return s.Action == action }
}

// isStep picks the steps of an action about a message.
func isStep(action string, m model.MessageID) func(s *verdict.Step) bool {
	return func(s *verdict.Step) bool { return s.Action == action && s.Params.Message == m }
}

// leader is the broker that the controller made leader, as the model says; 0 for none.
func (t *trace) leader() int {
	if !t.want.has("leader") {
		return 1 // a reliable output partition
	}
	return t.want.leader()
}

// leads says whether a broker believes that it leads, as the model says.
func (t *trace) leads(b int) bool { return t.want.role(b).Role == model.RoleLeader }

// cut says whether the model has a broker cut off.
func (t *trace) cut(b int) bool { return t.want.role(b).CutOff }

// followed is the broker that a follower follows, as the model says; 0 for none.
func (t *trace) followed(f int) int {
	if r := t.want.role(f); r.Role == model.RoleFollower {
		return int(r.Leader)
	}
	return 0
}

// producesOutput says that the application is a consume-transform-produce one.
func (t *trace) producesOutput() bool { return t.settings["app.output"] == "kafka" }

// transactional says that it uses transactions.
func (t *trace) transactional() bool { return t.settings["producer.transactional.id"] != "" }

// offsetOf is the offset of a step's parameters. The error says that the result does not have it.
func offsetOf(offset *int) (int, error) {
	if offset == nil {
		return 0, unforceable{"the result does not say which offset the step is about"}
	}
	return *offset, nil
}

// brokerOf is the broker that a step is about.
func brokerOf(s *verdict.Step) int { return int(s.Params.Broker) }
