package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// versionText is what "kcheck version" and "kcheck --version" print.
func versionText() string {
	return fmt.Sprintf("kcheck %s (%s, %s/%s)\n", verdict.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// newVersion is "kcheck version".
func newVersion(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "the version of kcheck",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(s.out, versionText())
			return err
		},
	}
}
