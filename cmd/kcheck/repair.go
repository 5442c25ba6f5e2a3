package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/invariants/repair"
	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// repairHelp is what "kcheck repair --help" prints above the flags.
const repairHelp = `Finds the cheapest changes of settings under which every asked guarantee holds in the
fault budget: fewer changes first, then the cheaper ones by the cost table (--costs
prints it). Each is verified by a full check and printed as a patch to your own
files. Where nothing helps, the smallest set of faults that breaks a guarantee
whatever is changed is shown.

With --risk: how likely a loss is as it is, and with each repair, under rates of faults
and times of steps as in kcheck risk. --rank risk puts the repairs that leave least
first; it ranks those that were found, so ask for more with --alternatives.

With --load-bearing: which settings a configuration that holds rests on; each is
flipped to every other value of the table, one at a time.

Exit status: 0 it could answer, also that nothing helps; 2 kcheck could not check, or
Kafka would refuse the configuration; 3 time, memory or a bound ran out first.`

// repairFlags are the flags of "kcheck repair" of its own.
type repairFlags struct {
	maxChanges, alternatives int
	only                     []string
	bearing, costs           bool
	rank                     string
	weigh                    weighing
}

// ranks are what repairs are ranked by.
var ranks = []string{"cost", "risk"}

// newRepair is "kcheck repair".
func newRepair(s streams) *cobra.Command {
	a, f := &analysis{streams: s}, &repairFlags{}
	cmd := &cobra.Command{
		Use:     "repair SPEC [flags]",
		Short:   "the cheapest changes of settings under which every guarantee holds",
		Long:    repairHelp,
		Example: "  kcheck repair --producer producer.properties --topic topic.properties --format patch | git apply\n  kcheck repair acks-1-leader-crash --rank risk\n  kcheck repair acks-1-leader-crash --load-bearing --set producer.acks=all",
	}
	fs := cmd.Flags()
	fs.IntVar(&f.maxChanges, "max-changes", 3, "look at sets of up to `N` changes")
	fs.IntVar(&f.alternatives, "alternatives", 3, "show up to `N` repairs, the cheapest first")
	fs.StringSliceVar(&f.only, "only", nil, "change settings of these parts only: `producer,topic,...`")
	fs.BoolVar(&f.bearing, "load-bearing", false, "which settings a configuration that holds rests on")
	f.weigh.declare(fs, "how likely a loss is as it is, and with each repair")
	fs.StringVar(&f.rank, "rank", ranks[0], "rank the repairs by `cost|risk`: what the changes cost, or what they leave (with --risk)")
	fs.BoolVar(&f.costs, "costs", false, "print the table of values and costs, and check nothing")
	a.declareDisk(cmd)
	a.declare(cmd, report.RepairFormats)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.run(cmd.Context(), func(ctx context.Context, o verdict.Options) (answer, error) {
			if f.costs {
				var table bytes.Buffer
				if err := repair.WriteCosts(&table); err != nil {
					return answer{}, err
				}
				return answer{}, a.writePlain(table.Bytes())
			}
			options, err := f.options(o)
			if err != nil {
				return answer{}, err
			}
			if f.bearing && a.form.format == "patch" {
				return answer{}, fmt.Errorf("--format: patch shows a repair, and --load-bearing looks for none")
			}
			rates, problems, err := f.weigh.read(a.streams)
			if err != nil || kafkaconf.Problems(problems).Failed() {
				return answer{problems: problems}, err
			}
			return a.repair(ctx, args, f, rates, options)
		})
	}
	return cmd
}

// options checks the flags.
func (f *repairFlags) options(v verdict.Options) (repair.Options, error) {
	o := repair.Options{Options: v, MaxChanges: f.maxChanges, Alternatives: f.alternatives}
	if f.maxChanges < 1 || f.maxChanges > 6 {
		return o, fmt.Errorf("--max-changes: %d is not between 1 and 6", f.maxChanges)
	}
	if f.alternatives < 1 {
		return o, fmt.Errorf("--alternatives: %d is less than 1", f.alternatives)
	}
	if !slices.Contains(ranks, f.rank) {
		return o, fmt.Errorf("--rank: %w", unknown("rank", f.rank, ranks))
	}
	f.weigh.on = f.weigh.on || f.rank == "risk"
	if f.weigh.on && f.bearing {
		return o, fmt.Errorf("--risk shows what a repair leaves, and --load-bearing looks for none")
	}
	for _, name := range f.only {
		part, known := kafkaconf.ParsePart(name)
		if !known {
			return o, fmt.Errorf("--only: %w", unknown("part", name, partNames()))
		}
		o.Parts = append(o.Parts, part)
	}
	return o, nil
}

// partNames are the parts as flags name them.
func partNames() []string {
	var names []string
	for _, p := range kafkaconf.Parts {
		names = append(names, string(p))
	}
	return names
}

// repair looks for repairs of one question, or flips its settings.
func (a *analysis) repair(ctx context.Context, args []string, f *repairFlags, rates *risk.Rates, o repair.Options) (answer, error) {
	questions, problems, err := a.question.load(ctx, a.streams, "repair", args)
	switch {
	case err != nil:
		return answer{}, err
	case len(questions) > 1:
		return answer{}, fmt.Errorf("kcheck repair takes one question, and these are %d specs", len(questions))
	case len(questions) == 0 || len(questions[0].resolved.Refused) > 0:
		return answer{}, status(verdict.ExitError)
	case rates != nil:
		if err := risk.Covers(&questions[0].resolved.Config); err != nil {
			return answer{}, fmt.Errorf("--risk: %w", err)
		}
	}
	line := newProgress(a.streams.err)
	defer line.clearLine()
	o.Report = line.showRepair
	q, budget := &questions[0], questions[0].resolved.Config.BudgetMap()
	if f.bearing {
		b, _, err := repair.LoadBearing(ctx, q.request, o)
		if err != nil {
			return answer{}, err
		}
		doc := &report.Bearing{Kcheck: verdict.Version, Problems: problems, Spec: q.spec(), Budget: budget, Bearing: b}
		return answer{document: doc.Document(), problems: problems, unfinished: !b.Complete}, nil
	}
	r, _, err := repair.Search(ctx, q.request, o)
	if err != nil {
		return answer{}, err
	}
	if rates != nil {
		line.say("the risk of each repair")
		if err := r.AddRisk(ctx, q.request, rates, risk.Options{}); err != nil {
			return answer{}, err
		}
		if f.rank == "risk" {
			r.RankByRisk()
		}
	}
	doc := &report.Repair{Kcheck: verdict.Version, Problems: problems, Spec: q.spec(), Budget: budget, Result: r}
	return answer{document: doc.Document(), problems: problems, unfinished: !r.Complete && len(r.Repairs) == 0 && !doc.Holds()}, nil
}

// showRepair says how far the enumeration is.
func (p *progress) showRepair(r repair.Progress) {
	p.say(fmt.Sprintf("sets of %s: %d of %d, %d checked in full, %d found, about %s left of this size",
		plural(r.Changes, "change"), r.Done, r.Sets, r.Checks, r.Found, r.Left().Round(time.Second)))
}
