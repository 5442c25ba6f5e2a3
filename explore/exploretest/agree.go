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
// witnesses. Every counterexample is replayed. The space must be small enough
// for a map.
func Agree[S comparable](t Reporter, m explore.Model[S], props []explore.Property[S], wits []explore.Witness[S], o explore.Options[S]) {
	t.Helper()
	for _, v := range variants(o) {
		if err := compare(m, props, wits, v); err != nil {
			t.Errorf("%s: %v", describe(v), err)
		}
	}
	if err := sameVerdict(m, props, wits, o); err != nil {
		t.Errorf("%v", err)
	}
}

// variants returns the options in every mode that must not make a difference.
func variants[S comparable](o explore.Options[S]) []explore.Options[S] {
	var vs []explore.Options[S]
	for _, workers := range []int{1, 3} {
		for _, exact := range []bool{false, true} {
			for _, dominance := range []bool{false, true} {
				v := o
				v.Workers, v.Exact, v.Dominance = workers, exact, dominance
				vs = append(vs, v)
			}
		}
	}
	return vs
}

func describe[S comparable](o explore.Options[S]) string {
	return fmt.Sprintf("workers=%d exact=%t dominance=%t", o.Workers, o.Exact, o.Dominance)
}

// compare compares one mode of explore.Check with the reference.
func compare[S comparable](m explore.Model[S], props []explore.Property[S], wits []explore.Witness[S], o explore.Options[S]) error {
	want := Reference(m, props, wits, o)
	r, err := explore.Check(context.Background(), m, props, wits, o)
	if err != nil {
		return err
	}
	got := Outcome{Distinct: r.Stats.Distinct, Generated: r.Stats.Generated, Depth: r.Stats.Depth, Complete: r.Complete, Witnesses: r.Witnesses}
	if len(wits) == 0 {
		got.Witnesses = []bool{}
	}
	for _, v := range r.Violations {
		f := Found{Property: v.Property, Steps: len(v.Trace.Steps)}
		f.Faults = append(f.Faults, v.Faults...)
		got.Violations = append(got.Violations, f)
		if err := genuine(m, props, v); err != nil {
			return err
		}
	}
	if !reflect.DeepEqual(got, want) {
		return fmt.Errorf("explore found %+v, the reference %+v", got, want)
	}
	return nil
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
func sameVerdict[S comparable](m explore.Model[S], props []explore.Property[S], wits []explore.Witness[S], o explore.Options[S]) error {
	verdict := func(dominance, noSymmetry bool) (string, error) {
		v := o
		v.Dominance, v.NoSymmetry = dominance, noSymmetry
		r, err := explore.Check(context.Background(), m, props, wits, v)
		if err != nil {
			return "", err
		}
		s := fmt.Sprint(r.Complete, r.Witnesses)
		for _, x := range r.Violations {
			s += fmt.Sprint(x.Property, x.Faults, x.Steps)
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
		if got != plain && o.MaxDepth == 0 && o.Bound == nil {
			return fmt.Errorf("dominance=%t noSymmetry=%t: found %s, without reductions %s", i&1 == 0, i&2 == 0, got, plain)
		}
	}
	return nil
}

// Determinism checks that the result is the same for 1 to 8 workers, and from
// run to run.
func Determinism[S comparable](t Reporter, m explore.Model[S], props []explore.Property[S], wits []explore.Witness[S], o explore.Options[S]) {
	t.Helper()
	first := ""
	for _, workers := range []int{1, 2, 3, 4, 8, 8} {
		o.Workers = workers
		r, err := explore.Check(context.Background(), m, props, wits, o)
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
