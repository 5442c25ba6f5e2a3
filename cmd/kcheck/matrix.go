package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/beyond"
	"github.com/kcheck/kcheck/invariants/matrix"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// matrixHelp is what "kcheck matrix --help" prints above the flags.
const matrixHelp = `Checks one question under every combination of the settings that --vary names: a
table of verdicts, each linked to its counterexample. Combinations that come to the
same effective model are checked once. A combination that Kafka would refuse is a
cell like any other.

Exit status: 0 every cell has a verdict; 2 kcheck could not check; 3 time or memory
ran out first, and the table has inconclusive cells.`

// matrixCommand is "kcheck matrix" with its flags.
type matrixCommand struct {
	streams  streams
	question questionFlags
	limits   limitFlags
	form     formFlags
	vary     []string
	brief    bool
}

// newMatrix is "kcheck matrix".
func newMatrix(s streams) *cobra.Command {
	c := &matrixCommand{streams: s}
	cmd := &cobra.Command{
		Use:     "matrix [SPEC] --vary part.key=a,b,c [--vary ...] [flags]",
		Short:   "a table of verdicts over any settings",
		Long:    matrixHelp,
		Example: "  kcheck matrix --vary producer.acks=0,1,all --vary topic.min.insync.replicas=1,2 --format html --output matrix.html",
		RunE:    func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringArrayVar(&c.vary, "vary", nil, "a setting and its values, `part.key=a,b,c`, repeatable; a comma in a value is written \\,")
	c.question.add(cmd.Flags())
	c.limits.add(cmd.Flags())
	cmd.Flags().BoolVar(&c.brief, "brief", false, "leave the steps of the counterexamples out of text and markdown")
	c.form.add(cmd.Flags(), "text", "json", "markdown", "html")
	return cmd
}

// run fills the table and writes it.
func (c *matrixCommand) run(ctx context.Context, args []string) error {
	ctx, cancel, options, err := c.limits.start(ctx)
	defer cancel()
	if err != nil {
		return err
	}
	if err := c.form.check(); err != nil {
		return err
	}
	vary, err := c.dimensions()
	if err != nil {
		return err
	}
	doc, err := c.table(ctx, args, vary)
	if err != nil {
		return err
	}
	printProblems(c.streams, doc.Problems)
	if kafkaconf.Problems(doc.Problems).Failed() {
		doc.Cells, doc.Checks = []matrix.Cell{}, []matrix.Check{}
	}
	line := newProgress(c.streams.err)
	err = doc.Run(ctx, options, func(p matrix.Progress) { line.showTable(p) })
	line.clear()
	if err != nil {
		return err
	}
	if c.form.answers(doc.Problems) {
		if err := c.write(doc); err != nil {
			return err
		}
	}
	return c.exit(doc)
}

// dimensions reads --vary.
func (c *matrixCommand) dimensions() ([]matrix.Dimension, error) {
	var vary []matrix.Dimension
	seen := map[string]bool{}
	for _, v := range c.vary {
		d, err := matrix.ParseDimension(v)
		if err != nil {
			return nil, fmt.Errorf("--vary: %w", err)
		}
		if seen[d.Key] {
			return nil, fmt.Errorf("--vary: %s is varied twice; write all its values in one", d.Key)
		}
		seen[d.Key] = true
		vary = append(vary, d)
	}
	if len(vary) == 0 {
		return nil, fmt.Errorf("kcheck matrix needs something to vary; write --vary part.key=a,b,c")
	}
	if n := matrix.CountCells(vary); n > matrix.MaxCells {
		return nil, fmt.Errorf("--vary: more than %d cells; vary less", matrix.MaxCells)
	}
	return vary, nil
}

// table resolves all cells of the one question that the arguments ask; without any it is about Kafka's defaults.
func (c *matrixCommand) table(ctx context.Context, args []string, vary []matrix.Dimension) (*beyond.Matrix, error) {
	doc := &beyond.Matrix{Kcheck: verdict.Version, Problems: []verdict.Problem{}, Brief: c.brief}
	requests := []kafkaconf.Request{c.question.ask()}
	if len(args) > 0 || c.question.configures() {
		var problems []kafkaconf.Problem
		requests, problems = c.question.requests(ctx, args)
		doc.Problems = append(doc.Problems, problems...)
	}
	if len(requests) > 1 {
		return nil, fmt.Errorf("kcheck matrix takes one question, and these are %d specs", len(requests))
	}
	for _, request := range requests {
		m, problems := matrix.New(request, vary)
		doc.Matrix = *m
		doc.Problems = append(doc.Problems, problems...)
		if resolved, _ := kafkaconf.Load(request); resolved != nil {
			doc.Kafka, doc.Budget = resolved.Config.Kafka.String(), resolved.Config.Faults.Map()
			doc.Scope = verdict.Scope{Messages: resolved.Config.Scope.Messages, Replicas: resolved.Config.Topic.Replicas}
			if resolved.Spec {
				doc.Spec = resolved.File
			}
		}
	}
	return doc, nil
}

// write writes the document.
func (c *matrixCommand) write(doc *beyond.Matrix) error {
	return c.form.write(c.streams, form{"text", doc.Text}, form{"markdown", doc.Markdown}, form{"html", doc.HTML},
		form{"json", func(w io.Writer) error { return beyond.JSON(w, doc) }})
}

// exit is the exit status: refused and vacuous cells are answers.
func (c *matrixCommand) exit(doc *beyond.Matrix) error {
	unfinished := false
	for i := range doc.Checks {
		unfinished = unfinished || doc.Checks[i].Verdict == verdict.Inconclusive
	}
	return beyondExit(doc.Problems, unfinished)
}

// showTable says how many of many small checks are done, and how long the others may take.
func (p *progress) showTable(t matrix.Progress) {
	line := fmt.Sprintf("%d of %s done, %s, about %s left", t.Done, plural(t.Checks, "check"), t.Elapsed.Round(time.Second),
		t.Left().Round(time.Second))
	if p.terminal {
		p.rewrite(line)
		return
	}
	if now := time.Now(); now.Sub(p.last) >= quietTime {
		p.last = now
		fmt.Fprintln(p.w, line)
	}
}
