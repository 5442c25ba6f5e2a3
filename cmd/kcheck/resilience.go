package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/beyond"
	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// resilienceHelp is what "kcheck resilience --help" prints above the flags.
const resilienceHelp = `Finds all minimal sets of faults that violate a guarantee, each with its minimal
counterexample, and the maximal sets that leave it intact. All kinds of faults
are looked at, up to --up-to faults in all; with --faults those kinds, each up to
its number. The faults of the spec itself are ignored.

Exit status: 0 all minimal sets are known; 2 kcheck could not look, or Kafka would
refuse the configuration; 3 time, memory or a bound ran out first, or a guarantee
is vacuous.`

// boundFlags say which sets of faults are looked at.
type boundFlags struct{ upTo int }

// add declares the flag.
func (b *boundFlags) add(fs *pflag.FlagSet) {
	fs.IntVar(&b.upTo, "up-to", 2, "sets of up to `N` faults; with --faults as many as it names")
}

// bound takes the kinds of faults out of the question, where they are no budget.
func (b *boundFlags) bound(fs *pflag.FlagSet, q *questionFlags) (resilience.Bound, error) {
	bound := resilience.Bound{UpTo: b.upTo}
	if text := q.request.Faults; text != "" {
		budget, problems := kafkaconf.ParseFaults(text, "--faults", kafkaconf.Position{File: kafkaconf.CommandLine})
		if len(problems) > 0 {
			return bound, fmt.Errorf("--faults: %s", problems[0].Message)
		}
		bound.Kinds = &budget
		if !fs.Changed("up-to") {
			bound.UpTo = min(budget.Total(), model.MaxOccurrences)
		}
	}
	q.request.Faults = "none"
	if err := bound.Check(); err != nil {
		return bound, fmt.Errorf("--up-to: %w", err)
	}
	return bound, nil
}

// resilienceCommand is "kcheck resilience" with its flags.
type resilienceCommand struct {
	streams  streams
	question questionFlags
	bound    boundFlags
	limits   limitFlags
	form     formFlags
	brief    bool
}

// newResilience is "kcheck resilience".
func newResilience(s streams) *cobra.Command {
	c := &resilienceCommand{streams: s}
	cmd := &cobra.Command{
		Use:     "resilience SPEC [flags]",
		Short:   "all minimal fault sets: what the configuration survives, and what breaks it",
		Long:    resilienceHelp,
		Example: "  kcheck resilience --producer producer.properties --topic topic.properties\n  kcheck resilience acks-1-leader-crash --up-to 1 --format markdown",
		RunE:    func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), cmd.Flags(), args) },
	}
	cmd.Flags().SortFlags = false
	c.bound.add(cmd.Flags())
	c.question.add(cmd.Flags())
	c.limits.add(cmd.Flags())
	cmd.Flags().BoolVar(&c.brief, "brief", false, "leave the steps of the counterexamples out of text and markdown")
	c.form.add(cmd.Flags(), "text", "json", "markdown")
	return cmd
}

// run answers every guarantee of every question and writes one document.
func (c *resilienceCommand) run(ctx context.Context, fs *pflag.FlagSet, args []string) error {
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
	questions, problems, err := c.question.load(ctx, c.streams, "resilience", args)
	if err != nil {
		return err
	}
	doc := beyond.Resilience{Kcheck: verdict.Version, Problems: problems, Results: []resilience.Result{}, Brief: c.brief}
	unfinished, verdicts := false, []verdict.Verdict(nil)
	for _, q := range questions {
		results, err := analyze(ctx, c.streams, verdict.Questions(q.resolved), bound, options)
		if err != nil {
			return err
		}
		doc.Results = append(doc.Results, results...)
	}
	for i := range doc.Results {
		unfinished = unfinished || !doc.Results[i].Complete
		verdicts = append(verdicts, doc.Results[i].Verdict)
	}
	err = c.form.write(c.streams, form{"text", doc.Text}, form{"markdown", doc.Markdown},
		form{"json", func(w io.Writer) error { return beyond.JSON(w, doc) }})
	if err != nil {
		return err
	}
	return beyondExit(problems, unfinished, verdicts...)
}

// analyze finds the minimal fault sets for each question, with a progress line.
func analyze(ctx context.Context, s streams, questions []verdict.Question, bound resilience.Bound,
	o verdict.Options) ([]resilience.Result, error) {
	line := newProgress(s.err)
	defer line.clear()
	o.Progress = func(q *verdict.Question, p explore.Progress) {
		i := slices.IndexFunc(questions, func(x verdict.Question) bool { return x.Guarantee == q.Guarantee && x.Spec == q.Spec })
		line.show(fmt.Sprintf("%s: %d of %s", label(i, len(questions), q), p.Faults, plural(bound.UpTo, "fault")), p)
	}
	return resilience.AnalyzeAll(ctx, questions, bound, o)
}
