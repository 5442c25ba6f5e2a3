package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/model/kafkaconf/nearest"
)

// unknown is the error for a name that is none of the known ones: with a suggestion, or with all of them when there is
// none near and they fit.
func unknown(what, name string, known []string) error {
	hint := hint(name, known)
	if hint == "" && len(known) <= 25 {
		hint = "; known are " + strings.Join(known, ", ")
	}
	return fmt.Errorf("unknown %s %q%s", what, name, hint)
}

// hint is "; did you mean X?" for the known name nearest to the given one, or for some that it is a part of; empty when
// there are none.
func hint(name string, known []string) string {
	found := nearest.OfUnfinished(name, known)
	if len(found) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(found, " or ") + "?"
}

// flagNames lists the flags of a command as they are written.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return names
}
