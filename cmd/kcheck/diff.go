package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// diffHelp is what "kcheck diff --help" prints above the flags.
const diffHelp = `Compares two configurations: which guarantees and which minimal sets of faults the
change gains and loses, within the same bound as kcheck resilience. The flags
apply to both. Guarantees that only one of two specs names are asked of both.

Exit status: 0 both are known within the bound; 2 and 3 as for kcheck resilience.`

// newDiff is "kcheck diff".
func newDiff(s streams) *cobra.Command {
	a, b := &analysis{streams: s}, &boundFlags{}
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
	}
	b.add(cmd.Flags())
	a.declare(cmd, report.Formats)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.run(cmd.Context(), func(ctx context.Context, o verdict.Options) (answer, error) {
			bound, err := b.bound(cmd.Flags(), &a.question)
			if err != nil {
				return answer{}, err
			}
			return a.diff(ctx, args, bound, o)
		})
	}
	return cmd
}

// diff compares two configurations.
func (a *analysis) diff(ctx context.Context, args []string, bound resilience.Bound, o verdict.Options) (answer, error) {
	doc := &report.Diff{Kcheck: verdict.Version, Problems: []verdict.Problem{}, Old: args[0], New: args[1], UpTo: bound.UpTo}
	sides, problems, err := a.sides(ctx, args)
	if err != nil {
		return answer{}, err
	}
	doc.Problems = append(doc.Problems, problems...)
	var results [2][]resilience.Result
	for i, questions := range sides {
		if kafkaconf.Problems(problems).Failed() {
			break
		}
		if results[i], err = faultSets(ctx, a.streams, questions, bound, o); err != nil {
			return answer{}, err
		}
	}
	doc.Diff = resilience.Compare(results[0], results[1])
	found := answer{document: doc.Document(), problems: problems, unfinished: !doc.Diff.Complete}
	for _, g := range doc.Diff.Guarantees {
		found.verdicts = append(found.verdicts, g.Old, g.New)
	}
	return found, nil
}

// sides are the questions about each configuration: the same guarantees of both, in the same order.
func (a *analysis) sides(ctx context.Context, args []string) (sides [2][]verdict.Question, all []verdict.Problem, err error) {
	var pair []loaded
	for _, arg := range args {
		list, problems, err := a.question.load(ctx, a.streams, "diff", []string{arg})
		if err != nil {
			return sides, nil, err
		}
		all = append(all, problems...)
		if len(list) > 1 {
			return sides, nil, fmt.Errorf("%s is several specs; kcheck diff compares two configurations", arg)
		}
		pair = append(pair, list...)
	}
	if len(pair) < 2 {
		return sides, all, nil
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
	return sides, all, nil
}
