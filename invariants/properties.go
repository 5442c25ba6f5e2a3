package invariants

import "github.com/kcheck/kcheck/model"

func notTwice(m *model.Model, _ model.Counted) []property {
	return []property{{Name: "processed-twice", Invariant: func(s *model.State) bool {
		return !some(m, func(msg int) bool { return m.Processed(s, msg) > 1 })
	}}}
}

// lost is the name of the property that says that a copy of a message is left.
const lost = "lost"

// notLost is the local notion of loss: nothing left to process the message from, or nothing left that can happen.
func notLost(m *model.Model, c model.Counted) []property {
	return []property{
		{Name: lost, Invariant: func(s *model.State) bool {
			return m.Stopped(s) || !some(m, func(msg int) bool {
				return m.Processed(s, msg) == 0 && m.Counts(s, msg, c) && !m.HasCopy(s, msg)
			})
		}},
		{Name: "never-processed", Quiescent: func(s *model.State) bool {
			return m.Stopped(s) || !some(m, func(msg int) bool {
				return m.Processed(s, msg) == 0 && m.Counts(s, msg, c)
			})
		}},
	}
}

func notDoubled(m *model.Model, _ model.Counted) []property {
	return []property{{Name: "doubled", Invariant: func(s *model.State) bool { return !m.DuplicateReadable(s) }}}
}

func inOrder(m *model.Model, _ model.Counted) []property {
	return []property{{Name: "out-of-order", Invariant: func(s *model.State) bool { return !m.Disordered(s) }}}
}

func stays(m *model.Model, _ model.Counted) []property {
	return []property{{Name: "committed-lost", Invariant: m.CommittedStays}}
}

func agree(m *model.Model, _ model.Counted) []property {
	return []property{{Name: "logs-differ", Invariant: m.LogsAgree}}
}

func available(m *model.Model, _ model.Counted) []property {
	return []property{{Name: "unavailable", Quiescent: func(s *model.State) bool { return done(m, s) }}}
}

func notInterrupted(m *model.Model, _ model.Counted) []property {
	return []property{{Name: "interrupted", Stuck: func(s *model.State) bool { return done(m, s) }}}
}

// done says that every wanted message is acknowledged and processed.
func done(m *model.Model, s *model.State) bool {
	return !some(m, func(msg int) bool {
		return m.Wanted(s, msg) && (!m.Acked(s, msg) || m.Processed(s, msg) == 0)
	})
}

// What the log owes a guarantee, without a consumer: see Check.Search.

func notLostInLog(m *model.Model, c model.Counted) []property {
	return []property{
		notLost(m, c)[0],
		{Name: "unreadable", Quiescent: func(s *model.State) bool {
			return !some(m, func(msg int) bool { return m.Counts(s, msg, c) && !m.ReadableNow(s, msg) })
		}},
	}
}

func readableInOrder(m *model.Model, _ model.Counted) []property {
	return []property{{Name: "readable-out-of-order", Invariant: m.ReadableInOrder}}
}

func availableInLog(m *model.Model, _ model.Counted) []property {
	return []property{{Name: "unavailable-log", Quiescent: func(s *model.State) bool { return doneInLog(m, s) }}}
}

func notInterruptedInLog(m *model.Model, _ model.Counted) []property {
	return []property{{Name: "interrupted-log", Stuck: func(s *model.State) bool { return doneInLog(m, s) }}}
}

func doneInLog(m *model.Model, s *model.State) bool {
	return !some(m, func(msg int) bool {
		return m.Wanted(s, msg) && (!m.Acked(s, msg) || !m.ReadableNow(s, msg))
	})
}

func someProcessed(m *model.Model, _ model.Counted) []witness {
	return []witness{{Name: "a message is processed", Reached: func(s *model.State) bool {
		return some(m, func(msg int) bool { return m.Processed(s, msg) > 0 })
	}}}
}

func twoProcessed(m *model.Model, _ model.Counted) []witness {
	return []witness{{Name: "two messages are processed", Reached: func(s *model.State) bool {
		n := 0
		for msg := range m.Messages() {
			if m.Processed(s, msg) > 0 {
				n++
			}
		}
		return n >= 2
	}}}
}

func someCounted(m *model.Model, c model.Counted) []witness {
	return []witness{{Name: "a message counts as " + c.String(), Reached: func(s *model.State) bool {
		return some(m, func(msg int) bool { return m.Counts(s, msg, c) })
	}}}
}

func someReadable(m *model.Model, _ model.Counted) []witness {
	return []witness{{Name: "a record is readable", Reached: m.Readable}}
}

func twoHighWatermarks(m *model.Model, _ model.Counted) []witness {
	return []witness{{Name: "two in-sync replicas have a high watermark above 0", Reached: m.TwoWithHighWatermark}}
}

// some says that ok holds for some message.
func some(m *model.Model, ok func(msg int) bool) bool {
	for msg := range m.Messages() {
		if ok(msg) {
			return true
		}
	}
	return false
}
