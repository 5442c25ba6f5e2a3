package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/jvm"
	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// clock lets faults come by a clock on a cluster of its own for each configuration, and counts.
func (c *reproduceCommand) clock(ctx context.Context, home *jvm.Home, args []string) error {
	switch {
	case len(args) > 0 || c.walks > 0 || c.table != "" || c.pause || c.repeat != 1:
		return errors.New("--rates takes --spec or files of a configuration, and neither RESULT.json nor --walks, --repeat, --pause or --table")
	case c.sends < 1:
		return errors.New("--sends: at least 1")
	}
	rates, problems, err := (&riskFlags{rates: c.rates}).read(c.streams.files)
	if err != nil {
		return err
	}
	if printProblems(c.streams, problems); kafkaconf.Problems(problems).Failed() {
		return status(verdict.ExitError)
	}
	if c.question.request.Messages == "" {
		c.question.request.Messages = "1" // one message is followed
	}
	loaded, problems, err := c.question.load(ctx, c.streams, "reproduce", c.specs)
	if err != nil {
		return err
	}
	if kafkaconf.Problems(problems).Failed() {
		return status(verdict.ExitError)
	}
	out := &reproduce.ClockReport{Kcheck: verdict.Version, Kafka: home.Version}
	for _, l := range loaded {
		questions := verdict.Questions(l.resolved)
		for i := range questions {
			if why := clockProblem(home, &questions[i], rates); why != "" {
				return fmt.Errorf("%s: %s", questions[i].Spec, why)
			}
		}
		r, err := reproduce.Clock(ctx, home, questions, rates, reproduce.ClockOptions{Messages: c.sends, Seed: c.seed}, func(text string) {
			say(c.streams.err, "%s: %s", questions[0].Spec, text)
		})
		if err != nil {
			return err
		}
		out.Rates = append(out.Rates, r)
	}
	if err := c.form.write(c.streams, report.Plain(out, out.Text), report.Options{}); err != nil {
		return err
	}
	if code := out.Exit(); code != 0 {
		return status(code)
	}
	return nil
}

// clockProblem says why a question cannot be played by a clock; empty if it can.
func clockProblem(home *jvm.Home, q *verdict.Question, rates *risk.Rates) string {
	if len(q.Refused) > 0 {
		return q.Refused[0]
	}
	if line := q.Config.Kafka.String(); line != home.Line() && line != home.Version {
		return fmt.Sprintf("the question is about Kafka %s, %s has %s; --kafka asks about another", line, home.Dir, home.Version)
	}
	return reproduce.RateProblem(q, rates)
}
