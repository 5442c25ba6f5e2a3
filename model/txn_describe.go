package model

import (
	"fmt"
	"strings"
)

// processName names a member's process in a sentence.
func processName(slot int) string {
	if slot == 1 {
		return "the process that has lost the partition"
	}
	return "the process"
}

func inputOffset(at int) string {
	switch at {
	case inputStopped:
		return "waits for a person"
	case inputNone:
		return "none"
	}
	return fmt.Sprint(at)
}

func startedText(m *Model, pre *State, _ Binding, post *State) string {
	if m.process(pre, 0).pos != inputNone {
		return "; it goes on at input offset " + inputOffset(m.process(post, 0).pos)
	}
	return " and fetches the committed offset: " + inputOffset(m.process(post, 0).pos)
}

func polledText(m *Model, pre *State, _ Binding, post *State) string {
	text := ": " + m.handText(m.process(post, 0))
	if m.groupCommitted(pre) != m.groupCommitted(post) {
		text += ", and commits offset " + inputOffset(m.groupCommitted(post))
	}
	return text
}

// handText names the messages that a process has in hand.
func (m *Model) handText(p process) string {
	names := []string{}
	for i := 0; i < p.size; i++ {
		names = append(names, message(p.from+i))
	}
	return strings.Join(names, " and ")
}

func outputText(m *Model, pre *State, b Binding, _ *State) string {
	p := m.process(pre, b.Slot)
	return "of " + message(p.from+p.sent) + " sent by " + processName(b.Slot)
}

func endedText(m *Model, pre *State, b Binding, post *State) string {
	commit, _ := m.ending(pre, b.Slot)
	p := m.process(pre, b.Slot)
	id := m.idOf(pre, p.attempt)
	before, after := m.transaction(pre, id), m.transaction(post, id)
	if after == before {
		return "ends its transaction; the coordinator answers INVALID_TXN_STATE and the producer is of no use any more"
	}
	text := "aborts"
	if commit {
		text = "commits"
	}
	if before.state == after.state {
		text += "; the coordinator finds that done already"
	}
	if q := m.process(post, b.Slot); b.Slot == 0 && !commit {
		text += " and goes on at input offset " + inputOffset(q.pos)
	}
	return text
}

func markerText(m *Model, pre *State, b Binding, _ *State) string {
	text := ": " + m.transaction(pre, b.Slot).state.marker()
	if m.ids() > 1 {
		text += fmt.Sprintf(" of transaction-%d", b.Slot+1)
	}
	return text
}

func (t txnState) marker() string {
	if t == txnPrepareCommit {
		return "COMMIT"
	}
	return "ABORT"
}

func lateEndTxnText(m *Model, pre *State, b Binding, _ *State) string {
	l, _ := m.late(pre, b.Slot)
	t := m.transaction(pre, m.idOf(pre, l.number))
	word := "abort"
	if l.commit {
		word = "commit"
	}
	switch {
	case !m.lateEndTxnCounts(pre, l, t):
		return " and is refused"
	case t.at != l.number:
		return ": the coordinator takes it for the transaction that is open now and decides to " + word + " that"
	}
	return ": the coordinator decides to " + word
}

func failureText(m *Model, pre *State, b Binding, post *State) string {
	if m.process(post, b.Slot).stage != m.process(pre, b.Slot).stage {
		return "; its sender gives up and has to abort"
	}
	if m.process(post, b.Slot).sent != m.process(pre, b.Slot).sent {
		return "; its sender gives up"
	}
	return "; it is sent again"
}

func lateOutputText(m *Model, pre *State, b Binding, post *State) string {
	g, _ := pre.ghost(b.Slot)
	if pre.logLen(b.Broker) == post.logLen(b.Broker) {
		return " with " + message(g.msg) + " and is not appended"
	}
	return " and is appended: " + message(g.msg)
}

func downstreamText(m *Model, pre *State, b Binding, post *State) string {
	names := []string{}
	for i, n := m.position0(pre), m.position0(post); i < n; i++ {
		if m.visible(pre, b.Broker, i) {
			names = append(names, message(m.msgOf(m.at(pre, b.Broker, i))))
		}
	}
	if len(names) == 0 {
		return ": nothing to process"
	}
	return " and processes " + strings.Join(names, " ")
}

// outputParts is parts for app.output: kafka.
func (m *Model) outputParts(s *State) []part {
	var all []part
	for slot := 0; slot < m.members(); slot++ {
		all = append(all, m.processParts(s, slot)...)
	}
	all = append(all, part{"group.committed", inputOffset(m.groupCommitted(s))})
	if m.transactional {
		for id := 0; id < m.ids(); id++ {
			all = append(all, m.transactionParts(s, id)...)
		}
	}
	if !m.reliable {
		all = append(all, part{"leader", broker(m.leader(s))},
			part{"isr", m.brokers(func(b int) bool { return s.inISR(b, s.epoch()) })})
	}
	for b := 0; b < m.n; b++ {
		name := broker(b)
		all = append(all, part{name + ".log", m.outputLogText(s, b)}, part{name + ".last-stable-offset", fmt.Sprint(m.lastStable(s, b))})
		if !m.reliable {
			all = append(all, part{name + ".high-watermark", fmt.Sprint(s.hw(b))}, part{name + ".role", m.roleText(s, b)})
		}
	}
	for i := 0; i < m.c.Scope.Messages; i++ {
		all = append(all, part{message(i) + ".downstream", [...]string{"no", "once", "twice"}[m.OutputProcessed(s, i)]})
	}
	return all
}

func (m *Model) processParts(s *State, slot int) []part {
	p := m.process(s, slot)
	name := "process"
	if slot == 1 {
		name = "old-process"
	}
	position := inputOffset(p.pos)
	if p.stage == stageGone {
		position = ""
	}
	return []part{
		{name, [...]string{"none", "starting", "about to poll", "working", "committing", "aborting", "aborting", "about to commit its offset"}[p.stage]},
		{name + ".position", position},
		{name + ".in-hand", m.handText(p)},
		{name + ".outputs-acknowledged", fmt.Sprint(p.sent)},
		{name + ".producer-epoch", fmt.Sprint(m.epochNumber(s, p.attempt))},
	}
}

func (m *Model) transactionParts(s *State, id int) []part {
	t := m.transaction(s, id)
	name := "transaction"
	if m.ids() > 1 {
		name = fmt.Sprintf("transaction-%d", id+1)
	}
	offsets := "none"
	if t.offsets {
		offsets = inputOffset(t.pending)
	}
	return []part{
		{name, [...]string{"Empty", "Ongoing", "PrepareCommit", "PrepareAbort", "CompleteCommit", "CompleteAbort"}[t.state]},
		{name + ".offsets", offsets},
		{name + ".epoch", fmt.Sprint(m.epochNumber(s, t.at))},
	}
}

// outputLogText writes a log as "m1@0 COMMIT@1".
func (m *Model) outputLogText(s *State, b int) string {
	names := []string{}
	for i, n := 0, s.logLen(b); i < n; i++ {
		r := m.at(s, b, i)
		name := [...]string{message(m.msgOf(r)), "COMMIT", "ABORT", message(m.msgOf(r))}[m.kindOf(r)]
		names = append(names, fmt.Sprintf("%s@%d", name, i))
	}
	return strings.Join(names, " ")
}

// outputNotes is what Notes says of app.output: kafka.
func (m *Model) outputNotes() []string {
	if !m.output {
		return nil
	}
	notes := []string{"the transaction coordinator, the group's offsets and the input topic are taken to be reliable"}
	if m.reliable {
		return append(notes, "no fault of a broker is in the budget: the output partition is one broker that does not fail")
	}
	return append(notes, "only the output partition is replicated")
}

// outputFates is Fates for app.output: kafka.
func (m *Model) outputFates(s *State) []string {
	var all []string
	for i := 0; i < m.c.Scope.Messages; i++ {
		consumed := "not consumed"
		if at := m.groupCommitted(s); at != inputNone && at > i {
			consumed = "consumed, by the committed offset"
		}
		seen := [...]string{"not seen", "seen once", "seen twice"}[m.OutputProcessed(s, i)]
		all = append(all, fmt.Sprintf("%s: %s; its output is %s downstream", message(i), consumed, seen))
	}
	return all
}
