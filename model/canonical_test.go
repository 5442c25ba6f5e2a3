package model

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// TestCanonical checks in states of random runs of the scenarios that
//
//   - the canonical form of a canonical form is the form itself,
//   - a state and its permutations have one canonical form,
//   - a state, its permutations and its canonical form agree in everything that a guarantee asks,
//   - a state and its canonical form can do the same with the faults that are left: the same actions lead to the same
//     canonical forms.
//
// The last one is what makes the reduction exact: the forms simulate the states, step by step.
func TestCanonical(t *testing.T) {
	t.Parallel()
	for i := range scenarios {
		m := scenarios[i].model(t)
		permutations := permutationsOf(m.n)
		type visit struct {
			s    State
			left Budget
		}
		bad, seen := 0, map[visit]bool{}
		walk(m, uint64(i), 100, func(s *State, left *Budget) {
			v := visit{*s, *left}
			if seen[v] || bad == 3 {
				return
			}
			seen[v] = true
			if text := m.canonicalFault(s, permutations, left); text != "" {
				t.Errorf("%s: %s in\n%s", scenarios[i].name, text, m.text(s))
				bad++
			}
		})
	}
}

// canonicalFault says what is wrong with the canonical form of s, or "".
func (m *Model) canonicalFault(s *State, permutations [][]int, left *Budget) string {
	c := *s
	m.Canonical(&c)
	again := c
	if m.Canonical(&again); again != c {
		return "the canonical form is not its own"
	}
	facts := m.facts(s)
	if got := m.facts(&c); got != facts {
		return fmt.Sprintf("the canonical form has the facts %s, not %s,", got, facts)
	}
	for _, p := range permutations {
		q := m.permuted(s, p)
		if got := m.facts(&q); got != facts {
			return fmt.Sprintf("permutation %v has the facts %s, not %s,", p, got, facts)
		}
		if m.Canonical(&q); q != c {
			return fmt.Sprintf("permutation %v has another canonical form", p)
		}
	}
	if m.BoundHit(s) {
		return ""
	}
	return difference(m.moves(s, left), m.moves(&c, left))
}

// difference names a move that only one of two sets has.
func difference(a, b map[string]bool) string {
	for move := range a {
		if !b[move] {
			return "the canonical form has no successor by " + move
		}
	}
	for move := range b {
		if !a[move] {
			return "the canonical form alone has a successor by " + move
		}
	}
	return ""
}

// moves are the successors of s: action, message and canonical form. Brokers are left out, since the form renames them.
func (m *Model) moves(s *State, left *Budget) map[string]bool {
	set := map[string]bool{}
	for _, n := range possible(m, s, left) {
		a, b := m.binding(n.ID)
		m.Canonical(&n.State)
		set[fmt.Sprintf("%s(m%d) to %x", a.Name, b.Msg+1, n.State[:m.words])] = true
	}
	return set
}

// facts writes out everything that the model tells about a state: its exported methods of the forms (s) and (s, msg).
// They are found by reflection, so that a new one is covered.
func (m *Model) facts(s *State) string {
	text := ""
	for _, f := range m.factMethods() {
		switch f := f.(type) {
		case func(*State) bool:
			text += fmt.Sprint(f(s), " ")
		case func(*State, int) bool:
			for i := range m.c.Scope.Messages {
				text += fmt.Sprint(f(s, i), " ")
			}
		case func(*State, int) int:
			for i := range m.c.Scope.Messages {
				text += fmt.Sprint(f(s, i), " ")
			}
		case func(*State, int, Counted) bool:
			for i := range m.c.Scope.Messages {
				text += fmt.Sprint(f(s, i, CountAccepted), f(s, i, CountAcked), f(s, i, CountAttempted), " ")
			}
		}
	}
	return text
}

// factMethods are the methods that facts calls. Those about a broker, or about a part that the model
// has not, are left out.
func (m *Model) factMethods() []any {
	var all []any
	v := reflect.ValueOf(m)
	for i := range v.NumMethod() {
		name := v.Type().Method(i).Name
		aboutOutput := strings.HasPrefix(name, "Output") || name == "AbortedReadable" || name == "TornReadable" || name == "Hanging"
		aboutBroker := name == "LostDisk" // and not about a message
		changes := name == "AskWhoLeads"  // tells what it has changed
		if name == "CommittedStays" && !m.exposed || aboutOutput && !m.output || aboutBroker || changes {
			continue
		}
		switch f := v.Method(i).Interface().(type) {
		case func(*State) bool, func(*State, int) bool, func(*State, int) int, func(*State, int, Counted) bool:
			all = append(all, f)
		}
	}
	return all
}

// permuted is s with its brokers renamed: broker b becomes p[b].
func (m *Model) permuted(s *State, p []int) State {
	q := *s
	for b, to := range p {
		q[logWord(to)], q[statusWord(to)] = s[logWord(b)], s[statusWord(b)]
		if m.wLog2 > 0 {
			q[m.wLog2+to] = s[m.wLog2+b]
		}
		if m.wKept > 0 {
			m.setKeptOf(&q, to, m.keptOf(s, b))
		}
	}
	return q
}

// permutationsOf lists the permutations of n elements.
func permutationsOf(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var all [][]int
	for _, p := range permutationsOf(n - 1) {
		for at := range n {
			q := append(append(append([]int{}, p[:at]...), n-1), p[at:]...)
			all = append(all, q)
		}
	}
	return all
}

// text writes a state out as reports name its parts.
func (m *Model) text(s *State) string {
	text := ""
	for _, p := range m.View(s).Parts() {
		value, _ := p.Is.MarshalJSON()
		text += fmt.Sprintf("%s=%s ", p.What, value)
	}
	return text
}
