package invariants

import (
	"context"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// TestEveryGuaranteeIsDocumented wants of each guarantee a claim, a source, a witness, and properties and witnesses that
// the engine can take.
func TestEveryGuaranteeIsDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, g := range All() {
		if g.Name == "" || g.Claim == "" || g.Source == "" || g.Witness == "" || seen[g.Name] {
			t.Errorf("%+v lacks a claim, a source or a witness, or is there twice", g)
		}
		seen[g.Name] = true
		k, err := Prepare(g.Name, known(), model.CountAccepted)
		if err != nil {
			t.Fatal(err)
		}
		if len(k.Properties) == 0 || len(k.Witnesses) == 0 {
			t.Errorf("%s has %d properties and %d witnesses", g.Name, len(k.Properties), len(k.Witnesses))
		}
		if got, err := Lookup(g.Name); err != nil || got.Name != g.Name {
			t.Errorf("Lookup(%q) gives %q, %v", g.Name, got.Name, err)
		}
	}
	if _, err := Lookup("at-lest-once"); err == nil || !strings.Contains(err.Error(), "at-least-once") {
		t.Errorf("the error for an unknown guarantee does not help: %v", err)
	}
}

// TestWitnesses wants the witness of every guarantee to be reached where messages flow, and none to be where they cannot:
// before 3.7 a minimum above the number of replicas refuses every write with acks=all.
func TestWitnesses(t *testing.T) {
	for _, flows := range []bool{true, false} {
		for _, g := range All() {
			r := row{id: g.Name, guarantee: g.Name, counted: model.CountAcked, change: func(c *model.Config) {
				c.Topic.Replicas, c.Scope.Messages = 2, 2
				if !flows {
					release(model.V3_6)(c)
					c.Topic.MinISR = 3
				}
			}}
			k := r.check(t)
			o := r.options()
			o.Bound = k.Model.BoundHit
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
