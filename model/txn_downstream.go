package model

// downstreamActions are the reader of the output.
var downstreamActions = []*Action{downstreamReads}

var downstreamReads = &Action{
	Name: "DownstreamReads", Area: AreaProcess, Actor: "downstream", Over: PerBroker,
	Doc: Doc{
		Summary: "DownstreamReads is the reader of the output topic reading all it may.",
		Guard: "The broker leads by its own belief in an epoch not older than the client has proof of; there is " +
			"something to read above the client's position, or the client finds that the log was truncated below " +
			"it.",
		Effect: "With read_committed records up to the last stable offset are read and those of committed " +
			"transactions processed, with read_uncommitted all below the high watermark. After a truncation the " +
			"client first goes back to where the logs part.",
		Abstracts: "Reading and processing are one step that does not fail: whether the reader keeps its own guarantees " +
			"is another question. Where the output partition is reliable there is no such step: what can be read " +
			"is read.",
		Sources: []string{
			"FetchIsolation.TXN_COMMITTED, UnifiedLog.lastStableOffset",
			"AbortedTxn in fetch responses (0.11 to 4.1)",
			"KIP-98",
			"OffsetsForLeaderEpochClient (KIP-320)",
		},
	},
	Applies: func(m *Model) bool { return m.output && m.consumer },
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.readable(s, b.Broker) &&
			(m.readableTo(s, b.Broker) > m.consumerPosition(s) || m.divergence(s, b.Broker) >= 0 || m.consumerPosition(s) > s.logLen(b.Broker))
	},
	Effect: readDownstreamEffect,
	Text:   "downstream reads {broker}",
	Outcomes: []Outcome{
		{Word: "read", Text: " and processes {messages}"},
		{Word: "nothing", Text: ": nothing to process"},
	},
	Result: readDownstreamResult,
	Causes: []Cause{byReadsOut},
	Route:  Route{From: "{broker}", To: "downstream", Label: "records"},
	Forced: steady,
}

func readDownstreamEffect(m *Model, s *State, b Binding) {
	pos := m.readFrom(s, b.Broker)
	to := max(pos, m.readableTo(s, b.Broker))
	for i := pos; i < to; i++ {
		if m.visible(s, b.Broker, i) {
			m.countOutput(s, m.msgOf(m.at(s, b.Broker, i)))
		}
	}
	m.setCons(s, cPosShift, 4, to)
	m.setCons(s, cKnownShift, 3, s.epochOf(b.Broker))
	m.setCons(s, cHasEpochShift, 1, b2i(to > 0))
	m.setCons(s, cLastEpochShift, 3, 0)
	if to > 0 {
		m.setCons(s, cLastEpochShift, 3, m.epochIn(m.at(s, b.Broker, to-1)))
	}
}

// readFrom is where the reader goes on at broker b: at its position, or where the logs part.
func (m *Model) readFrom(s *State, b int) int {
	if d := m.divergence(s, b); d >= 0 {
		return d
	}
	return min(m.consumerPosition(s), s.logLen(b))
}

// countOutput counts an output that downstream processes.
func (m *Model) countOutput(s *State, msg int) {
	times := m.processed(s, msg)
	for later := msg + 1; later < m.c.Scope.Messages && times == 0; later++ {
		if m.processed(s, later) > 0 {
			s.setControl(ctlDisorderShift, true)
		}
	}
	put(&s[m.wCons+1], uint(msg)*processedWidth, processedWidth, min(2, times+1))
}

// What guarantees ask about the output.

// OutputKafka says that the question is about consume-transform-produce.
func (m *Model) OutputKafka() bool { return m.output }

// OutputProcessed is how often downstream has seen the output of message msg, counted up to 2.
func (m *Model) OutputProcessed(s *State, msg int) int {
	times := m.deadLetters(s, msg)
	if !m.reliable {
		return min(2, times+m.Processed(s, msg))
	}
	for i, n := 0, m.readableTo(s, 0); i < n; i++ {
		if m.msgOf(m.at(s, 0, i)) == msg && m.visible(s, 0, i) {
			times++
		}
	}
	return min(2, times)
}

// OutputInOrder says that downstream saw the outputs for the first time in the order of the messages.
func (m *Model) OutputInOrder(s *State) bool {
	if !m.reliable {
		return !s.control(ctlDisorderShift)
	}
	newest := -1
	for i, n := 0, m.readableTo(s, 0); i < n; i++ {
		msg := m.msgOf(m.at(s, 0, i))
		if m.visible(s, 0, i) {
			if msg < newest && m.firstVisible(s, msg) == i {
				return false
			}
			newest = max(newest, msg)
		}
	}
	return true
}

// firstVisible is the offset of the first output of msg that downstream sees, on a reliable partition.
func (m *Model) firstVisible(s *State, msg int) int {
	for i := 0; ; i++ {
		if m.msgOf(m.at(s, 0, i)) == msg && m.visible(s, 0, i) {
			return i
		}
	}
}

// OutputTwiceReadable says that an output appears twice in what downstream can read of some leader.
func (m *Model) OutputTwiceReadable(s *State) bool {
	return m.anyReadable(s, func(b, i int) bool {
		for j := 0; j < i; j++ {
			if m.msgOf(m.at(s, b, j)) == m.msgOf(m.at(s, b, i)) && m.visible(s, b, j) {
				return true
			}
		}
		return false
	})
}

// AbortedReadable says that downstream can read an output of an attempt that was aborted (Jepsen: aborted read, G1a).
func (m *Model) AbortedReadable(s *State) bool {
	return m.anyReadable(s, func(b, i int) bool {
		r := m.at(s, b, i)
		return m.kindOf(r) == kindData && m.wasAborted(s, m.numberOf(r))
	})
}

// TornReadable says that downstream can read an output of a transaction of which another part is not to be read with
// it: the process is still adding to it, or another output of it is aborted (Jepsen: torn transaction).
func (m *Model) TornReadable(s *State) bool {
	return m.c.Cons.DownstreamReadCommitted && m.anyReadable(s, func(b, i int) bool {
		r := m.at(s, b, i)
		return m.kindOf(r) == kindData && (m.unfinished(s, m.numberOf(r)) || m.partlyAborted(s, b, m.numberOf(r)))
	})
}

// unfinished says that a process has the attempt in hand and has not asked to commit it.
func (m *Model) unfinished(s *State, number int) bool {
	for slot := 0; slot < MaxMembers; slot++ {
		if p := m.process(s, slot); p.stage == stageWorking && p.attempt == number {
			return true
		}
	}
	return false
}

// partlyAborted says that broker b can show an output of the attempt whose transaction was aborted.
func (m *Model) partlyAborted(s *State, b, number int) bool {
	for i, n := 0, s.hw(b); i < n; i++ {
		r := m.at(s, b, i)
		if m.kindOf(r) == kindData && m.numberOf(r) == number && m.closedBy(s, b, i, n) == kindAbort {
			return true
		}
	}
	return false
}

// anyReadable says that ok holds for some output that downstream can read at some leader.
func (m *Model) anyReadable(s *State, ok func(b, i int) bool) bool {
	for b := 0; b < m.n; b++ {
		if !s.actsAsLeader(b) {
			continue
		}
		for i, n := 0, m.readableTo(s, b); i < n; i++ {
			if m.visible(s, b, i) && ok(b, i) {
				return true
			}
		}
	}
	return false
}

// OutputReadable says that downstream can read some output.
func (m *Model) OutputReadable(s *State) bool {
	return m.anyReadable(s, func(b, i int) bool { return true })
}

// Hanging says that the output of message msg is in some leader's log above the last stable offset, in a transaction
// that nobody will end.
func (m *Model) Hanging(s *State, msg int) bool {
	for b := 0; b < m.n; b++ {
		for i := m.lastStable(s, b); s.actsAsLeader(b) && i < s.logLen(b); i++ {
			if r := m.at(s, b, i); !m.kindOf(r).marker() && m.msgOf(r) == msg {
				return true
			}
		}
	}
	return false
}

// OutputStopped says that the process has stopped with an error (auto.offset.reset=none).
func (m *Model) OutputStopped(s *State) bool { return m.process(s, 0).pos == inputStopped }

func readDownstreamResult(m *Model, pre *State, b Binding, post *State, p *Params) string {
	to := m.consumerPosition(post)
	p.Offset = at(to)
	for i := m.readFrom(pre, b.Broker); i < to; i++ {
		if m.visible(pre, b.Broker, i) {
			p.Messages = append(p.Messages, messageID(m.msgOf(m.at(pre, b.Broker, i))))
		}
	}
	if p.Messages == nil {
		return "nothing"
	}
	return "read"
}
