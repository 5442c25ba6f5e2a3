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
ignored ones not: the named files, or what is found below a folder. Where that is
several systems, each is compared with itself; what only one side has is said.

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
	a.declareDisk(cmd)
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

// comparison is a configuration before and after a change: one system, or one spec.
type comparison struct {
	system   string // empty for the only one
	old, now *loaded
}

// diff compares two configurations, or each system of two revisions.
func (a *analysis) diff(ctx context.Context, revision string, args []string, bound resilience.Bound, o verdict.Options) (answer, error) {
	list, problems, err := a.comparisons(ctx, revision, args)
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
	if kafkaconf.Problems(problems).Failed() {
		list = nil
	}
	differences := make([]resilience.Difference, len(list))
	for i, c := range list {
		if differences[i], err = c.compare(ctx, a.streams, bound, o); err != nil {
			return answer{}, err
		}
		if len(differences[i].Lost) > 0 {
			doc.Undo = append(doc.Undo, undo(c.now, &differences[i])...)
		}
	}
	doc.Diff = resilience.Join(differences...)
	doc.Undo = onePerPlace(doc.Undo)
	found := answer{document: doc.Document(), problems: problems, unfinished: !doc.Diff.Complete}
	for _, g := range doc.Diff.Guarantees {
		found.verdicts = append(found.verdicts, g.Old, g.New)
	}
	return found, nil
}

// compare finds out what a change gains and loses.
func (c *comparison) compare(ctx context.Context, s streams, bound resilience.Bound, o verdict.Options) (resilience.Difference, error) {
	var results [2][]resilience.Result
	for i, questions := range c.sides() {
		var err error
		if results[i], err = faultSets(ctx, s, questions, bound, o); err != nil {
			return resilience.Difference{}, err
		}
	}
	return resilience.Compare(results[0], results[1]).Of(c.system), nil
}

// onePerPlace leaves out lines that another system has named already.
func onePerPlace(lines []report.Line) (kept []report.Line) {
	for _, l := range lines {
		if !slices.Contains(kept, l) {
			kept = append(kept, l)
		}
	}
	return kept
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

// comparisons reads what is compared: two arguments, or a revision and the work tree.
func (a *analysis) comparisons(ctx context.Context, revision string, args []string) (list []comparison, all []verdict.Problem, err error) {
	if revision != "" {
		return a.gitComparisons(ctx, revision, args)
	}
	var pair []loaded
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
	if len(pair) == 2 {
		list = []comparison{{old: &pair[0], now: &pair[1]}}
	}
	return list, all, nil
}

// gitComparisons reads the configurations at a revision and those of the work tree.
func (a *analysis) gitComparisons(ctx context.Context, revision string, paths []string) (list []comparison, all []verdict.Problem, err error) {
	a.question.files = a.streams.files
	git, err := openGit(ctx, &a.question, revision, paths)
	if err != nil {
		return nil, nil, err
	}
	systems, err := git.requests(paths)
	printProblems(a.streams, git.problems)
	if err != nil {
		return nil, nil, err
	}
	all = append(all, git.problems...)
	told := map[string]bool{}
	for _, v := range systems {
		if len(v.old) == 0 || len(v.now) == 0 {
			return nil, nil, fmt.Errorf("one side has none of these files, so that there is nothing to compare")
		}
		pair, problems := loadAll(slices.Concat(v.old, v.now))
		printNew(a.streams, problems, told)
		all = append(all, problems...)
		if len(pair) == 2 {
			list = append(list, comparison{v.name, &pair[0], &pair[1]})
		}
	}
	return list, all, nil
}

// sides are the questions about each configuration: the same guarantees of both, in the same order.
func (c *comparison) sides() (sides [2][]verdict.Question) {
	names := slices.Clone(c.old.resolved.Guarantees)
	for _, g := range c.now.resolved.Guarantees {
		if !slices.Contains(names, g) {
			names = append(names, g)
		}
	}
	for i, l := range []*loaded{c.old, c.now} {
		l.resolved.Guarantees = names
		sides[i] = verdict.Questions(l.resolved)
	}
	return sides
}
