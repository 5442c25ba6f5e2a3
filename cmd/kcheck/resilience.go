package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/spread"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// resilienceHelp is what "kcheck resilience --help" prints above the flags.
const resilienceHelp = `Finds all minimal sets of faults that violate a guarantee, each with its minimal
counterexample, and the maximal sets that leave it intact. All kinds of faults
are looked at, up to --up-to faults in all; with --faults those kinds, each up to
its number. The faults of the spec itself are ignored. Of each kind it is said, too,
whether any number of occurrences is survived, or any with one broker away at a time.

Exit status: 0 all minimal sets are known; 2 kcheck could not look, or Kafka would
refuse the configuration; 3 time, memory or a bound ran out first, or a guarantee
is vacuous.`

// boundFlags say which sets of faults are looked at.
type boundFlags struct{ upTo, groups int }

// add declares the flag.
func (b *boundFlags) add(fs *pflag.FlagSet) {
	defer headed(fs, ofQuestion)()
	fs.IntVar(&b.upTo, "up-to", 2, "sets of up to `N` faults; with --faults as many as it names")
	fs.IntVar(&b.groups, "groups", 1, "cut the search in parts: deal the kinds of faults out to `G` groups, more than --up-to; a part looks at the sets from as many groups as a set may have faults")
}

// bound takes the kinds of faults out of the question, where they are no budget.
func (b *boundFlags) bound(fs *pflag.FlagSet, q *questionFlags) (resilience.Bound, error) {
	bound := resilience.Bound{UpTo: b.upTo, Groups: b.groups}
	if text := q.request.Faults; text != "" {
		budget, bounds, problems := kafkaconf.ParseFaults(text, "--faults", kafkaconf.Position{File: kafkaconf.CommandLine})
		if len(problems) > 0 {
			return bound, fmt.Errorf("--faults: %s", problems[0].Message)
		}
		c := model.Config{Faults: budget, Bounds: bounds}
		bound.Kinds, bound.Overlap = &budget, bounds.Overlap
		most := min(c.MostFaults(), model.MaxOccurrences)
		if named := !budget.HasAny(); named && !fs.Changed("up-to") || bounds.Total != model.Unbounded && most < bound.UpTo {
			bound.UpTo = most
		}
	}
	q.request.Faults = "none"
	if err := bound.Check(); err != nil {
		return bound, fmt.Errorf("--up-to: %w", err)
	}
	if err := bound.CheckGroups(); err != nil {
		return bound, fmt.Errorf("--groups: %w", err)
	}
	return bound, nil
}

// newResilience is "kcheck resilience".
func newResilience(s streams) *cobra.Command {
	a, b, sp := &analysis{streams: s}, &boundFlags{}, &spreadFlags{}
	cmd := &cobra.Command{
		Use:     "resilience SPEC [flags]",
		Short:   "all minimal fault sets: what the configuration survives, and what breaks it",
		Long:    resilienceHelp,
		Example: "  kcheck resilience --producer producer.properties --topic topic.properties\n  kcheck resilience acks-1-leader-crash --up-to 1 --format markdown",
	}
	b.add(cmd.Flags())
	sp.add(cmd.Flags())
	a.declareDisk(cmd)
	a.declare(cmd, report.Formats)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		args, err := sp.results(s, args)
		if err != nil {
			return err
		}
		return a.run(cmd.Context(), func(ctx context.Context, o verdict.Options) (answer, error) {
			bound, err := b.bound(cmd.Flags(), &a.question)
			if err != nil {
				return answer{}, err
			}
			return a.resilience(ctx, args, bound, sp, o)
		})
	}
	return cmd
}

// resilience answers every guarantee of every question.
func (a *analysis) resilience(ctx context.Context, args []string, bound resilience.Bound, sp *spreadFlags, o verdict.Options) (answer, error) {
	loaded, problems, err := a.question.load(ctx, a.streams, "resilience", args)
	if err != nil {
		return answer{}, err
	}
	doc := &report.Resilience{Kcheck: verdict.Version, Problems: problems, Results: []resilience.Result{}}
	found := answer{problems: problems}
	if sp.plan || len(sp.gather) > 0 {
		if done, err := a.resilienceElsewhere(ctx, loaded, bound, sp, doc, &found); done || err != nil {
			return found, err
		}
	} else {
		for _, q := range loaded {
			results, err := faultSets(ctx, a.streams, verdict.Questions(q.resolved), bound, o)
			if err != nil {
				return answer{}, err
			}
			doc.Results = append(doc.Results, results...)
		}
	}
	var questions []verdict.Question
	for _, q := range loaded {
		questions = append(questions, verdict.Questions(q.resolved)...)
	}
	for i := range doc.Results {
		if err := doc.Results[i].SurvivesAny(ctx, &questions[i], bound, o); err != nil {
			return answer{}, err
		}
	}
	found.document = doc.Document()
	for i := range doc.Results {
		found.unfinished = found.unfinished || !doc.Results[i].Complete
		found.verdicts = append(found.verdicts, doc.Results[i].Verdict)
	}
	return found, nil
}

// resilienceElsewhere plans the work, which is then done, or puts together what came of it.
func (a *analysis) resilienceElsewhere(ctx context.Context, loaded []loaded, bound resilience.Bound, sp *spreadFlags,
	doc *report.Resilience, found *answer) (done bool, err error) {
	w := &spreading{analysis: a, flags: sp, command: "resilience"}
	var questions []verdict.Question
	for _, q := range loaded {
		questions = append(questions, verdict.Questions(q.resolved)...)
	}
	for i := range questions {
		for part := range bound.Parts() {
			if len(questions[i].Refused) == 0 {
				w.units = append(w.units, spread.Unit{Question: questions[i], Bound: &bound, Part: part})
			}
		}
	}
	if done, err := w.planned(); done || err != nil {
		return true, err
	}
	answers, incomplete, err := w.answers(ctx, verdict.Options{})
	if err != nil {
		return false, err
	}
	found.unfinished = incomplete
	for i := range questions {
		parts := make([]*resilience.Findings, bound.Parts())
		for part := range parts {
			if len(questions[i].Refused) > 0 {
				continue
			}
			if answers[0] != nil {
				parts[part] = answers[0].FaultSets
			}
			answers = answers[1:]
		}
		doc.Results = append(doc.Results, resilience.Conclude(questions[i], bound, parts))
	}
	return false, nil
}

// faultSets finds the minimal fault sets for each question, with a progress line.
func faultSets(ctx context.Context, s streams, questions []verdict.Question, bound resilience.Bound,
	o verdict.Options) ([]resilience.Result, error) {
	line := newProgress(s.err)
	defer line.clearLine()
	o.Progress = func(q *verdict.Question, p explore.Progress) {
		i := slices.IndexFunc(questions, func(x verdict.Question) bool { return x.Guarantee == q.Guarantee && x.Spec == q.Spec })
		line.show(label(i, len(questions), q), p, "up to "+plural(bound.UpTo, "fault")+" asked")
	}
	return resilience.AnalyzeAll(ctx, questions, bound, o)
}
