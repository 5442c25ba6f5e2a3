package model

var consumerResets = &Action{
	Name: "ConsumerResets", Time: Timing{Step: "poll"}, Area: AreaClients, Actor: "consumer", Over: PerBroker, Applies: hasConsumer,
	Doc: Doc{
		Summary: "ConsumerResets is the consumer finding that its position is not valid.",
		Guard: "It has none; or it is beyond the end, or before the start, of the leader's log; or since 2.3 the " +
			"leader's log has been truncated below it. It has finished with what it polled before, and the group has found the partition.",
		Effect: "After a truncation it goes back to where the logs part, also where that is the start, if there is a reset " +
			"policy at all; else auto.offset.reset decides: the start, the high watermark, or it stops to wait for a person.",
		Abstracts: "Finding and resetting are one step.",
		Sources: []string{
			"SubscriptionState.maybeCompleteValidation, OffsetFetcher.resetPositionsIfNeeded, auto.offset.reset",
			"LeaderEpochFileCache.endOffsetFor answers for an epoch before its first with the start of that one (2.0.1 to 4.4)",
			"UnifiedLog.updateHighWatermark, which never sets it before the log start",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		w := s[m.wCons]
		if w>>cStoppedShift&1 != 0 || m.hand(s) > 0 || !m.readable(s, b.Broker) || m.lead(s) == looksNoMore {
			return false
		}
		return w>>cLostShift&1 != 0 || mayPoll(m, s) && // a position is looked at when the loop polls
			(m.divergence(s, b.Broker) >= 0 || m.outOfRange(s, b.Broker))
	},
	Effect: resetEffect,
	Text:   "the consumer finds its position invalid at {broker}",
	Outcomes: []Outcome{
		{Word: "truncated", Text: " and goes on at offset {offset}"},
		{Word: "reset", Text: " and goes on at offset {offset}"},
		{Word: "stopped", Text: "; auto.offset.reset=none: it stops with an error"},
	},
	Result: resetResult,
	Causes: []Cause{byReset, byGroup},
	Route:  Route{From: "{broker}", To: "consumer", Label: "offset out of range"},
	Forced: steady,
}

func (m *Model) logStart(s *State) int { return get(s[wControl], ctlStartShift, 4) }

func (m *Model) outOfRange(s *State, b int) bool {
	return m.consumerPosition(s) > s.logLen(b) || m.consumerPosition(s) < m.startAt(s, b)
}

// startAt is where broker b's log starts. A log never ends before it starts: one that lost, or never had, what retention
// has deleted elsewhere starts before that.
func (m *Model) startAt(s *State, b int) int { return min(m.logStart(s), s.logLen(b)) }

// seeks says that a consumer goes to where the logs part, at offset d. At the start of a log that is so only where the leader
// knows the epoch that it was asked for, or a later one.
func (m *Model) seeks(s *State, d int) bool {
	return m.c.Cons.Reset != ResetNone && (d > 0 || d == 0 && m.staleness(s) <= sameEpoch)
}

func resetEffect(m *Model, s *State, b Binding) {
	lost := m.cons(s, cLostShift, 1) != 0
	to := -1
	if d := m.divergence(s, b.Broker); !lost && m.seeks(s, d) {
		to = max(d, m.startAt(s, b.Broker))
	}
	m.setStale(s, fresh)
	m.setCons(s, cLostShift, 1, 0)
	m.setCons(s, cKnownShift, 3, s.epochOf(b.Broker))
	switch {
	case to >= 0:
	case m.c.Cons.Reset == ResetEarliest:
		to = m.startAt(s, b.Broker)
	case m.c.Cons.Reset == ResetLatest:
		to = max(s.hw(b.Broker), m.startAt(s, b.Broker))
	default:
		m.setCons(s, cStoppedShift, 1, 1)
		return
	}
	m.setCons(s, cPosShift, 4, to)
	m.setCons(s, cHasEpochShift, 1, b2i(to > 0))
	if to > 0 && to <= s.logLen(b.Broker) {
		m.setCons(s, cLastEpochShift, 3, m.epochIn(m.at(s, b.Broker, to-1)))
	}
}

func resetResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	if m.Stopped(post) {
		return "stopped"
	}
	p.Offset = at(m.consumerPosition(post))
	if d := m.divergence(pre, b.Broker); m.cons(pre, cLostShift, 1) == 0 && m.seeks(pre, d) {
		return "truncated"
	}
	return "reset"
}
