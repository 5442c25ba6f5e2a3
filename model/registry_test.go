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

// TestEveryActionIsComplete names every field of every action that is empty and must not be.
func TestEveryActionIsComplete(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, a := range registry {
		if seen[a.Name] {
			t.Errorf("%s is registered twice", a.Name)
		}
		seen[a.Name] = true
		for _, field := range a.gaps() {
			t.Errorf("action %s lacks: %s", a.Name, field)
		}
		if a.Class == explore.Fault && !strings.Contains(a.Doc.Summary, "is the fault "+a.Fault.String()) {
			t.Errorf("action %s: Doc.Summary does not say that it is the fault %s", a.Name, a.Fault)
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
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
	ranks := map[int]string{}
	for _, kind := range FaultKinds(nil) {
		f := kind.Fault()
		for _, field := range kind.gaps() {
			t.Errorf("fault %d, %q, lacks: %s", kind, f.Name, field)
		}
		if !strings.HasSuffix(f.Doc, ".") {
			t.Errorf("fault %q: Doc does not end with a full stop", f.Name)
		}
		if other := ranks[f.Shows]; other != "" {
			t.Errorf("fault %q: Shows is %d, as that of %s", f.Name, f.Shows, other)
		}
		ranks[f.Shows] = f.Name
	}
}

// TestEveryForgottenFieldIsNamed takes the fields away from an action and a fault one by one: each is named, and a model
// in which it would matter is refused.
func TestEveryForgottenFieldIsNamed(t *testing.T) {
	t.Parallel()
	a, f := *requestIsLost, RequestLost.Fault()
	for what, entry := range map[string]reflect.Value{"action": reflect.ValueOf(&a).Elem(), "fault": reflect.ValueOf(&f).Elem()} {
		for i := range entry.NumField() {
			field := entry.Type().Field(i)
			if field.Tag.Get("registry") == "optional" {
				continue
			}
			was := reflect.New(field.Type).Elem()
			was.Set(entry.Field(i))
			entry.Field(i).SetZero()
			named := func(gap string) bool { return gap == field.Name || strings.HasPrefix(gap, field.Name+".") }
			if !slices.ContainsFunc(Gaps(entry.Interface()), named) {
				t.Errorf("%s: nothing names %s", what, field.Name)
			}
			entry.Field(i).Set(was)
		}
		if left := Gaps(entry.Interface()); left != nil {
			t.Errorf("%s: %v are named although nothing is missing", what, left)
		}
	}
}

// TestEveryBehaviourIsComplete compares the registry of behaviours with the fields of the struct.
func TestEveryBehaviourIsComplete(t *testing.T) {
	t.Parallel()
	fields := reflect.TypeFor[Behaviours]()
	if len(behaviours) != fields.NumField() {
		t.Fatalf("%d behaviours are in the registry, the struct has %d", len(behaviours), fields.NumField())
	}
	for i, b := range behaviours {
		name := fields.Field(i).Name
		if b.Name != name {
			t.Errorf("entry %d is %s, the field is %s", i, b.Name, name)
		}
		for _, field := range Gaps(b) {
			t.Errorf("behaviour %s lacks: %s", b.Name, field)
		}
		if !strings.HasSuffix(b.Summary, ".") || strings.HasPrefix(b.Summary, b.Name) {
			t.Errorf("%s: Summary is %q", b.Name, b.Summary)
		}
	}
}

// TestEveryBehaviourMatters sets each behaviour to its opposite in every scenario and wants the transitions of some
// scenario to change: a behaviour that no rule consults is a claim that nothing keeps.
func TestEveryBehaviourMatters(t *testing.T) {
	t.Parallel()
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
