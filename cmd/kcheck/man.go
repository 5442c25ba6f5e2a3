package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// newMan is "kcheck man", for those who build packages.
func newMan() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "man pages of all commands, written into a folder",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if info, err := os.Stat(args[0]); err != nil || !info.IsDir() {
				return fmt.Errorf("%s is no folder; make it first", args[0])
			}
			root := cmd.Root()
			root.DisableAutoGenTag = true // so that the same program writes the same bytes
			return doc.GenManTree(root, &doc.GenManHeader{Title: "KCHECK", Section: "1", Source: "kcheck " + verdict.Version, Manual: "kcheck"}, args[0])
		},
	}
}
