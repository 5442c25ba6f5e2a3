package model

import "slices"

// Shortcuts are transitions that the model takes eagerly, so that fewer interleavings are explored. Runs are then shorter
// than Kafka's, but the same sets of faults violate a guarantee: each of these steps can be taken at any moment, takes nothing away from what
// can happen after it that matters to a guarantee, and where a guarantee can be violated with the step taken later, or not
// at all, it can be violated by the same faults with the step taken at once. They are not for guarantees about states
// in which nothing but faults and recoveries is possible, nor for log-agreement. A test compares the sets of faults with
// those of the model without shortcuts, for each of them and for all, over configurations drawn at random.
//
// They rest on leader epochs that fence (2.1 on) and on every answer coming at once that can come, so they are not taken
// where clients or brokers are cut off or slow.
type Shortcuts uint8

// The shortcuts.
const (
	// SendsAtOnce: the application has called send for all messages from the beginning. It makes no difference whether a
	// message waits in the producer or has not been sent yet, unless it can be lost with the producer's process or be sent
	// again in another order.
	SendsAtOnce Shortcuts = 1 << iota
	// FetchesAtOnce: a follower that has copied its leader's whole log fetches twice more, so that the leader knows its
	// position and the follower the high watermark. A record that is readable earlier can be lost in the same ways. For the
	// same reason a restarted broker has the highest of the high watermarks that it can come back with: a lower one only
	// delays the leader's answers, which can be late with the higher one as well.
	FetchesAtOnce
	// LearnsAtOnce: a broker in a superseded epoch in which no broker can act learns decisions until it can act; not the
	// elected leader while the producer can give up a message before the leader knows that it leads.
	LearnsAtOnce
	// RestartsAtOnce: a broker that is down and in no in-sync set or candidate set is noticed and started again. If it has
	// lost power, the surviving part of its log is chosen before any other step.
	RestartsAtOnce

	// AllShortcuts allows all of them, NoShortcuts none. In an entry of the registry 0 means that the field is missing.
	AllShortcuts = SendsAtOnce | FetchesAtOnce | LearnsAtOnce | RestartsAtOnce
	NoShortcuts  = 1 << 7
)

// chooseShortcuts decides which of the shortcuts the configuration allows.
func (m *Model) chooseShortcuts() {
	c := &m.c
	if c.App.OutputKafka || !c.B.FencesByEpoch || c.Topic.OldFormat || c.ReplicateFromDisk ||
		m.consumer && c.Cons.Reset == ResetLatest || m.share && c.Group.Reset == ResetLatest {
		return
	}
	m.short = c.Shortcuts
	for kind, most := range c.Faults {
		if most > 0 {
			m.short &= faults[kind].Shortcuts
		}
	}
	if c.App.Send == SendWait || c.App.ResendOnError {
		m.short &^= SendsAtOnce
	}
	if c.B.SkipsDecisions {
		m.short &^= LearnsAtOnce
	}
	if m.unclean() || !c.KRaft {
		m.short &^= RestartsAtOnce
	}
}

// takes says that the model takes a shortcut.
func (m *Model) takes(s Shortcuts) bool { return m.short&s != 0 }

// takeShortcuts takes every shortcut that is possible in s.
func (m *Model) takeShortcuts(s *State) {
	if m.takes(RestartsAtOnce) && s.hasLeader() {
		for b := 0; b < m.n; b++ {
			m.shortcutRestart(s, b)
		}
	}
	if m.takes(LearnsAtOnce) && s.epoch() > 0 {
		for b := 0; b < m.n; b++ {
			for s.up(b) && m.stale(s, b) && m.decisions(s, b) > 0 && !m.mayWaitTooLong(s, b) {
				m.learn(s, b, m.decision(s, b, 0), learnsNext)
			}
		}
	}
	if m.takes(FetchesAtOnce) {
		m.shortcutFetches(s)
	}
}

// mayWaitTooLong says that b is the elected leader and that, until it learns so, the producer can give up a message.
func (m *Model) mayWaitTooLong(s *State, b int) bool {
	if m.leader(s) != b || !producerGivesUp.Applies(m) {
		return false
	}
	for i := 0; i < m.c.Scope.Messages; i++ {
		if s.phase(i) != Acked {
			return true
		}
	}
	return false
}

// shortcutFetches fetches for the followers that have copied their leader's whole log.
func (m *Model) shortcutFetches(s *State) {
	equal := [MaxReplicas]int{}
	for f := 0; f < m.n; f++ {
		l, n := m.source(s, f), s.logLen(f)
		if l < 0 || n != s.logLen(l) || m.agreement(s, f, l) != n {
			l = -1
		} else if s.fetchPosition(f) != n {
			s.setFetchPosition(f, n)
			m.advanceHighWatermark(s, l)
		}
		equal[f] = l
	}
	for f := 0; f < m.n; f++ {
		if l := equal[f]; l >= 0 {
			s.setHW(f, max(s.hw(f), s.hw(l)))
		}
	}
}

// shortcutRestart restarts broker b if it is in no in-sync or candidate set and its surviving log is determined.
func (m *Model) shortcutRestart(s *State, b int) {
	if !m.restartIrrelevant(s, b) {
		return
	}
	s.setFlag(b, flagFenced)
	if at := (Binding{Broker: b}); survivals(m, s, at) == 1 {
		restartEffect(m, s, at)
	}
}

// restartIrrelevant says that broker b is down and in no in-sync set or candidate set, so that the time of its restart
// changes no decision.
func (m *Model) restartIrrelevant(s *State, b int) bool {
	return !s.alive(b) && !s.inISR(b, s.epoch()) && !s.hasFlag(b, flagELR|flagLastKnown) && m.leader(s) != b
}

// restarting is a broker in no in-sync or candidate set whose surviving log has yet to be chosen, or -1.
func (m *Model) restarting(s *State) int {
	if m.takes(RestartsAtOnce) && s.hasLeader() {
		for b := 0; b < m.n; b++ {
			if m.restartIrrelevant(s, b) {
				return b
			}
		}
	}
	return -1
}

// CountShortcuts corrects the counts of transitions for steps that were taken as shortcuts and not counted: an action
// that would have fired counts as fired once.
func (m *Model) CountShortcuts(fired []uint64) {
	count := map[string]uint64{}
	for id, n := range fired {
		count[m.byID[id].Name] += n
	}
	var hastened []int
	for id := range fired {
		a := m.byID[id]
		did := func(name string) bool { return count[name] > 0 }
		if count[a.Name] == 0 && int(a.first) == id && m.takes(a.Hastened.By) &&
			(a.Hastened.After == nil || slices.ContainsFunc(a.Hastened.After, did)) {
			hastened = append(hastened, id)
		}
	}
	for _, id := range hastened {
		fired[id] = 1
	}
}
