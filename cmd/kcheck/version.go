package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// newVersion is "kcheck version".
func newVersion(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "the version of kcheck",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(s.out, "kcheck %s (%s, %s/%s)\n", verdict.Version, runtime.Version(),
				runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
