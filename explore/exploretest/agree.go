package exploretest

import (
	"context"
	"fmt"
	"reflect"

	"github.com/kcheck/kcheck/explore"
)

// Agree checks the model with the reference engine and with explore.Check - one
// worker and several, fingerprints and whole states, with dominance and
// without - and reports every difference in counts, depth, violations and
// witnesses. Every counterexample is replayed, and the model must be pure, see
// Pure. The space must be small enough for a map.
func Agree[S comparable](t Reporter, spec explore.Spec[S]) {
	t.Helper()
	Pure(t, spec)
	for _, v := range variants(spec) {
		if err := compare(v); err != nil {
			t.Errorf("%s: %v", describe(v), err)
		}
	}
	if err := sameVerdict(spec); err != nil {
		t.Errorf("%v", err)
	}
}

// variants returns the check in every mode that must not make a difference.
func variants[S comparable](spec explore.Spec[S]) []explore.Spec[S] {
	var vs []explore.Spec[S]
	for _, workers := range []int{1, 3} {
		for _, exact := range []bool{false, true} {
			for _, dominance := range []bool{false, true} {
				v := spec
				v.Workers, v.Exact, v.Dominance = workers, exact, dominance
				vs = append(vs, v)
			}
		}
	}
	return vs
}

func describe[S comparable](o explore.Spec[S]) string {
	return fmt.Sprintf("workers=%d exact=%t dominance=%t", o.Workers, o.Exact, o.Dominance)
}

// compare compares one mode of explore.Check with the reference.
func compare[S comparable](spec explore.Spec[S]) error {
	want := Reference(spec)
	r, err := explore.Check(context.Background(), spec)
	if err != nil {
		return err
	}
	got := Outcome{Distinct: r.Stats.Distinct, Generated: r.Stats.Generated, Depth: r.Stats.Depth, Complete: r.Complete, Witnesses: r.Witnesses}
	if len(spec.Witnesses) == 0 {
		got.Witnesses = []bool{}
	}
	for _, v := range r.Violations {
		f := Found{Property: v.Property, Steps: len(v.Trace.Steps)}
		f.Faults, f.Total = counted(v.Faults, spec.Budget)
		got.Violations = append(got.Violations, f)
		if err := genuine(spec.Model, spec.Properties, v); err != nil {
			return err
		}
	}
	if !reflect.DeepEqual(got, want) {
		return fmt.Errorf("explore found %+v, the reference %+v", got, want)
	}
	return nil
}

// counted returns the faults of the kinds that a budget counts, and how many
// there are of all kinds.
func counted(faults, budget []int) (counted []int, all int) {
	for i, n := range faults {
		all += n
		if budget[i] == explore.Any {
			n = 0
		}
		counted = append(counted, n)
	}
	return counted, all
}

// genuine checks that a counterexample is one: that the model can take its
// steps, with the faults stated, and that it violates the property.
func genuine[S comparable](m explore.Model[S], props []explore.Property[S], v *explore.Violation[S]) error {
	if err := explore.ReplayTrace(m, &v.Trace); err != nil {
		return err
	}
	table := m.Transitions()
	faults := make([]int, len(v.Faults))
	pre, last := v.Trace.Initial, v.Trace.Initial
	var id explore.TransitionID
	for _, s := range v.Trace.Steps {
		if table[s.ID].Class == explore.Fault {
			faults[table[s.ID].Fault]++
		}
		pre, last, id = last, s.State, s.ID
	}
	if fmt.Sprint(faults) != fmt.Sprint(v.Faults) {
		return fmt.Errorf("the trace has the faults %v, not %v", faults, v.Faults)
	}
	for _, p := range props {
		if p.Name != v.Property {
			continue
		}
		for _, f := range []func(*S) bool{p.Invariant, p.Quiescent, p.Stuck} {
			if f != nil && f(&last) {
				return fmt.Errorf("the last state of the trace does not violate %s", p.Name)
			}
		}
		if f := p.StepInvariant; f != nil && f(&pre, id, &last) {
			return fmt.Errorf("the last step of the trace does not violate %s", p.Name)
		}
	}
	return nil
}

// sameVerdict checks that dominance and symmetry change neither the property
// found violated nor the number of faults and steps.
func sameVerdict[S comparable](spec explore.Spec[S]) error {
	verdict := func(dominance, noSymmetry bool) (string, error) {
		v := spec
		v.Dominance, v.NoSymmetry = dominance, noSymmetry
		r, err := explore.Check(context.Background(), v)
		if err != nil {
			return "", err
		}
		s := fmt.Sprint(r.Complete, r.Witnesses)
		for _, x := range r.Violations {
			faults, all := counted(x.Faults, spec.Budget)
			s += fmt.Sprint(x.Property, faults, all, x.Steps)
		}
		return s, nil
	}
	plain, err := verdict(false, true)
	if err != nil {
		return err
	}
	for i := range 3 {
		got, err := verdict(i&1 == 0, i&2 == 0)
		if err != nil {
			return err
		}
		if got != plain && spec.MaxDepth == 0 && spec.Bound == nil {
			return fmt.Errorf("dominance=%t noSymmetry=%t: found %s, without reductions %s", i&1 == 0, i&2 == 0, got, plain)
		}
	}
	return nil
}

// Determinism checks that the result is the same for 1 to 8 workers, and from
// run to run.
func Determinism[S comparable](t Reporter, spec explore.Spec[S]) {
	t.Helper()
	first := ""
	for _, workers := range []int{1, 2, 3, 4, 8, 8} {
		spec.Workers = workers
		r, err := explore.Check(context.Background(), spec)
		if err != nil {
			t.Errorf("%d workers: %v", workers, err)
			return
		}
		if got := render(r); first == "" {
			first = got
		} else if got != first {
			t.Errorf("%d workers: the result is\n%s\nbut with one worker\n%s", workers, got, first)
		}
	}
}

// render writes out everything in a result that must not vary.
func render[S comparable](r *explore.Result[S]) string {
	s := fmt.Sprintln(r.Complete, r.Stopped, r.CompleteFaults, r.CompleteDepth, r.Witnesses, r.Coverage,
		r.Stats.Distinct, r.Stats.Generated, r.Stats.Depth)
	for _, v := range r.Violations {
		s += fmt.Sprintf("%+v\n", *v)
	}
	for _, w := range r.WitnessTraces {
		if w != nil {
			s += fmt.Sprintf("%+v\n", *w)
		}
	}
	return s
}
