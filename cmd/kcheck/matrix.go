package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/invariants/matrix"
	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// matrixHelp is what "kcheck matrix --help" prints above the flags.
const matrixHelp = `Checks one question under every combination of the settings that --vary names: a
table of verdicts, each linked to its counterexample. Combinations that give the
same effective model are checked once. A combination that Kafka would refuse is a
cell like any other.

Exit status: 0 every cell has a verdict; 2 kcheck could not check; 3 time or memory
ran out first, and the table has inconclusive cells.`

// newMatrix is "kcheck matrix".
func newMatrix(s streams) *cobra.Command {
	a, sp := &analysis{streams: s}, &spreadFlags{}
	var vary []string
	var weigh weighing
	cmd := &cobra.Command{
		Use:     "matrix [SPEC] --vary part.key=a,b,c [--vary ...] [flags]",
		Short:   "a table of verdicts over any settings",
		Long:    matrixHelp,
		Example: "  kcheck matrix --vary producer.acks=0,1,all --vary topic.min.insync.replicas=1,2 --format html --output matrix.html",
	}
	cmd.Flags().StringArrayVar(&vary, "vary", nil, "a setting and its values, `part.key=a,b,c`, repeatable; a comma in a value is written \\,")
	weigh.declare(cmd.Flags(), "how likely a loss is in each cell, what writes wait for and how long they are refused")
	sp.add(cmd.Flags())
	a.declareDisk(cmd)
	a.declare(cmd, report.Formats)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		args, err := sp.results(s, args)
		if err != nil {
			return err
		}
		return a.run(cmd.Context(), func(ctx context.Context, o verdict.Options) (answer, error) {
			dimensions, err := dimensions(vary)
			if err != nil {
				return answer{}, err
			}
			return a.matrix(ctx, args, dimensions, weigh, sp, o)
		})
	}
	return cmd
}

// matrix fills the table. Refused and vacuous cells are answers.
func (a *analysis) matrix(ctx context.Context, args []string, vary []matrix.Dimension, weigh weighing, sp *spreadFlags, o verdict.Options) (answer, error) {
	doc, err := a.table(ctx, args, vary)
	if err != nil {
		return answer{}, err
	}
	printProblems(a.streams, doc.Problems)
	if kafkaconf.Problems(doc.Problems).Failed() {
		doc.Vary, doc.Cells, doc.Checks = []matrix.Dimension{}, []matrix.Cell{}, []matrix.Check{}
	}
	for _, d := range doc.Vary {
		part, key, _ := strings.Cut(d.Key, ".")
		if kafkaconf.Shown(kafkaconf.Part(part), key, "") == kafkaconf.Hidden {
			return answer{}, fmt.Errorf("--vary: %s has no bearing on a verdict, and its values are not shown; vary another setting", d.Key)
		}
	}
	w := &spreading{analysis: a, flags: sp, command: "matrix", units: doc.Units()}
	if planned, err := w.planned(); planned || err != nil {
		return answer{problems: doc.Problems}, err
	}
	answers, incomplete, err := w.answers(ctx, o)
	if err != nil {
		return answer{}, err
	}
	doc.Fill(answers)
	if problems, err := a.weigh(ctx, doc, args, weigh); err != nil || kafkaconf.Problems(problems).Failed() {
		return answer{problems: problems}, err
	}
	found := answer{document: doc.Document(), problems: doc.Problems, unfinished: incomplete}
	for i := range doc.Checks {
		found.unfinished = found.unfinished || doc.Checks[i].Verdict == verdict.Inconclusive
	}
	return found, nil
}

// weigh adds what each cell risks and costs, if that is asked for.
func (a *analysis) weigh(ctx context.Context, doc *report.Matrix, args []string, weigh weighing) ([]verdict.Problem, error) {
	rates, problems, err := weigh.read(a.streams)
	if rates == nil {
		return problems, err
	}
	requests := []kafkaconf.Request{a.question.ask()}
	if len(args) > 0 || a.question.configures() {
		requests, _ = a.question.requests(ctx, a.streams, args)
	}
	var yours []model.Config
	for _, request := range requests {
		if resolved, _ := kafkaconf.Load(request); resolved != nil {
			yours = append(yours, resolved.Config)
		}
	}
	return nil, doc.AddRisk(ctx, rates, risk.Options{}, yours)
}

// dimensions reads --vary.
func dimensions(flags []string) ([]matrix.Dimension, error) {
	var vary []matrix.Dimension
	seen := map[string]bool{}
	for _, v := range flags {
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
func (a *analysis) table(ctx context.Context, args []string, vary []matrix.Dimension) (*report.Matrix, error) {
	doc := &report.Matrix{Kcheck: verdict.Version, Problems: []verdict.Problem{}}
	requests := []kafkaconf.Request{a.question.ask()}
	if len(args) > 0 || a.question.configures() {
		var problems []kafkaconf.Problem
		requests, problems = a.question.requests(ctx, a.streams, args)
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
			doc.Kafka, doc.Budget = resolved.Config.Kafka.String(), resolved.Config.BudgetMap()
			doc.Scope = verdict.Scope{Messages: resolved.Config.Scope.Messages, Replicas: resolved.Config.Topic.Replicas}
			if resolved.Spec {
				doc.Spec = resolved.File
			}
		}
	}
	return doc, nil
}
