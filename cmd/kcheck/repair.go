package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/beyond"
	"github.com/kcheck/kcheck/invariants/repair"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// repairHelp is what "kcheck repair --help" prints above the flags.
const repairHelp = `Finds the cheapest changes of settings under which every asked guarantee holds in the
fault budget: fewer changes first, then the cheaper ones by the cost table (--costs
prints it). Each is verified by a full check and printed as a patch to your own
files. Where nothing helps, the smallest set of faults that breaks a guarantee
whatever is changed is shown.

With --load-bearing: which settings a configuration that holds rests on; each is
flipped to every other value of the table, one at a time.

Exit status: 0 it could answer, also that nothing helps; 2 kcheck could not check, or
Kafka would refuse the configuration; 3 time, memory or a bound ran out first.`

// repairCommand is "kcheck repair" with its flags.
type repairCommand struct {
	streams  streams
	question questionFlags
	limits   limitFlags
	form     formFlags

	maxChanges, alternatives int
	only                     []string
	bearing, costs, brief    bool
}

// newRepair is "kcheck repair".
func newRepair(s streams) *cobra.Command {
	c := &repairCommand{streams: s}
	cmd := &cobra.Command{
		Use:     "repair SPEC [flags]",
		Short:   "the cheapest changes of settings under which every guarantee holds",
		Long:    repairHelp,
		Example: "  kcheck repair --producer producer.properties --topic topic.properties --format patch | git apply\n  kcheck repair acks-1-leader-crash --load-bearing --set producer.acks=all",
		RunE:    func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.IntVar(&c.maxChanges, "max-changes", 3, "look at sets of up to `N` changes")
	fs.IntVar(&c.alternatives, "alternatives", 3, "show up to `N` repairs, the cheapest first")
	fs.StringSliceVar(&c.only, "only", nil, "change settings of these parts only: `producer,topic,...`")
	fs.BoolVar(&c.bearing, "load-bearing", false, "which settings a configuration that holds rests on")
	fs.BoolVar(&c.costs, "costs", false, "print the table of values and costs, and check nothing")
	c.question.add(fs)
	c.limits.add(fs)
	fs.BoolVar(&c.brief, "brief", false, "leave the steps of the counterexamples out of text and markdown")
	c.form.add(fs, "text", "json", "markdown", "patch")
	return cmd
}

// run looks for repairs of one question and writes them.
func (c *repairCommand) run(ctx context.Context, args []string) error {
	if c.costs {
		return repair.WriteCosts(c.streams.out)
	}
	ctx, cancel, options, err := c.limits.start(ctx)
	defer cancel()
	if err != nil {
		return err
	}
	if err := c.form.check(); err != nil {
		return err
	}
	o, err := c.options(options)
	if err != nil {
		return err
	}
	questions, problems, err := c.question.load(ctx, c.streams, "repair", args)
	switch {
	case err != nil:
		return err
	case len(questions) > 1:
		return fmt.Errorf("kcheck repair takes one question, and these are %d specs", len(questions))
	case len(questions) == 0:
		return status(verdict.ExitError)
	case len(questions[0].resolved.Refused) > 0:
		return status(verdict.ExitError)
	}
	line := newProgress(c.streams.err)
	o.Report = line.showRepair
	defer line.clear()
	if c.bearing {
		if c.form.format == "patch" {
			return fmt.Errorf("--format: patch shows a repair, and --load-bearing looks for none")
		}
		return c.loadBearing(ctx, questions[0], problems, o, line)
	}
	return c.repair(ctx, questions[0], problems, o, line)
}

// options checks the flags of its own.
func (c *repairCommand) options(v verdict.Options) (repair.Options, error) {
	o := repair.Options{Options: v, MaxChanges: c.maxChanges, Alternatives: c.alternatives}
	if c.maxChanges < 1 || c.maxChanges > 6 {
		return o, fmt.Errorf("--max-changes: %d is not between 1 and 6", c.maxChanges)
	}
	if c.alternatives < 1 {
		return o, fmt.Errorf("--alternatives: %d is less than 1", c.alternatives)
	}
	for _, name := range c.only {
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

// repair looks for repairs.
func (c *repairCommand) repair(ctx context.Context, q loaded, problems []verdict.Problem, o repair.Options, line *progress) error {
	r, _, err := repair.Search(ctx, q.request, o)
	line.clear()
	if err != nil {
		return err
	}
	doc := beyond.Repair{Kcheck: verdict.Version, Problems: problems, Spec: specName(q), Budget: q.resolved.Config.Faults.Map(),
		Result: r, Brief: c.brief}
	err = c.form.write(c.streams, form{"text", doc.Text}, form{"markdown", doc.Markdown}, form{"patch", doc.Patch},
		form{"json", func(w io.Writer) error { return beyond.JSON(w, doc) }})
	if err != nil {
		return err
	}
	return beyondExit(problems, !r.Complete && len(r.Repairs) == 0 && !doc.Holds())
}

// loadBearing flips the settings.
func (c *repairCommand) loadBearing(ctx context.Context, q loaded, problems []verdict.Problem, o repair.Options, line *progress) error {
	b, _, err := repair.LoadBearing(ctx, q.request, o)
	line.clear()
	if err != nil {
		return err
	}
	doc := beyond.Bearing{Kcheck: verdict.Version, Problems: problems, Spec: specName(q), Budget: q.resolved.Config.Faults.Map(),
		Bearing: b, Brief: c.brief}
	err = c.form.write(c.streams, form{"text", doc.Text}, form{"markdown", doc.Markdown},
		form{"json", func(w io.Writer) error { return beyond.JSON(w, doc) }})
	if err != nil {
		return err
	}
	return beyondExit(problems, !b.Complete)
}

// specName is the name of a spec; empty for configuration files.
func specName(q loaded) string {
	if q.resolved.Spec {
		return q.resolved.File
	}
	return ""
}

// showRepair says how far the enumeration is.
func (p *progress) showRepair(r repair.Progress) {
	line := fmt.Sprintf("sets of %s: %d of %d, %d checked in full, %d found, about %s left of this size",
		plural(r.Changes, "change"), r.Done, r.Sets, r.Checks, r.Found, r.Left().Round(time.Second))
	if p.terminal {
		p.rewrite(line)
		return
	}
	if now := time.Now(); now.Sub(p.last) >= quietTime {
		p.last = now
		fmt.Fprintln(p.w, line)
	}
}
