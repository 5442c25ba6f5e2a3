package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// newTrace is "kcheck trace".
func newTrace(s streams) *cobra.Command {
	var form formFlags
	var detail detailFlags
	cmd := &cobra.Command{
		Use:   "trace RESULT.json",
		Short: "a saved result in any other format",
		Long: `Reads a result that kcheck check --format json wrote, and writes it in another
form. Nothing is checked again; exit status 0 says that the file could be read.`,
		Example: `  kcheck check acks-1-leader-crash --format json --output result.json
  kcheck trace result.json`,
		Args: oneFile("RESULT.json"),
		RunE: func(_ *cobra.Command, args []string) error { return trace(s, &form, args[0], detail) },
	}
	detail.add(cmd.Flags())
	form.add(cmd.Flags(), report.CheckFormats)
	return cmd
}

// trace writes a saved result.
func trace(s streams, form *formFlags, file string, detail detailFlags) error {
	if form.format == whatIf {
		return errors.New("--format: what-if asks again and needs the question, which a result does not have; write kcheck check --format what-if")
	}
	if err := form.check(s); err != nil {
		return err
	}
	saved, err := readSaved(s, file)
	if err != nil {
		return err
	}
	return form.write(s, report.Check(saved), detail.options())
}

// readSaved reads a result that kcheck check --format json wrote.
func readSaved(s streams, file string) (*verdict.Report, error) {
	data, err := s.files.result(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", file, plain(err))
	}
	return report.Read(file, data)
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
