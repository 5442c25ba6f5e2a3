package verdict

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
)

// reworded tells everything in other words: every sentence, value and label of a step is its rot13.
type reworded struct{ kafkaTeller }

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

// Step implements teller.
func (r reworded) Step(pre *model.State, id explore.TransitionID, post *model.State) Step {
	s := r.kafkaTeller.Step(pre, id, post)
	s.Text, s.Signal.Label = rot13(s.Text), rot13(s.Signal.Label)
	for i := range s.Changes {
		s.Changes[i].Before, s.Changes[i].After = rot13(s.Changes[i].Before), rot13(s.Changes[i].After)
	}
	return s
}

// Reason implements teller.
func (r reworded) Reason(property string, t explore.Trace[model.State]) string {
	return rot13(r.kafkaTeller.Reason(property, t))
}

// TestNoProgramReadsProse tells counterexamples of the built-in specs in other words: the steps come from the same
// settings, a headline cites the same ones, and the trace has the same name.
func TestNoProgramReadsProse(t *testing.T) {
	told := 0
	for _, q := range violatedQuestions(t) {
		check, err := invariants.Prepare(q.Guarantee, q.Config, q.Counted)
		if err != nil {
			t.Fatal(err)
		}
		s := subjectOf(check)
		o := s.options(&q, Options{Workers: 1, Memory: 256 << 20})
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		r, about, err := plan.Search(ctx, check, plan.Options{Options: o})
		cancel()
		if err != nil || r.Violation == nil || r.Violation.Untraced {
			continue
		}
		told++
		plain, other := subjectOf(about), subjectOf(about)
		other.teller = reworded{other.teller.(kafkaTeller)}
		if plain, other := cited(t, plain, &q, r), cited(t, other, &q, r); !reflect.DeepEqual(plain, other) {
			t.Errorf("%s %s: told plainly %v, in other words %v", q.Spec, q.Guarantee, plain, other)
		}
	}
	if told < 40 {
		t.Errorf("only %d counterexamples were found in time", told)
	}
}

// cited are the settings that a counterexample names, step by step, those of the headline, and the name of the trace.
func cited(t *testing.T, s *subject[model.State], q *Question, r *plan.Result) [][]string {
	t.Helper()
	res := empty()
	res.Settings = q.Settings
	if err := s.tell(&res, r.Violation); err != nil {
		t.Fatal(err)
	}
	s.setting(&res, res.Steps)
	all := [][]string{}
	for i := range res.Steps {
		res.Steps[i].Strong = true
		all = append(all, res.Steps[i].Settings)
	}
	return append(all, decisiveSettings(&res), []string{traceID(&res)})
}
