package model

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// rareOutcomes are configurations in which steps end as they do in no scenario.
var rareOutcomes = []scenario{
	{"a late request finds another leader", "", Budget{Delay: 1, LeaderMove: 1}, func(c *Config) { c.Prod.Idempotent, c.Sees = false, 0 }},
	{"the log is cut behind a record", "", Budget{BrokerCrash: 1, ReplicaLag: 1}, func(c *Config) {
		c.Topic.UncleanElection, c.Topic.ELR, c.Scope.Messages = true, false, 2
	}},
	{"output: plain, late", "", Budget{Delay: 1}, func(c *Config) {
		plainOutput(c)
		c.Prod.Idempotent = false
	}},
}

// TestStepsAreData visits every step of the scenarios: its outcome is one of its action's, every outcome of every action
// comes about, and what a step says survives being written as JSON and read again.
func TestStepsAreData(t *testing.T) {
	t.Parallel()
	seen := map[string]map[string]bool{}
	for _, sc := range slices.Concat(scenarios, rareOutcomes) {
		m := sc.model(t)
		visit := func(pre *State, id explore.TransitionID, post *State) bool {
			a, b := m.binding(id)
			if seen[a.Name] == nil {
				seen[a.Name] = map[string]bool{}
			}
			outcome := ""
			if a.Result != nil {
				outcome = a.Result(m, pre, b, post, &Params{})
			}
			if !seen[a.Name][outcome] {
				survivesJSON(t, m.Step(pre, id, post))
			}
			seen[a.Name][outcome] = true
			return true
		}
		o := m.options()
		o.Workers = 1
		spec := explore.Spec[State]{Model: m, Properties: []explore.Property[State]{{Name: "visit", StepInvariant: visit}}, Options: o}
		if _, err := explore.Check(context.Background(), spec); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range registry {
		declared := map[string]bool{}
		for _, o := range a.Outcomes {
			declared[o.Word] = true
			if !seen[a.Name][o.Word] {
				t.Errorf("%s: no step ends with the outcome %q", a.Name, o.Word)
			}
		}
		for word := range seen[a.Name] {
			if !declared[word] && (word != "" || len(declared) > 0) {
				t.Errorf("%s: the outcome %q is not in Outcomes", a.Name, word)
			}
		}
	}
}

// survivesJSON writes parameters and changes of a step and reads them again.
func survivesJSON(t *testing.T, step Step) {
	t.Helper()
	data, err := json.Marshal(struct {
		Params  Params
		Changes []Change
	}{step.Params, step.Changes})
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Params  Params
		Changes []Change
	}
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatalf("%s: %v in %s", step.Action, err, data)
	}
	if !reflect.DeepEqual(read.Params, step.Params) || len(read.Changes) != len(step.Changes) {
		t.Errorf("%s: %s is read as %+v", step.Action, data, read)
	}
	for i, c := range read.Changes {
		if w := step.Changes[i]; !sameValue(c.From, w.From) || !sameValue(c.To, w.To) {
			t.Errorf("%s: the change of %s is read as %+v, not %+v", step.Action, w.What, c, w)
		}
	}
}

// sameValue compares a value that was read with what was written, of which an empty array does not say the type.
func sameValue(read, written Value) bool {
	if read.Log != nil && len(read.Log) == 0 {
		return len(written.Log)+len(written.Brokers)+len(written.Messages) == 0
	}
	return read.Equal(written)
}

// TestStepOfAnUncleanElection reads a run of an unclean election as a program does that knows no sentence.
func TestStepOfAnUncleanElection(t *testing.T) {
	t.Parallel()
	c := DefaultConfig()
	c.Topic.UncleanElection, c.Topic.ELR, c.Sees = true, false, 0
	c.Faults = Budget{BrokerCrash: 2, ReplicaLag: 1}
	c.Topic.Replicas = 2
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	pre := m.Initial(nil)[0]
	var step Step
	for _, action := range []string{"ReplicaLags", "BrokerCrashes", "ControllerElectsLeader"} {
		next := State{}
		for _, n := range explore.Successors[State](m, &pre) {
			tr := m.Transitions()[n.ID]
			if s := m.Step(&pre, n.ID, &n.State); tr.Action == action && (action != "BrokerCrashes" || s.Params.Broker == 1) {
				step, next = s, n.State
			}
		}
		pre = next
	}
	if step.Outcome != "unclean" || step.Params.Broker != 2 || step.Params.Epoch == nil || *step.Params.Epoch != 1 {
		t.Errorf("the election is %+v", step)
	}
	want := Change{"leader", KindBroker, Value{Broker: 1}, Value{Broker: 2}}
	if len(step.Changes) == 0 || !reflect.DeepEqual(step.Changes[0], want) {
		t.Errorf("it changes %+v, not %+v", step.Changes, want)
	}
}
