package verdict

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/specs"
)

// violatedQuestions are the questions of the built-in specs that expect a violation.
func violatedQuestions(t *testing.T) []Question {
	t.Helper()
	var list []Question
	for _, name := range specs.Names() {
		resolved, err := kafkaconf.Load(kafkaconf.Request{Files: []string{name}, ReadFile: readSpec})
		problems := kafkaconf.ProblemsOf(resolved, err)
		if problems.Failed() || len(problems.Only(kafkaconf.Refusal)) > 0 {
			continue
		}
		for _, q := range Questions(resolved) {
			if q.Expected == Violated {
				list = append(list, q)
			}
		}
	}
	if len(list) < 50 {
		t.Fatalf("only %d specs expect a violation", len(list))
	}
	return list
}

// readSpec reads a built-in spec, and from the disk what it refers to.
func readSpec(name string) ([]byte, error) {
	if data, err := specs.ReadFile(name); err == nil {
		return data, nil
	}
	return os.ReadFile(name)
}

// TestSliceOfSpecs checks the definition of the causal slice on the counterexamples of all built-in specs, with a
// replay of its own: without a strong step the guarantee is not broken, and without a faint one it is. Breadth first,
// minimal counterexamples have strong steps only; depth first there are faint ones. Everyday runs take every tenth
// question or so, KCHECK_LONG=1 takes all.
func TestSliceOfSpecs(t *testing.T) {
	t.Parallel()
	questions := violatedQuestions(t)
	stride, most := len(questions)/10, uint64(300_000)
	if os.Getenv("KCHECK_LONG") != "" {
		stride, most = 1, 10_000_000
	}
	faint, looked := 0, 0
	for i := 0; i < len(questions); i += stride {
		for _, strategy := range []explore.Strategy{explore.BFS, explore.DFS} {
			n, ok := checkSlice(t, questions[i], strategy, most)
			switch {
			case !ok && strategy == explore.BFS:
				t.Errorf("%s %s: nothing to slice", questions[i].Spec, questions[i].Guarantee)
			case ok && strategy == explore.BFS && n > 0:
				t.Errorf("%s: %d steps of a minimal counterexample are faint", questions[i].Spec, n)
			}
			if ok {
				looked++
			}
			faint += n
		}
	}
	t.Logf("%d counterexamples of %d questions, %d faint steps", looked, len(questions), faint)
	if faint == 0 {
		t.Error("no counterexample has a faint step, not even depth first")
	}
}

// checkSlice searches up to so many states, slices and tries every step; it returns the number of faint steps.
func checkSlice(t *testing.T, q Question, strategy explore.Strategy, most uint64) (faint int, sliced bool) {
	t.Helper()
	check, err := invariants.Prepare(q.Guarantee, q.Config, q.Counted)
	if err != nil {
		t.Fatal(err)
	}
	o := (&subject{check}).options(&q, Options{Strategy: strategy, Workers: 1, Memory: 256 << 20})
	o.MaxStates = most
	r, about, err := plan.Search(context.Background(), check, plan.Options{Options: o})
	if err != nil || r.Violation == nil || r.Violation.Untraced {
		return 0, false
	}
	s := &subject{about}
	trace := r.Violation.Trace
	strong := s.slice(&trace)
	if strong == nil {
		return 0, false
	}
	for i := range strong {
		ids := slices.Delete(trace.IDs(), i, i+1)
		if broken := replayBreaks(s, trace.Initial, ids); broken == strong[i] {
			t.Errorf("%s, %v: step %d is strong=%v, and without it the guarantee is broken=%v", q.Spec, strategy, i+1,
				strong[i], broken)
		}
		if !strong[i] {
			faint++
		}
	}
	return faint, true
}

// replayBreaks follows transitions where they are enabled, one state after the other with every choice, written
// without the code that it tests.
func replayBreaks(s *subject, state model.State, ids []explore.TransitionID) bool {
	for _, p := range s.Properties {
		if p.Invariant != nil && !p.Invariant(&state) {
			return true
		}
	}
	if len(ids) == 0 {
		rest := map[explore.Class]int{}
		for _, n := range explore.Successors(s.Model, &state) {
			rest[s.Model.Transitions()[n.ID].Class]++
		}
		for _, p := range s.Properties {
			if p.Quiescent != nil && rest[explore.Step]+rest[explore.Recovery] == 0 && !p.Quiescent(&state) ||
				p.Stuck != nil && rest[explore.Step] == 0 && !p.Stuck(&state) {
				return true
			}
		}
		return false
	}
	taken := false
	for _, n := range explore.Successors(s.Model, &state) {
		if n.ID == ids[0] {
			taken = true
			if replayBreaks(s, n.State, ids[1:]) {
				return true
			}
		}
	}
	return !taken && replayBreaks(s, state, ids[1:])
}
