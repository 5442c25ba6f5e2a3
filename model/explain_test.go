package model

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// TestEveryActionIsDocumented refuses an action without the paragraphs of its form, and says which file is not embedded.
func TestEveryActionIsDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range Actions() {
		if seen[a.Name] {
			t.Errorf("%s is registered twice", a.Name)
		}
		seen[a.Name] = true
		if a.File == "" {
			t.Errorf("%s has no comment: is its file in the go:embed list of explain.go, and its variable named as it is?", a.Name)
			continue
		}
		for label, text := range map[string]string{"Guard": a.Guard, "Effect": a.Effect, "Abstracts": a.Abstracts, "Kafka": a.Source} {
			if text == "" {
				t.Errorf("%s: %s has no paragraph %s", a.File, a.Name, label)
			} else if !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %s: the paragraph %s does not end with a full stop: %q", a.File, a.Name, label, text)
			}
		}
		if !strings.HasPrefix(a.Summary, a.Name+" ") {
			t.Errorf("%s: the comment of %s does not begin with its name", a.File, a.Name)
		}
		if a.Fault != "" && !strings.Contains(a.Summary, "is the fault "+a.Fault) {
			t.Errorf("%s: %s does not say that it is the fault %s", a.File, a.Name, a.Fault)
		}
		if len(a.Sources) == 0 || a.Actor == "" || a.Class == "" {
			t.Errorf("%s: %s has no source, actor or class", a.File, a.Name)
		}
	}
}

// TestEveryActionIsRegistered looks through the package's files for actions that actions does not list.
func TestEveryActionIsRegistered(t *testing.T) {
	registered := map[string]bool{}
	for _, a := range actions() {
		registered[a.Name] = true
	}
	declared := regexp.MustCompile(`(?m)^var (\w+) = Action\{`)
	for _, name := range sourceFiles(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			if !registered[m[1]] {
				t.Errorf("%s: the action %s is not in actions()", name, m[1])
			}
		}
	}
}

// sourceFiles are the files of the package without its tests.
func sourceFiles(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range all {
		if !strings.HasSuffix(name, "_test.go") {
			names = append(names, name)
		}
	}
	return names
}

// TestEveryFaultHasActions finds for every fault the action that is an occurrence of it, and its documentation.
func TestEveryFaultHasActions(t *testing.T) {
	has := map[string]bool{}
	for _, a := range Actions() {
		has[a.Fault] = true
	}
	docs := FaultDocs()
	for _, name := range FaultNames() {
		if !has[name] {
			t.Errorf("no action is the fault %s", name)
		}
		if text := docs[name]; !strings.HasSuffix(text, ".") {
			t.Errorf("the fault %s has the documentation %q", name, text)
		}
	}
}

// TestEveryBehaviourIsDocumented compares the documentation with the fields.
func TestEveryBehaviourIsDocumented(t *testing.T) {
	docs := BehaviourDocs()
	fields := reflect.TypeFor[Behaviours]()
	if len(docs) != fields.NumField() {
		t.Fatalf("%d behaviours are documented, there are %d", len(docs), fields.NumField())
	}
	for i, d := range docs {
		if d.Name != fields.Field(i).Name || !strings.HasSuffix(d.Summary, ".") || strings.HasPrefix(d.Summary, d.Name) {
			t.Errorf("field %d, %s: documented as %q: %q", i, fields.Field(i).Name, d.Name, d.Summary)
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
