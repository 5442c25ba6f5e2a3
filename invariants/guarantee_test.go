package invariants

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// TestRegistry names every field that an entry of the registry lacks: a guarantee, a property or a witness.
func TestRegistry(t *testing.T) {
	t.Parallel()
	for _, g := range guarantees {
		complete(t, "guarantee "+g.Name, reflect.ValueOf(*g))
		for kind, f := range map[string]Form{"Sink": g.Sink, "Output": g.Output} {
			complete(t, fmt.Sprintf("guarantee %s, %s", g.Name, kind), reflect.ValueOf(f))
			for _, w := range f.Witnesses {
				complete(t, fmt.Sprintf("a witness of guarantee %s, %s", g.Name, kind), reflect.ValueOf(*w))
			}
		}
		if len(g.OwedByLog) > 0 && g.OnLog() {
			t.Errorf("guarantee %s: OwedByLog is for guarantees about the consumer; Sees has no consumer", g.Name)
		}
	}
	for _, p := range properties() {
		complete(t, "property "+p.Name, reflect.ValueOf(*p))
		set := 0
		for _, isNil := range []bool{p.Always == nil, p.AtRest == nil, p.Stuck == nil} {
			if !isNil {
				set++
			}
		}
		if set != 1 {
			t.Errorf("property %s: %d of Always, AtRest and Stuck are set, want one", p.Name, set)
		}
		if SymptomOf(p.Name) != p.Symptom {
			t.Errorf("property %s: the name is there twice", p.Name)
		}
	}
}

// complete reports the fields of a registry entry that are empty and not optional.
func complete(t *testing.T, what string, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		empty := v.Field(i).IsZero() || v.Field(i).Kind() == reflect.Slice && v.Field(i).Len() == 0
		if empty && field.Tag.Get("registry") != "optional" {
			t.Errorf("%s lacks the field %s", what, field.Name)
		}
	}
}

// TestNames compares the names with those that a spec may use, in the same order, and looks each one up.
func TestNames(t *testing.T) {
	t.Parallel()
	if names := Names(); !slices.Equal(names, kafkaconf.GuaranteeNames) {
		t.Errorf("the registry has the guarantees %v, a spec may name %v (kafkaconf.GuaranteeNames)", names, kafkaconf.GuaranteeNames)
	}
	seen := map[string]bool{}
	for _, name := range Names() {
		if g, err := Lookup(name); err != nil || g.Name != name || seen[name] {
			t.Errorf("Lookup(%q) gives %q, %v; there twice: %t", name, g.Name, err, seen[name])
		}
		seen[name] = true
	}
	if _, err := Lookup("at-lest-once"); err == nil || !strings.Contains(err.Error(), "at-least-once") {
		t.Errorf("the error for an unknown guarantee does not help: %v", err)
	}
}

// TestPrepare wants of each guarantee the properties and witnesses of the registry, for both kinds of application.
func TestPrepare(t *testing.T) {
	t.Parallel()
	for _, output := range []bool{false, true} {
		for _, g := range All() {
			c := model.DefaultConfig()
			c.App.OutputKafka = output
			c.B = model.BehavioursOf(&c)
			k, err := Prepare(g.Name, c, model.CountAccepted)
			if err != nil {
				t.Fatal(err)
			}
			f := g.form(k.Model)
			if len(k.Properties) != len(f.Properties) || len(k.Witnesses) != len(f.Witnesses) {
				t.Errorf("%s, output %t: %d properties and %d witnesses, the registry has %d and %d", g.Name, output,
					len(k.Properties), len(k.Witnesses), len(f.Properties), len(f.Witnesses))
			}
		}
	}
}

// TestWitnesses wants the witness of every guarantee to be reached where messages flow, and none to be where they cannot:
// before 3.7 a minimum above the number of replicas refuses every write with acks=all.
func TestWitnesses(t *testing.T) {
	t.Parallel()
	for _, flows := range []bool{true, false} {
		for _, g := range All() {
			c := model.DefaultConfig()
			c.Topic.Replicas, c.Scope.Messages, c.Topic.ELR = 2, 2, false
			if !flows {
				c.Kafka, c.Prod.Version, c.Cons.Version, c.Topic.MinISR = model.V3_6, model.V3_6, model.V3_6, 3
			}
			c.Faults = model.Budget{}
			c.B = model.BehavioursOf(&c)
			k, err := Prepare(g.Name, c, model.CountAcked)
			if err != nil {
				t.Fatal(err)
			}
			o := explore.Options[model.State]{Dominance: true, Bound: k.Model.BoundHit}
			result, err := explore.Check(context.Background(), k.Spec(o))
			if err != nil {
				t.Fatal(err)
			}
			for i, reached := range result.Witnesses {
				if reached != flows {
					t.Errorf("%s, messages flow %t: the witness %q is reached: %t", g.Name, flows, k.Witnesses[i].Name, reached)
				}
			}
		}
	}
}
