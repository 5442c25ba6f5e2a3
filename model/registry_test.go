package model

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// blanks names the fields of a struct that are empty, those of structs in it with their path. Pointers to functions are
// left out unless required names them; so is what optional names.
func blanks(v reflect.Value, path string, optional ...string) []string {
	var names []string
	for i := range v.NumField() {
		name := path + v.Type().Field(i).Name
		switch f := v.Field(i); {
		case slices.Contains(optional, name):
		case f.Kind() == reflect.Struct:
			names = append(names, blanks(f, name+".", optional...)...)
		case f.IsZero() || f.Kind() == reflect.Slice && f.Len() == 0 && name != "Causes":
			names = append(names, name)
		}
	}
	return names
}

// TestEveryActionIsComplete names every field of every action that is empty and must not be.
func TestEveryActionIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range registry {
		if seen[a.Name] {
			t.Errorf("%s is registered twice", a.Name)
		}
		seen[a.Name] = true
		optional := []string{"Class", "Fault", "Applies", "Ready", "Choices", "Hastened.By", "Hastened.After", "Outcomes", "Result",
			"Route.To", "Route.Lost", "Silent", "Forced.Why"}
		if a.Route.Lost {
			optional = slices.DeleteFunc(optional, func(s string) bool { return s == "Route.To" })
		}
		if a.Forced.How != Steady {
			optional = slices.DeleteFunc(optional, func(s string) bool { return s == "Forced.Why" })
		}
		for _, field := range blanks(reflect.ValueOf(*a), "", optional...) {
			t.Errorf("%s: %s is empty", a.Name, field)
		}
		if a.Class == explore.Fault && !strings.Contains(a.Doc.Summary, "is the fault "+a.Fault.String()) {
			t.Errorf("%s: Doc.Summary does not say that it is the fault %s", a.Name, a.Fault)
		}
		checkSentences(t, a)
	}
}

// checkSentences looks at the form of an action's documentation.
func checkSentences(t *testing.T, a *Action) {
	t.Helper()
	if !strings.HasPrefix(a.Doc.Summary, a.Name+" ") {
		t.Errorf("%s: Doc.Summary does not begin with its name", a.Name)
	}
	for label, text := range map[string]string{"Summary": a.Doc.Summary, "Guard": a.Doc.Guard, "Effect": a.Doc.Effect, "Abstracts": a.Doc.Abstracts} {
		if !strings.HasSuffix(text, ".") {
			t.Errorf("%s: Doc.%s does not end with a full stop: %q", a.Name, label, text)
		}
	}
	for _, s := range a.Doc.Sources {
		if s == "" || strings.HasSuffix(s, ".") {
			t.Errorf("%s: Doc.Sources has %q", a.Name, s)
		}
	}
}

// TestNamedActionsExist checks the names of actions in other actions.
func TestNamedActionsExist(t *testing.T) {
	for _, a := range registry {
		for _, name := range a.Hastened.After {
			if !slices.ContainsFunc(registry, func(b *Action) bool { return b.Name == name }) {
				t.Errorf("%s: Hastened.After has %s, which is no action", a.Name, name)
			}
		}
	}
}

// TestEveryActionIsRegistered looks through the package's files for actions that the registry does not have.
func TestEveryActionIsRegistered(t *testing.T) {
	declared := regexp.MustCompile(`(?m)^var (\w+) = &?Action\{\n\tName: "(\w+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			if !slices.ContainsFunc(registry, func(a *Action) bool { return a.Name == m[2] }) {
				t.Errorf("%s: %s is in no list of the registry", name, m[1])
			}
		}
	}
}

// TestEveryFaultIsComplete names every field of every kind of fault that is empty and must not be, and the kinds without
// an action where there must be one.
func TestEveryFaultIsComplete(t *testing.T) {
	ranks := map[int]string{}
	for _, kind := range FaultKinds(nil) {
		f := kind.Fault()
		optional := []string{"Standard"}
		if !happensWithOutput(kind) {
			optional = append(optional, "Attempts")
		}
		for _, field := range blanks(reflect.ValueOf(f), "", optional...) {
			t.Errorf("fault %d, %q: %s is empty", kind, f.Name, field)
		}
		if !strings.HasSuffix(f.Doc, ".") {
			t.Errorf("%s: Doc does not end with a full stop", f.Name)
		}
		if other := ranks[f.Shows]; other != "" {
			t.Errorf("%s: Shows is %d, as that of %s", f.Name, f.Shows, other)
		}
		ranks[f.Shows] = f.Name
		isAction := func(a *Action) bool { return a.Class == explore.Fault && a.Fault == kind }
		switch at := slices.IndexFunc(registry, isAction); {
		case at < 0:
			t.Errorf("%s: no action has it as its Fault", f.Name)
		case f.Side == SideBroker && registry[at].Area != AreaReplication:
			t.Errorf("%s: Side is SideBroker, so %s has to be in AreaReplication", f.Name, registry[at].Name)
		case f.Side != SideBroker && registry[at].Area == AreaReplication:
			t.Errorf("%s: %s is in AreaReplication, so Side has to be SideBroker", f.Name, registry[at].Name)
		}
	}
}

// happensWithOutput says that a kind of fault has an action in models with app.output: kafka.
func happensWithOutput(kind FaultKind) bool {
	return slices.ContainsFunc(registry, func(a *Action) bool {
		return a.Class == explore.Fault && a.Fault == kind && a.Area != AreaClients
	})
}

// TestEveryBehaviourIsComplete compares the registry of behaviours with the fields of the struct.
func TestEveryBehaviourIsComplete(t *testing.T) {
	fields := reflect.TypeFor[Behaviours]()
	if len(behaviours) != fields.NumField() {
		t.Fatalf("%d behaviours are in the registry, the struct has %d", len(behaviours), fields.NumField())
	}
	for i, b := range behaviours {
		name := fields.Field(i).Name
		if b.Name != name {
			t.Errorf("entry %d is %s, the field is %s", i, b.Name, name)
		}
		for _, field := range blanks(reflect.ValueOf(b), "", "When", "ZooKeeper.From", "ZooKeeper.Until", "KRaft.From", "KRaft.Until") {
			t.Errorf("%s: %s is empty", b.Name, field)
		}
		if b.ZooKeeper == (Releases{}) || b.KRaft == (Releases{}) {
			t.Errorf("%s: which releases have it is not said", b.Name)
		}
		if !strings.HasSuffix(b.Summary, ".") || strings.HasPrefix(b.Summary, b.Name) {
			t.Errorf("%s: Summary is %q", b.Name, b.Summary)
		}
		var set Behaviours
		if *b.field(&set) = true; !reflect.ValueOf(set).Field(i).Bool() {
			t.Errorf("%s: field is another field", b.Name)
		}
	}
}

// TestEveryBehaviourMatters sets each behaviour to its opposite in every scenario and wants the transitions of some
// scenario to change: a behaviour that no rule consults is a claim that nothing keeps.
func TestEveryBehaviourMatters(t *testing.T) {
	base := map[string]string{}
	for i := range scenarios {
		base[scenarios[i].name] = outcomeOf(scenarios[i].model(t))
	}
	for f := range reflect.TypeFor[Behaviours]().NumField() {
		name, noticed := reflect.TypeFor[Behaviours]().Field(f).Name, false
		for i := 0; i < len(scenarios) && !noticed; i++ {
			c := scenarios[i].model(t).Config()
			on := reflect.ValueOf(&c.B).Elem().Field(f)
			on.SetBool(!on.Bool())
			m, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			noticed = outcomeOf(m) != base[scenarios[i].name]
		}
		if !noticed {
			t.Errorf("no scenario notices the opposite of %s", name)
		}
	}
}
