package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/beyond"
	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// diffHelp is what "kcheck diff --help" prints above the flags.
const diffHelp = `Compares two configurations: which guarantees and which minimal sets of faults the
change gains and loses, within the same bound as kcheck resilience. The flags
apply to both. Guarantees that only one of two specs names are asked of both.

Exit status: 0 both are known within the bound; 2 and 3 as for kcheck resilience.`

// diffCommand is "kcheck diff" with its flags.
type diffCommand struct {
	streams  streams
	question questionFlags
	bound    boundFlags
	limits   limitFlags
	form     formFlags
	brief    bool
}

// newDiff is "kcheck diff".
func newDiff(s streams) *cobra.Command {
	c := &diffCommand{streams: s}
	cmd := &cobra.Command{
		Use:     "diff OLD NEW [flags]",
		Short:   "which guarantees and fault sets a change of configuration gains and loses",
		Long:    diffHelp,
		Example: "  kcheck diff before/producer.properties after/producer.properties",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("kcheck diff takes two configurations; write kcheck diff OLD NEW")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), cmd.Flags(), args) },
	}
	cmd.Flags().SortFlags = false
	c.bound.add(cmd.Flags())
	c.question.add(cmd.Flags())
	c.limits.add(cmd.Flags())
	cmd.Flags().BoolVar(&c.brief, "brief", false, "leave the steps of the counterexamples out of text and markdown")
	c.form.add(cmd.Flags(), "text", "json", "markdown")
	return cmd
}

// run compares the two configurations.
func (c *diffCommand) run(ctx context.Context, fs *pflag.FlagSet, args []string) error {
	ctx, cancel, options, err := c.limits.start(ctx)
	defer cancel()
	if err != nil {
		return err
	}
	if err := c.form.check(); err != nil {
		return err
	}
	bound, err := c.bound.bound(fs, &c.question)
	if err != nil {
		return err
	}
	doc := beyond.Diff{Kcheck: verdict.Version, Problems: []verdict.Problem{}, Old: args[0], New: args[1], Brief: c.brief}
	sides, err := c.sides(ctx, args, &doc)
	if err != nil {
		return err
	}
	if !c.form.answers(doc.Problems) {
		return status(verdict.ExitError)
	}
	var results [2][]resilience.Result
	for i, questions := range sides {
		if results[i], err = analyze(ctx, c.streams, questions, bound, options); err != nil {
			return err
		}
	}
	doc.UpTo, doc.Diff = bound.UpTo, resilience.Compare(results[0], results[1])
	err = c.form.write(c.streams, form{"text", doc.Text}, form{"markdown", doc.Markdown},
		form{"json", func(w io.Writer) error { return beyond.JSON(w, doc) }})
	if err != nil {
		return err
	}
	var verdicts []verdict.Verdict
	for _, g := range doc.Diff.Guarantees {
		verdicts = append(verdicts, g.Old, g.New)
	}
	return beyondExit(doc.Problems, !doc.Diff.Complete, verdicts...)
}

// sides are the questions about each configuration: the same guarantees of both, in the same order.
func (c *diffCommand) sides(ctx context.Context, args []string, doc *beyond.Diff) ([2][]verdict.Question, error) {
	var sides [2][]verdict.Question
	var pair []loaded
	for _, arg := range args {
		list, problems, err := c.question.load(ctx, c.streams, "diff", []string{arg})
		if err != nil {
			return sides, err
		}
		doc.Problems = append(doc.Problems, problems...)
		if len(list) > 1 {
			return sides, fmt.Errorf("%s is several specs; kcheck diff compares two configurations", arg)
		}
		pair = append(pair, list...)
	}
	if len(pair) < 2 {
		return sides, nil
	}
	names := slices.Clone(pair[0].resolved.Guarantees)
	for _, g := range pair[1].resolved.Guarantees {
		if !slices.Contains(names, g) {
			names = append(names, g)
		}
	}
	for i, l := range pair {
		l.resolved.Guarantees = names
		sides[i] = verdict.Questions(l.resolved)
	}
	return sides, nil
}
