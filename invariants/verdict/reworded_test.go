package verdict

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
)

func rot13(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+13)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+13)%26
		}
		return r
	}, text)
}

// reword tells steps in other words: every sentence, value and label is its rot13.
func reword(steps []Step) {
	for i := range steps {
		s := &steps[i]
		s.Text, s.Signal.Label = rot13(s.Text), rot13(s.Signal.Label)
		for j := range s.Changes {
			s.Changes[j].Before, s.Changes[j].After = rot13(s.Changes[j].Before), rot13(s.Changes[j].After)
		}
	}
}

// TestNoProgramReadsProse tells counterexamples of the built-in specs in other words: the steps come from the same
// settings, a headline cites the same ones, and the trace has the same name.
func TestNoProgramReadsProse(t *testing.T) {
	t.Parallel()
	told := 0
	for _, q := range violatedQuestions(t) {
		check, err := invariants.Prepare(q.Guarantee, q.Config, q.Counted)
		if err != nil {
			t.Fatal(err)
		}
		s := &subject{check}
		o := s.options(&q, Options{Workers: 1, Memory: 256 << 20})
		o.MaxStates = 20_000
		r, about, err := plan.Search(context.Background(), check, plan.Options{Options: o})
		if err != nil || r.Violation == nil || r.Violation.Untraced {
			continue
		}
		told++
		s = &subject{about}
		if plain, other := cited(t, s, &q, r, nil), cited(t, s, &q, r, reword); !reflect.DeepEqual(plain, other) {
			t.Errorf("%s %s: told plainly %v, in other words %v", q.Spec, q.Guarantee, plain, other)
		}
	}
	if told < 40 {
		t.Errorf("only %d counterexamples were found", told)
	}
}

// cited are the settings that a counterexample names, step by step, and the name of the trace.
func cited(t *testing.T, s *subject, q *Question, r *plan.Result, reword func([]Step)) [][]string {
	t.Helper()
	res := empty()
	res.Settings = q.Settings
	if err := s.tell(&res, r.Violation); err != nil {
		t.Fatal(err)
	}
	if reword != nil {
		reword(res.Steps)
	}
	s.setting(&res, res.Steps)
	all := [][]string{}
	for i := range res.Steps {
		res.Steps[i].Strong = true
		all = append(all, res.Steps[i].Settings)
	}
	return append(all, []string{traceID(&res)})
}
