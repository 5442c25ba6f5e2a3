package model

import "slices"

// Shortcuts are steps that the model takes by itself as soon as they are possible. Runs are then shorter than Kafka's, but the
// same sets of faults violate a guarantee: each of these steps can be taken at any moment, takes nothing away from what
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
	// SendsAtOnce: the application has called send for all messages from the beginning. A message that waits in the
	// producer is as good as one that is not sent yet. Not so where what waits can be lost with the producer, or is sent
	// again in another order.
	SendsAtOnce Shortcuts = 1 << iota
	// FetchesAtOnce: a follower that has all its leader has tells it so with its next fetch, and has its high watermark
	// by the one after that. What is readable early can be lost like what is readable late. For the same reason a broker
	// that is started again has the highest of the high watermarks that it may come back with: a lower one keeps its
	// leader from nothing but answers, which it gives later, as it may with the higher one too.
	FetchesAtOnce
	// LearnsAtOnce: a broker in a superseded epoch in which nobody can act reads on until there is something that it can
	// do.
	LearnsAtOnce
	// RestartsAtOnce: a broker that is down, in no set from which the controller chooses, and not waited for by anyone is
	// noticed and started again. Of one that has lost power, what survives is chosen before anything else happens.
	RestartsAtOnce

	// AllShortcuts are all of them, NoShortcuts none: a choice, where 0 is no answer.
	AllShortcuts = SendsAtOnce | FetchesAtOnce | LearnsAtOnce | RestartsAtOnce
	NoShortcuts  = 1 << 7
)

// takesShortcuts decides which of the shortcuts the configuration allows.
func (m *Model) takesShortcuts() {
	c := &m.c
	if c.App.OutputKafka || !c.B.FencesByEpoch || c.Topic.OldFormat || c.ReplicateFromDisk ||
		m.consumer && c.Cons.Reset == ResetLatest {
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

// hasten takes the shortcuts that are open in s.
func (m *Model) hasten(s *State) {
	if m.takes(RestartsAtOnce) && s.hasLeader() {
		for b := 0; b < m.n; b++ {
			m.hastenRestart(s, b)
		}
	}
	if m.takes(LearnsAtOnce) && s.epoch() > 0 {
		for b := 0; b < m.n; b++ {
			for s.up(b) && m.adrift(s, b) && m.decisions(s, b) > 0 {
				m.learn(s, b, m.decision(s, b, 0), false)
			}
		}
	}
	if m.takes(FetchesAtOnce) {
		m.hastenFetches(s)
	}
}

// hastenFetches lets the followers that have all their leader has tell it so, and then gives them the high watermark.
func (m *Model) hastenFetches(s *State) {
	equal := [MaxReplicas]int{}
	for f := 0; f < m.n; f++ {
		l, n := m.source(s, f), s.logLen(f)
		if l < 0 || n != s.logLen(l) || m.agreement(s, f, l) != n {
			l = -1
		} else if s.pos(f) != n {
			s.setPos(f, n)
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

// hastenRestart starts broker b again if nobody waits for it and it is plain what survived.
func (m *Model) hastenRestart(s *State, b int) {
	if !m.idle(s, b) {
		return
	}
	s.set(b, flagFenced)
	if at := (Binding{Broker: b}); survivals(m, s, at) == 1 {
		restartEffect(m, s, at)
	}
}

// idle says that broker b is down and nobody waits for it or could choose it.
func (m *Model) idle(s *State, b int) bool {
	return !s.alive(b) && !s.inISR(b, s.epoch()) && !s.has(b, flagELR|flagLastKnown) && m.leader(s) != b
}

// restarting is an idle broker of which it is to be chosen what survived, or -1.
func (m *Model) restarting(s *State) int {
	if m.takes(RestartsAtOnce) && s.hasLeader() {
		for b := 0; b < m.n; b++ {
			if m.idle(s, b) {
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
