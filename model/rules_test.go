package model

import (
	"slices"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// TestGuardsOnlyRead evaluates every guard, twice, in states of random runs: the answer is the same, the state is what it
// was, and an enabled transition has an outcome.
func TestGuardsOnlyRead(t *testing.T) {
	t.Parallel()
	for i := range scenarios {
		m := scenarios[i].model(t)
		walk(m, uint64(i), 20, func(s *State, _ *Budget) {
			for j := range m.groups {
				for _, b := range m.groups[j].bindings {
					checkGuard(t, m, &m.groups[j], s, b)
				}
			}
		})
	}
}

// checkGuard evaluates one guard in one state.
func checkGuard(t *testing.T, m *Model, g *boundAction, s *State, b Binding) {
	t.Helper()
	before := *s
	if g.Ready != nil && !g.Ready(m, s) {
		return // a guard need not be defined there
	}
	first := g.Guard(m, s, b)
	if g.Choices != nil && first {
		if n := g.Choices(m, s, b); n < 1 || n != g.Choices(m, s, b) {
			t.Errorf("%s(%s) has %d outcomes where it is enabled", g.Name, b, n)
		}
	}
	if again := g.Guard(m, s, b); again != first || *s != before {
		t.Errorf("%s(%s): the guard changes the state or its own answer", g.Name, b)
	}
}

// TestSuccessorsArePure lists successors twice: they are the same, in the same order, and the state is what it was. Every
// one differs from the state, or the step would be a cycle, and uses only the words that StateSize promises.
func TestSuccessorsArePure(t *testing.T) {
	t.Parallel()
	for i := range scenarios {
		m := scenarios[i].model(t)
		walk(m, uint64(i), 20, func(s *State, _ *Budget) {
			before := *s
			next := explore.Successors(m, s)
			if !slices.Equal(next, explore.Successors(m, s)) || *s != before {
				t.Errorf("%s: Successors changes the state or its own answer", scenarios[i].name)
			}
			for j := range next {
				if tr := m.transitions[next[j].ID]; next[j].State == *s && tr.Class != explore.Fault {
					t.Errorf("%s: %s changes nothing", scenarios[i].name, tr)
				}
				for _, w := range next[j].State[m.StateSize()/8:] {
					if w != 0 {
						t.Errorf("%s: %s writes beyond StateSize", scenarios[i].name, m.transitions[next[j].ID])
					}
				}
			}
		})
	}
}

// TestSuccessorsDoNotAllocate measures the hot loop: successors of a state into a slice with room, and their canonical
// forms.
func TestSuccessorsDoNotAllocate(t *testing.T) {
	for i := range scenarios {
		m := scenarios[i].model(t)
		var states []State
		walk(m, uint64(i), 2, func(s *State, _ *Budget) { states = append(states, *s) })
		var out explore.Out[State]
		allocations := testing.AllocsPerRun(3, func() {
			for j := range states {
				next := out.Of(m, &states[j])
				for k := range next {
					m.Canonical(&next[k].State)
				}
			}
		})
		if allocations != 0 {
			t.Errorf("%s: %v allocations in %d states", scenarios[i].name, allocations, len(states))
		}
	}
}

// TestDeposedLeaderCountsOn: a leader that has yet to learn that it does not lead any more, or leads in a newer epoch,
// goes on with what it knew of a replica that was started again into that epoch. With another replica's fetch its high
// watermark passes what both have.
func TestDeposedLeaderCountsOn(t *testing.T) {
	t.Parallel()
	c := DefaultConfig()
	c.Sees = 0
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, leader := range []int{0, 2} {
		s := m.Initial(nil)[0]
		for _, b := range []int{0, 1} {
			m.appendRecord(&s, b, m.makeRecord(0, 0, 0))
		}
		s.setFetchPosition(1, 1) // a fetch has told so
		s.setFlag(1, flagDead|flagFenced)
		m.newEpoch(&s, leader, 1<<0|1<<2)
		restartEffect(m, &s, Binding{Broker: 1})
		for range 2 { // copies the record, and tells so
			fetchEffect(m, &s, Binding{Broker: 2})
		}
		if s.epochOf(1) != 1 || s.epochOf(0) != 0 || s.hw(0) != 1 {
			t.Errorf("b%d leads the next epoch: the high watermark of b1 is %d, want 1", leader+1, s.hw(0))
		}
		m.learn(&s, 1, 1, learnsNext) // nothing newer to learn: what was frozen stays
		if got := m.position(&s, 0, 1); got != 1 {
			t.Errorf("b%d leads the next epoch: b1 knows %d of b2, want 1", leader+1, got)
		}
	}
}

// TestLostRetryHasATarget: a retry that is lost went to the leader of its time, and new messages wait behind it there.
func TestLostRetryHasATarget(t *testing.T) {
	t.Parallel()
	c := DefaultConfig()
	c.Sees, c.Scope.Messages = 0, 2
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	s := m.Initial(nil)[0]
	s.setPhase(0, Queued)
	s.setPhase(1, Queued)
	m.loseAttempt(&s, 0, 0, false)
	m.newEpoch(&s, 1, 1<<0|1<<1|1<<2)
	m.learn(&s, 1, 1, learnsNext)
	if m.blocked(&s, 1, 1) {
		t.Error("m2 cannot have been sent to b2 before m1 came back from b1")
	}
	m.loseAttempt(&s, 0, 1, false)
	if s.sentTo(0) != 1 || !m.blocked(&s, 1, 1) {
		t.Errorf("m1 was last sent in epoch %d, want 1; m2 overtakes it at the same broker", s.sentTo(0))
	}
}
