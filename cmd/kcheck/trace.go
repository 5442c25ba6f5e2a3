package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/render"
)

// newTrace is "kcheck trace".
func newTrace(s streams) *cobra.Command {
	var output outputFlags
	cmd := &cobra.Command{
		Use:   "trace RESULT.json",
		Short: "a saved result in any other format",
		Long: `Reads a result that kcheck check --format json wrote, and writes it in another
form. Nothing is checked again; exit status 0 says that the file could be read.`,
		Example: `  kcheck check acks-1-leader-crash --format json --output result.json
  kcheck trace result.json`,
		Args: oneFile("RESULT.json"),
		RunE: func(_ *cobra.Command, args []string) error { return trace(s, &output, args[0]) },
	}
	output.add(cmd.Flags())
	return cmd
}

// trace renders a saved result.
func trace(s streams, output *outputFlags, file string) error {
	if err := output.check(); err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("%s: %s", file, plain(err))
	}
	defer f.Close()
	report, err := render.ReadJSON(f)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return output.write(s, report)
}

// oneFile accepts exactly one argument.
func oneFile(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("kcheck %s takes one file; write kcheck %s %s", cmd.Name(), cmd.Name(), name)
		}
		return nil
	}
}
