package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// rootHelp is what "kcheck" alone prints above the list of commands.
const rootHelp = `kcheck takes a Kafka configuration and a delivery guarantee, explores every
interleaving of steps and faults within a stated scope, and prints the shortest
way in which the guarantee breaks, or says what it exhausted.

  kcheck check                                     an example, built in
  kcheck check .                                   what a folder has, found
  kcheck check --producer producer.properties      your own configuration
  kcheck check acks-1-leader-crash                 a spec from the collection

Exit status: 0 every guarantee holds within the scope; 1 one is violated;
2 kcheck could not check, or Kafka would refuse the configuration;
3 inconclusive (time, memory or a bound ran out first) or vacuous.`

// status is an exit status that is not 0, with everything already said.
type status int

// Error implements error.
func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// run executes the command line until Ctrl-C and returns the exit status.
func run(args []string, s streams) int {
	if err := checkAddressSpace(); err != nil {
		say(s.err, "kcheck: %s", err)
		return verdict.ExitError
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		stop() // a second Ctrl-C ends the process at once
	}()
	return execute(ctx, args, s)
}

// execute executes the command line until ctx ends and returns the exit status.
func execute(ctx context.Context, args []string, s streams) int {
	s.files = newFiles(ctx)
	root := newRoot(s)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var code status
	switch {
	case err == nil:
		return verdict.ExitHolds
	case errors.As(err, &code):
		return int(code)
	}
	say(s.err, "kcheck: %s", strings.TrimSpace(err.Error()))
	return verdict.ExitError
}

// newRoot builds the command tree.
func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:           "kcheck",
		Short:         "check a Kafka configuration against a delivery guarantee",
		Long:          rootHelp,
		Version:       verdict.Version,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          noSuchCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate(versionText())
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	root.SetUsageFunc(printUsage)
	root.SetHelpFunc(printHelp)
	root.AddCommand(newCheck(s), newConfig(s), newExplain(s), newList(s), newTrace(s), newInit(s), newVersion(s),
		newResilience(s), newRepair(s), newMatrix(s), newDiff(s), newRisk(s), newReproduce(s), newMan(), newLSP(s), newFleet(s), newWork(s),
		newVerify(s))
	complete(root)
	return root
}

// noSuchCommand refuses a first argument that is no command.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return unknown("command", args[0], names)
}

// flagError makes one line of what the flag parser complains about, with a suggestion for a misspelt flag.
func flagError(cmd *cobra.Command, err error) error {
	name, isUnknown := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !isUnknown {
		return fmt.Errorf("%w; see kcheck %s --help", err, cmd.Name())
	}
	return unknown("flag", "--"+name, flagNames(cmd))
}
