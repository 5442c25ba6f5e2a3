package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/near"
)

// unknown is the error for a name that is none of the known ones: with a suggestion, or with all of them when there is
// none near and they fit.
func unknown(what, name string, known []string) error {
	hint := near.Suggest(name, known)
	if hint == "" && len(known) <= 25 {
		hint = "; known are " + strings.Join(known, ", ")
	}
	return fmt.Errorf("unknown %s %q%s", what, name, hint)
}

// flagNames lists the flags of a command as they are written.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return names
}
