package model

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// TestEveryActionFires explores the scenarios and wants every action of the model taken in one of them.
func TestEveryActionFires(t *testing.T) {
	t.Parallel()
	fires := map[string][]string{}
	for i := range scenarios {
		m := scenarios[i].model(t)
		o := m.options()
		o.Coverage = true
		r, err := explore.Check(context.Background(), explore.Spec[State]{Model: m, Options: o})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-40s %6d states, depth %d", scenarios[i].name, r.Stats.Distinct, r.Stats.Depth)
		for id, n := range r.Coverage {
			if a := m.transitions[id].Action; n > 0 && !slices.Contains(fires[a], scenarios[i].name) {
				fires[a] = append(fires[a], scenarios[i].name)
			}
		}
	}
	for _, a := range registry {
		if len(fires[a.Name]) == 0 {
			t.Errorf("%s fires in no scenario: add one to scenarios", a.Name)
		}
	}
}

// TestEveryRuleMatters drops the guard of every action, then its effect, then all but the first of its outcomes, and
// wants a count, a depth or a verdict of some scenario to change: a rule that nothing notices is a rule that nobody tests.
func TestEveryRuleMatters(t *testing.T) {
	t.Parallel()
	bases := baselines(t)
	for _, a := range registry {
		noGuard, noEffect, oneChoice := *a, *a, *a
		noGuard.Guard, noGuard.Ready = func(*Model, *State, Binding) bool { return true }, nil
		noEffect.Effect = func(*Model, *State, Binding) {}
		oneChoice.Choices = nil
		for what, mutant := range map[string]*Action{"guard": &noGuard, "effect": &noEffect, "choices": &oneChoice} {
			always := strings.HasPrefix(a.Doc.Guard, "Always")
			if what == "guard" && always || what == "choices" && a.Choices == nil {
				continue
			}
			tried := []string{}
			for i := range bases {
				b := &bases[i]
				if !b.fires[a.Name] {
					continue
				}
				tried = append(tried, b.sc.name)
				if outcome(b.sc.model(t), a, mutant, 3*b.outcome.Distinct+1000) != b.text {
					tried = nil
					break
				}
			}
			if tried != nil {
				t.Errorf("%s without its %s gives the same counts and verdicts in every scenario in which it fires, %q: add or "+
					"change a scenario so that it makes a difference", a.Name, what, tried)
			}
		}
	}
}

// baseline is a scenario with its outcome under the rules as they are.
type baseline struct {
	sc      *scenario
	fires   map[string]bool
	outcome exploretest.Outcome
	text    string
}

// baselines are the outcomes of the scenarios, small ones first.
func baselines(t *testing.T) []baseline {
	var all []baseline
	for i := range scenarios {
		b := baseline{sc: &scenarios[i], fires: map[string]bool{}}
		m := b.sc.model(t)
		counted := m.options()
		counted.Coverage = true
		r, err := explore.Check(context.Background(), explore.Spec[State]{Model: m, Options: counted})
		if err != nil {
			t.Fatal(err)
		}
		for id, n := range r.Coverage {
			b.fires[m.transitions[id].Action] = b.fires[m.transitions[id].Action] || n > 0
		}
		b.outcome = exploretest.Reference(explore.Spec[State]{Model: compact{m}, Properties: claims(m), Options: exhaust(m)})
		b.text = fmt.Sprint(b.outcome)
		all = append(all, b)
	}
	slices.SortStableFunc(all, func(a, b baseline) int { return cmp.Compare(a.outcome.Distinct, b.outcome.Distinct) })
	return all
}

func exhaust(m *Model) explore.Options[State] {
	o := compact{m}.options()
	o.Exhaust = true
	return o
}

// claims are a few properties, so that a verdict can change where a count does not.
func claims(m *Model) []explore.Property[State] {
	return []explore.Property[State]{
		{Name: "agree", Invariant: m.LogsAgree},
		{Name: "done", Quiescent: func(s *State) bool { return !m.Wanted(s, 0) || m.Acked(s, 0) }},
	}
}

// outcomeOf explores a model in full.
func outcomeOf(m *Model) string {
	r, err := explore.Check(context.Background(), explore.Spec[State]{Model: m, Properties: claims(m), Options: m.options()})
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(r.Stats.Distinct, r.Stats.Generated, r.Stats.Depth, len(r.Violations))
}

// outcome explores a model in which mutant stands for action a, up to limit states. A panic is an outcome.
func outcome(m *Model, a, mutant *Action, limit uint64) (text string) {
	defer func() {
		if e := recover(); e != nil {
			text = fmt.Sprint("panic: ", e)
		}
	}()
	for i := range m.groups {
		if m.groups[i].Action == a {
			m.groups[i].Action = mutant
		}
	}
	o := exhaust(m)
	seen := uint64(0)
	o.Bound = func(s *State) bool {
		seen++
		return seen > limit || m.BoundHit(s)
	}
	return fmt.Sprint(exploretest.Reference(explore.Spec[State]{Model: compact{m}, Properties: claims(m), Options: o}))
}
