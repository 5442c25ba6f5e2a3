package model

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/explore"
)

// Change is one named part of the state that a step changed.
type Change struct{ What, Before, After string }

// binding finds the action and binding of a transition.
func (m *Model) binding(id explore.TransitionID) (*Action, Binding) {
	g := m.byID[id]
	return g.Action, g.bindings[id-g.first]
}

// Actor names who acts in a transition: producer, consumer, controller, network, brokers, or a broker.
func (m *Model) Actor(id explore.TransitionID) string {
	a, b := m.binding(id)
	if a.Actor != ActorBroker {
		return a.Actor
	}
	return broker(b.Broker)
}

// Describe tells a step in one sentence in Kafka's words.
func (m *Model) Describe(pre *State, id explore.TransitionID, post *State) string {
	a, b := m.binding(id)
	pairs := []string{"{b}", broker(b.Broker), "{m}", message(b.Msg), "{p}", processName(b.Slot)}
	if strings.Contains(a.Text, "{l}") {
		pairs = append(pairs, "{l}", broker(m.leaderAround(pre, b.Broker, a)))
	}
	if strings.Contains(a.Text, "{h}") {
		pairs = append(pairs, "{h}", message(m.inHand(pre, 0)))
	}
	if strings.Contains(a.Text, "{o}") {
		pairs = append(pairs, "{o}", message(get(pre[m.wCons+1], cOldNextShift, 2)))
	}
	text := strings.NewReplacer(pairs...).Replace(a.Text)
	if a.Detail != nil {
		text += a.Detail(m, pre, b, post)
	}
	return text
}

// leaderAround is the leader that a step of broker b deals with.
func (m *Model) leaderAround(s *State, b int, a *Action) int {
	if a == leaderExpandsISR {
		return m.leader(s)
	}
	return m.ledBy(s, s.epochOf(b))
}

func broker(b int) string {
	if b < 0 {
		return "none"
	}
	return fmt.Sprintf("b%d", b+1)
}

func message(msg int) string { return fmt.Sprintf("m%d", msg+1) }

// Changes lists what differs between two states, part by part, in a fixed order.
func (m *Model) Changes(pre, post *State) []Change {
	before, after := m.parts(pre), m.parts(post)
	var all []Change
	for i := range before {
		if before[i].value != after[i].value {
			all = append(all, Change{before[i].name, before[i].value, after[i].value})
		}
	}
	return all
}

type part struct{ name, value string }

// parts names the value of everything that a report shows of a state.
func (m *Model) parts(s *State) []part {
	if m.output {
		return m.outputParts(s)
	}
	var all []part
	for i := 0; i < m.c.Scope.Messages; i++ {
		all = append(all, part{message(i), m.phaseText(s, i)})
	}
	all = append(all, part{"leader", broker(m.leader(s))}, part{"isr", m.brokers(func(b int) bool { return s.inISR(b, s.epoch()) })})
	if m.c.Faults[Retention] > 0 {
		all = append(all, part{"log-start-offset", fmt.Sprint(m.logStart(s))})
	}
	if m.c.Topic.ELR {
		all = append(all, part{"elr", m.brokers(func(b int) bool { return s.has(b, flagELR) })})
	}
	for b := 0; b < m.n; b++ {
		name := broker(b)
		all = append(all, part{name + ".log", m.logText(s, b)}, part{name + ".high-watermark", fmt.Sprint(s.hw(b))},
			part{name + ".role", m.roleText(s, b)})
	}
	if m.consumer {
		all = append(all, m.consumerParts(s)...)
	}
	return all
}

func (m *Model) brokers(in func(b int) bool) string {
	names := []string{}
	for b := 0; b < m.n; b++ {
		if in(b) {
			names = append(names, broker(b))
		}
	}
	return "{" + strings.Join(names, ",") + "}"
}

func (m *Model) phaseText(s *State, msg int) string {
	return [...]string{"unsent", "in the producer", "awaiting its answer", "to be retried", "acknowledged", "failed", "lost with the producer"}[s.phase(msg)]
}

// logText writes a log as "m1@0 m2@1", from its start offset on.
func (m *Model) logText(s *State, b int) string {
	names := []string{}
	for i, n := m.logStart(s), s.logLen(b); i < n; i++ {
		names = append(names, fmt.Sprintf("%s@%d", message(m.msgOf(m.at(s, b, i))), i))
	}
	return strings.Join(names, " ")
}

func (m *Model) roleText(s *State, b int) string {
	switch {
	case !s.alive(b):
		return "down"
	case s.leads(b) && s.has(b, flagCut):
		return "leader, cut off"
	case s.leads(b) && s.epochOf(b) < s.epoch():
		return "leader by its own belief"
	case s.leads(b):
		return "leader"
	case s.has(b, flagCut):
		return "follower, cut off"
	}
	return "follower of " + broker(m.ledBy(s, s.epochOf(b)))
}

func (m *Model) consumerParts(s *State) []part {
	committed := "none"
	if c := m.cons(s, cCommittedShift, 4); c != offsetNone {
		committed = fmt.Sprint(c)
	}
	position := fmt.Sprint(m.position0(s))
	if m.cons(s, cLostShift, 1) != 0 {
		position = "none"
	}
	if m.cons(s, cStoppedShift, 1) != 0 {
		position = "waits for a person"
	}
	hand := []string{}
	for i, n := 0, m.hand(s); i < n; i++ {
		hand = append(hand, message(m.inHand(s, i)))
	}
	all := []part{{"consumer.position", position}, {"consumer.committed", committed}, {"consumer.polled", strings.Join(hand, " ")}}
	for i := 0; i < m.c.Scope.Messages; i++ {
		all = append(all, part{message(i) + ".processed", [...]string{"no", "once", "twice", "twice"}[m.processed(s, i)]})
	}
	return all
}

// Fates tells, one line for each message that was sent, what became of it.
func (m *Model) Fates(s *State) []string {
	if m.output {
		return m.outputFates(s)
	}
	var all []string
	for i := 0; i < m.c.Scope.Messages; i++ {
		if s.phase(i) == Unsent {
			continue
		}
		all = append(all, fmt.Sprintf("%s: %s; %s%s", message(i), m.phaseText(s, i), m.copiesText(s, i), m.processedText(s, i)))
	}
	return all
}

func (m *Model) copiesText(s *State, msg int) string {
	in := m.brokers(func(b int) bool { return m.lastOf(s, b, msg) >= m.logStart(s) })
	if in == "{}" {
		return "in no log"
	}
	return "in the log of " + strings.ReplaceAll(strings.Trim(in, "{}"), ",", ", ")
}

func (m *Model) processedText(s *State, msg int) string {
	if !m.consumer {
		return ""
	}
	return "; " + [...]string{"not processed", "processed once", "processed twice", "processed twice"}[m.processed(s, msg)]
}

// The details of steps whose binding does not tell the whole story.

func learnedText(m *Model, pre *State, b Binding, post *State) string {
	if post.leads(b.Broker) {
		return ": it leads"
	}
	text := ": it follows " + broker(m.ledBy(post, post.epochOf(b.Broker)))
	if pre.logLen(b.Broker) > post.logLen(b.Broker) {
		text += " and truncates to its high watermark"
	}
	return text
}

func fetchedText(m *Model, pre *State, b Binding, post *State) string {
	f := b.Broker
	l := m.ledBy(pre, pre.epochOf(f))
	kept := min(m.agreement(pre, f, l), pre.logLen(f))
	switch {
	case m.truncatesOnFetch() && kept < pre.logLen(f) && post.logLen(f) > kept:
		return fmt.Sprintf(", truncates to offset %d and copies what is there", kept)
	case m.truncatesOnFetch() && kept < pre.logLen(f):
		return fmt.Sprintf(" and truncates to offset %d", kept)
	case post.logLen(f) > pre.logLen(f):
		return " and copies its log"
	case post.hw(l) != pre.hw(l):
		return fmt.Sprintf(", which learns that it has the records: the high watermark is %d", post.hw(l))
	case post.hw(f) != pre.hw(f):
		return fmt.Sprintf(" and learns the high watermark: %d", post.hw(f))
	}
	return ", which learns how far it has copied"
}

func restartedText(m *Model, pre *State, b Binding, post *State) string {
	switch n := post.logLen(b.Broker); {
	case !pre.has(b.Broker, flagPower) || pre.logLen(b.Broker) == 0:
		return ""
	case n < pre.logLen(b.Broker):
		return fmt.Sprintf("; what it had not flushed is gone, its log ends at %d", n)
	}
	return "; its log was on disk"
}

func electedText(m *Model, pre *State, b Binding, post *State) string {
	if _, _, unclean := m.successionWithELR(pre); !unclean {
		return ""
	}
	if m.c.Topic.ELR && pre.has(b.Broker, flagLastKnown) {
		return ", the last known leader: nobody is in sync or eligible"
	}
	return ", an unclean election: it need not have every acknowledged record"
}

func appendedText(m *Model, pre *State, b Binding, post *State) string {
	if post.logLen(b.Broker) == pre.logLen(b.Broker) {
		return " no second time: it remembers the sequence number"
	}
	return fmt.Sprintf(" at offset %d", pre.logLen(b.Broker))
}

func resetText(m *Model, pre *State, b Binding, post *State) string {
	if m.Stopped(post) {
		return "; auto.offset.reset=none: it waits for a person"
	}
	return fmt.Sprintf(" and goes on at offset %d", m.position0(post))
}

func committedText(m *Model, pre *State, b Binding, post *State) string {
	return fmt.Sprintf(" %d", m.cons(post, cCommittedShift, 4))
}

func givenUpText(m *Model, pre *State, b Binding, post *State) string {
	if m.lastOf(pre, max(0, m.leader(pre)), b.Msg) >= 0 {
		return "; its record may be in the log all the same"
	}
	return ""
}
