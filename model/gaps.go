package model

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/kcheck/kcheck/explore"
)

// Gaps names the fields of an entry of a registry that are empty, those of structs in it with their path. Fields with the
// tag `registry:"optional"` may be empty. A list is empty when it is nil.
func Gaps(entry any) []string { return gaps(reflect.ValueOf(entry), "") }

func gaps(v reflect.Value, path string) []string {
	var names []string
	for i := range v.NumField() {
		field := v.Type().Field(i)
		switch f := v.Field(i); {
		case field.Tag.Get("registry") == "optional":
		case f.Kind() == reflect.Struct:
			names = append(names, gaps(f, path+field.Name+".")...)
		case f.IsZero():
			names = append(names, path+field.Name)
		}
	}
	return names
}

// gaps names the fields of an action that are empty and must not be.
func (a *Action) gaps() []string {
	names := Gaps(*a)
	if a.Route.Lost && a.Route.To == "" {
		names = append(names, "Route.To")
	}
	if a.Forced.How != Steady && a.Forced.Why == "" {
		names = append(names, "Forced.Why")
	}
	return names
}

// gaps names the fields of a kind of fault that are empty and must not be, and says what is wrong with its actions.
func (f FaultKind) gaps() []string {
	names := Gaps(f.Fault())
	actions := f.actions()
	if len(actions) == 0 {
		names = append(names, "an action with this Fault")
	}
	for _, a := range actions {
		if f.OfBroker() != (a.Area == AreaReplication) {
			names = append(names, "an Area of "+a.Name+" that goes with Side: AreaReplication is that of SideBroker")
		}
	}
	happensWithOutput := slices.ContainsFunc(actions, func(a *Action) bool { return a.Area != AreaClients })
	if happensWithOutput && f.Fault().Attempts == 0 {
		names = append(names, "Attempts")
	}
	return names
}

// actions are the actions that are occurrences of the kind of fault.
func (f FaultKind) actions() []*Action {
	var all []*Action
	for _, a := range registry {
		if a.Class == explore.Fault && a.Fault == f {
			all = append(all, a)
		}
	}
	return all
}

// incomplete has what is missing in the registry, by the name of the action or fault. A model in which one of them can
// happen is refused: a field that was forgotten could make a wrong verdict.
var incomplete = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for _, a := range registry {
		if names := a.gaps(); names != nil {
			all[a.Name] = names
		}
	}
	for _, f := range FaultKinds(nil) {
		if names := f.gaps(); names != nil {
			all[f.String()] = names
		}
	}
	return all
})

// checkComplete is an error where the entry of a name in the registry is incomplete.
func checkComplete(name string) error {
	if names := incomplete()[name]; names != nil {
		return fmt.Errorf("the entry of %q in the registry is incomplete; it lacks %s", name, strings.Join(names, ", "))
	}
	return nil
}
