package model

import (
	"strings"

	"github.com/kcheck/kcheck/explore"
)

// ActionDoc is what the registry says of one action to those who print it.
type ActionDoc struct {
	Name  string
	Actor string // who acts: "broker" where the action's parameter says which
	Class string // step, recovery or fault
	Fault string // the name of the fault that it is an occurrence of, or ""
	Doc
	// Source joins the sources in one line.
	Source string
	Forced Forced
	// Silent says that the settings of a step say nothing about why a run breaks.
	Silent bool
}

// Actions documents every action, in the order of the transition ids.
func Actions() []ActionDoc {
	all := make([]ActionDoc, len(registry))
	for i, a := range registry {
		all[i] = ActionDoc{
			Name: a.Name, Actor: a.Actor, Class: a.Class.String(), Doc: a.Doc, Forced: a.Forced, Silent: a.Silent,
			Source: strings.Join(a.Doc.Sources, "; ") + ".",
		}
		if a.Class == explore.Fault {
			all[i].Fault = a.Fault.String()
		}
	}
	return all
}
