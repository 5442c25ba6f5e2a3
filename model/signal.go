package model

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/explore"
)

// Signal is what a step sends from one lane of a sequence diagram to another. A step that concerns one lane alone has
// no To; one that concerns all brokers at once has the From [LaneBrokers].
type Signal struct {
	From, To string
	Label    string // a few words: "produce m1"
	Lost     bool   // it never arrives, or only after its sender has stopped waiting
}

// LaneBrokers stands for the lanes of all brokers at once.
const LaneBrokers = "brokers"

// Lanes names the lanes of a sequence diagram of this model, from the sending application to the reading one.
func (m *Model) Lanes() []string {
	var lanes []string
	if m.output {
		lanes = append(lanes, "input", "process")
		if hasOldProcess(m) {
			lanes = append(lanes, "old-process")
		}
		if m.transactional {
			lanes = append(lanes, "coordinator")
		}
	} else {
		lanes = append(lanes, "application", "producer")
	}
	for b := range m.n {
		lanes = append(lanes, broker(b))
	}
	if !m.reliable {
		lanes = append(lanes, "controller")
	}
	if m.output {
		return append(lanes, "downstream")
	}
	return append(lanes, "consumer")
}

// Signal says what a step sends, and between whom.
func (m *Model) Signal(pre *State, id explore.TransitionID, post *State) Signal {
	a, b := m.binding(id)
	r := a.Route
	sender := "process"
	if b.Slot == 1 && hasOldProcess(m) && (a.Over == PerProcess || a.Over == PerProcessAndBroker) {
		sender = "old-process"
	}
	pairs := []string{"{b}", broker(b.Broker), "{m}", message(b.Msg), "{p}", sender, "{l}", m.peerOf(pre, b, a)}
	if strings.Contains(r.Label, "{h}") {
		pairs = append(pairs, "{h}", message(m.inHand(pre, 0)))
	}
	if strings.Contains(r.Label, "{o}") {
		pairs = append(pairs, "{o}", message(get(pre[m.wCons+1], cOldNextShift, 2)))
	}
	fill := strings.NewReplacer(pairs...)
	s := Signal{From: fill.Replace(r.From), To: fill.Replace(r.To), Label: fill.Replace(r.Label), Lost: r.Lost}
	switch a {
	case consumerCommits:
		s.Label = fmt.Sprintf("commit %d", m.cons(post, cCommittedShift, 4))
	case followerFetches:
		m.fetchSignal(&s, pre, b.Broker, post)
	case processPolls:
		s.Label = "records " + m.handText(m.process(post, 0))
	case outputAppends:
		p := m.process(pre, b.Slot)
		s.Label = "produce " + message(p.from+p.sent)
	case transactionEnds:
		s.Label = "EndTxn abort"
		if commit, _ := m.ending(pre, b.Slot); commit {
			s.Label = "EndTxn commit"
		}
	case coordinatorWritesMarker:
		s.Label = m.transaction(pre, b.Slot).state.marker()
	}
	if s.From == "coordinator" && !m.transactional {
		s.From, s.To = s.To, ""
	}
	return s
}

// fetchSignal says which half of a fetch made a difference: the follower's position, which goes to the leader, or the
// records and the high watermark, which come back.
func (m *Model) fetchSignal(s *Signal, pre *State, f int, post *State) {
	before, after := pre.logLen(f), post.logLen(f)
	l := m.ledBy(pre, pre.epochOf(f))
	switch {
	case after > before:
		s.Label = "records"
	case after < before && after > m.agreement(pre, f, l):
		s.Label = "truncate, records"
	case after < before:
		s.Label = "truncate"
	case pre.hw(f) != post.hw(f) && pre.hw(l) == post.hw(l):
		s.Label = fmt.Sprintf("high watermark %d", post.hw(f))
	default:
		s.From, s.To, s.Label = s.To, s.From, fmt.Sprintf("fetch from %d", after)
	}
}

// peerOf is the broker at the other end of a step's signal: the one that has the message of the step under way, or the
// leader.
func (m *Model) peerOf(pre *State, b Binding, a *Action) string {
	l := m.leader(pre)
	switch {
	case a == followerFetches || a == followerTruncates:
		l = m.ledBy(pre, pre.epochOf(b.Broker))
	case b.Msg >= 0 && pre.phase(b.Msg) == Awaiting:
		l = m.ledBy(pre, pre.sentTo(b.Msg))
	}
	if l < 0 {
		l = m.ledBy(pre, pre.epoch())
	}
	return broker(max(l, 0))
}
