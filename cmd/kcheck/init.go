package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/discover"
)

// newInit is "kcheck init".
func newInit(s streams) *cobra.Command {
	var question questionFlags
	var output string
	cmd := &cobra.Command{
		Use:   "init [FILE...]",
		Short: "a commented spec from your own files",
		Long: `Writes a spec about configuration files of any format (kcheck check --help): it
names them and copies none of their values, and asks what no file says, with what
it may be. Of a live cluster it has the settings that have a bearing on delivery.
Without a file it is about what is found in this folder, as with kcheck check .,
or a template where there is nothing.

On a terminal it asks what no file says, and only that on which a verdict hangs.
Elsewhere it asks nothing, and the spec has what is assumed as comments.`,
		Example: "  kcheck init application.yml strimzi.yaml --output kcheck.yaml\n  kcheck init --bootstrap-server localhost:9092 --topic-name orders",
		RunE: func(cmd *cobra.Command, args []string) error {
			question.files = s.files
			if problems := question.askCluster(cmd.Context()); len(problems) > 0 {
				printProblems(s, problems)
				return status(verdict.ExitError)
			}
			question.files, question.listTo = s.files, s.err
			request, err := question.initRequest(args)
			if err != nil {
				return err
			}
			return writeSpec(cmd.Context(), s, request, output)
		},
	}
	cmd.Flags().SortFlags = false
	question.add(cmd.Flags())
	cmd.Flags().StringVar(&output, "output", "", "write the spec to `FILE`, which must not exist (default standard output)")
	return cmd
}

// writeSpec writes the spec of a request, to which it adds what somebody at a terminal answers.
func writeSpec(ctx context.Context, s streams, request kafkaconf.Request, output string) error {
	if err := checkNew(output); err != nil {
		return err
	}
	_, problems := kafkaconf.InitSpec(request, filepath.Dir(output))
	printProblems(s, problems)
	if problems.Failed() {
		return status(verdict.ExitError)
	}
	request, err := askWhatMatters(ctx, s, request)
	if err != nil {
		return err
	}
	spec, problems := kafkaconf.InitSpec(request, filepath.Dir(output))
	if problems.Failed() {
		printProblems(s, problems)
		return status(verdict.ExitError)
	}
	return writeNew(s, output, spec)
}

// initRequest is what a spec is written about: the files that are named, or the one system that is found in a folder.
func (q *questionFlags) initRequest(args []string) (kafkaconf.Request, error) {
	folder := ""
	switch {
	case len(args) == 0 && !q.configures():
		folder = "."
	case len(args) == 1 && isFolder(args[0]):
		folder = args[0]
	default:
		return q.ask(args...), nil
	}
	found, err := discover.Below(q.files.ctx, os.DirFS(folder), discover.Options{Include: q.include, Request: q.request})
	if err != nil {
		return kafkaconf.Request{}, fmt.Errorf("%s: %s", folder, plain(err))
	}
	switch {
	case len(found.Systems) == 1:
		listFound(q.listTo, folder, found)
		return q.ask(below(folder, found.Systems[0].Files)...), nil
	case len(found.Systems) > 1:
		listFound(q.listTo, folder, found)
		return kafkaconf.Request{}, fmt.Errorf("%s holds %s; name the files of one", folder, plural(len(found.Systems), "system"))
	}
	return q.ask(), nil
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// writeNew writes text to a file that does not exist yet, or to standard output.
func writeNew(s streams, file, text string) error {
	if file == "" {
		for line := range strings.Lines(text) {
			say(s.out, "%s", strings.TrimSuffix(line, "\n"))
		}
		return nil
	}
	if err := checkNew(file); err != nil {
		return err
	}
	if err := writeFile(file, []byte(text)); err != nil {
		return fmt.Errorf("--output: %s: %s", file, plain(err))
	}
	return nil
}

// checkNew says that a file exists already.
func checkNew(file string) error {
	if file == "" {
		return nil
	}
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("--output: %s: exists already; name a file that does not", file)
	}
	return nil
}
