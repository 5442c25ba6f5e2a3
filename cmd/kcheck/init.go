package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// newInit is "kcheck init".
func newInit(s streams) *cobra.Command {
	var question questionFlags
	var output string
	cmd := &cobra.Command{
		Use:   "init [FILE...]",
		Short: "a commented spec from your own files",
		Long: `Writes a spec from configuration files of any format (kcheck check --help), or
from a live cluster: the settings that have a bearing on delivery, each with where
it comes from, and what no file says, with what it may be. Settings without a
bearing on delivery, such as addresses and passwords, are left out. Without a file
it is a template.`,
		Example: "  kcheck init application.yml strimzi.yaml --output kcheck.yaml\n  kcheck init --bootstrap-server localhost:9092 --topic-name orders",
		RunE: func(cmd *cobra.Command, args []string) error {
			question.files = s.files
			if problems := question.askCluster(cmd.Context()); len(problems) > 0 {
				printProblems(s, problems)
				return status(verdict.ExitError)
			}
			spec, problems := kafkaconf.InitSpec(question.ask(args...))
			printProblems(s, problems)
			if problems.Failed() {
				return status(verdict.ExitError)
			}
			return writeNew(s, output, spec)
		},
	}
	cmd.Flags().SortFlags = false
	question.add(cmd.Flags())
	cmd.Flags().StringVar(&output, "output", "", "write the spec to `FILE`, which must not exist (default standard output)")
	return cmd
}

// writeNew writes text to a file that does not exist yet, or to standard output.
func writeNew(s streams, file, text string) error {
	if file == "" {
		for line := range strings.Lines(text) {
			say(s.out, "%s", strings.TrimSuffix(line, "\n"))
		}
		return nil
	}
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("--output: %s: exists already; name a file that does not", file)
	}
	if err := writeFile(file, []byte(text)); err != nil {
		return fmt.Errorf("--output: %s: %s", file, plain(err))
	}
	return nil
}
