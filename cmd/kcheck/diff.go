package main

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/invariants/repair"
	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// diffHelp is what "kcheck diff --help" prints above the flags.
const diffHelp = `Compares two configurations: which guarantees and which minimal sets of faults the
change gains and loses, within the same bound as kcheck resilience. The flags
apply to both. Guarantees that only one of two specs names are asked of both.

With --git REV the old configuration is what the files were at a revision, and the
new one what they are in the work tree, files that are not tracked included and
ignored ones not: the named files, or what is found below a folder.

Exit status: 0 both are known within the bound; 2 and 3 as for kcheck resilience.`

// newDiff is "kcheck diff".
func newDiff(s streams) *cobra.Command {
	a, b := &analysis{streams: s}, &boundFlags{}
	revision := ""
	cmd := &cobra.Command{
		Use:     "diff OLD NEW [flags]\n  kcheck diff --git REV [PATH]... [flags]",
		Short:   "which guarantees and fault sets a change of configuration gains and loses",
		Long:    diffHelp,
		Example: "  kcheck diff before/producer.properties after/producer.properties\n  kcheck diff --git origin/main",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 && revision == "" {
				return fmt.Errorf("kcheck diff takes two configurations; write kcheck diff OLD NEW")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&revision, "git", "", "compare the files at the revision `REV` with those of the work tree")
	b.add(cmd.Flags())
	a.declare(cmd, report.Formats)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.run(cmd.Context(), func(ctx context.Context, o verdict.Options) (answer, error) {
			bound, err := b.bound(cmd.Flags(), &a.question)
			if err != nil {
				return answer{}, err
			}
			return a.diff(ctx, revision, args, bound, o)
		})
	}
	return cmd
}

// diff compares two configurations.
func (a *analysis) diff(ctx context.Context, revision string, args []string, bound resilience.Bound, o verdict.Options) (answer, error) {
	pair, problems, err := a.pair(ctx, revision, args)
	if err != nil {
		return answer{}, err
	}
	doc := &report.Diff{Kcheck: verdict.Version, Problems: []verdict.Problem{}, UpTo: bound.UpTo}
	doc.Problems = append(doc.Problems, problems...)
	if revision == "" {
		doc.Old, doc.New = args[0], args[1]
	} else {
		doc.Old, doc.New = revision, "the work tree"
	}
	var results [2][]resilience.Result
	for i, questions := range sides(pair) {
		if kafkaconf.Problems(problems).Failed() {
			break
		}
		if results[i], err = faultSets(ctx, a.streams, questions, bound, o); err != nil {
			return answer{}, err
		}
	}
	doc.Diff = resilience.Compare(results[0], results[1])
	if len(pair) == 2 && len(doc.Diff.Lost) > 0 {
		doc.Undo = undo(&pair[1], &doc.Diff)
	}
	found := answer{document: doc.Document(), problems: problems, unfinished: !doc.Diff.Complete}
	for _, g := range doc.Diff.Guarantees {
		found.verdicts = append(found.verdicts, g.Old, g.New)
	}
	return found, nil
}

// undo lists the lines of the new files that have to be as they were. Settings that follow from others, or whose values no
// file has, are none of them. It lists nothing where a setting in a file had no value before, where more than lines would
// change, or where the value of before, or a line, is not shown.
func undo(now *loaded, d *resilience.Difference) []report.Line {
	values := map[string]string{}
	for _, c := range d.Settings {
		if !placed.MatchString(c.Source) {
			continue
		}
		if c.From == "" || strings.Contains(c.From, kafkaconf.Hidden) {
			return nil
		}
		values[c.Key] = c.From
	}
	files, ok := repair.Edit(now.request, now.resolved, values)
	if !ok {
		return nil
	}
	var list []report.Line
	for _, name := range slices.Sorted(maps.Keys(files)) {
		data, err := now.request.Read(name)
		before, after := strings.Split(string(data), "\n"), strings.Split(files[name], "\n")
		if err != nil || len(before) != len(after) {
			return nil
		}
		hidden := kafkaconf.HiddenLines(name, []byte(files[name]))
		for i := range after {
			switch {
			case before[i] == after[i]:
			case hidden[i+1], !onePair.MatchString(after[i]):
				return nil
			default:
				list = append(list, report.Line{File: name, Line: i + 1, Text: strings.TrimSuffix(after[i], "\r")})
			}
		}
	}
	return list
}

// placed matches a source that is a place in a file, and onePair a line that has one setting and nothing else, in which no
// other value can stand.
var (
	placed  = regexp.MustCompile(`:\d+:\d+$`)
	onePair = regexp.MustCompile(`^\s*(?:- )?["']?[\w.-]+["']?\s*[:=][^#,{}\[\]]*$`)
)

// pair reads the two configurations, of two arguments or of a revision and the work tree.
func (a *analysis) pair(ctx context.Context, revision string, args []string) (pair []loaded, all []verdict.Problem, err error) {
	if revision != "" {
		return a.gitPair(ctx, revision, args)
	}
	for _, arg := range args {
		list, problems, err := a.question.load(ctx, a.streams, "diff", []string{arg})
		if err != nil {
			return nil, nil, err
		}
		all = append(all, problems...)
		if len(list) > 1 {
			return nil, nil, fmt.Errorf("%s is several configurations; kcheck diff compares two", arg)
		}
		pair = append(pair, list...)
	}
	return pair, all, nil
}

// gitPair reads the configuration at a revision and that of the work tree.
func (a *analysis) gitPair(ctx context.Context, revision string, paths []string) ([]loaded, []verdict.Problem, error) {
	a.question.files = a.streams.files
	git, err := openGit(ctx, &a.question, revision, paths)
	if err != nil {
		return nil, nil, err
	}
	old, now, err := git.requests(paths)
	if err != nil {
		return nil, nil, err
	}
	pair, problems := loadAll(slices.Concat(old, now))
	all := append(git.problems, problems...)
	printProblems(a.streams, all)
	if len(old) == 0 || len(now) == 0 {
		return nil, nil, fmt.Errorf("one side has none of these files, so that there is nothing to compare")
	}
	return pair, all, nil
}

// sides are the questions about each configuration: the same guarantees of both, in the same order.
func sides(pair []loaded) (sides [2][]verdict.Question) {
	if len(pair) < 2 {
		return sides
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
	return sides
}
