package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// riskHelp is what "kcheck risk --help" prints above the flags.
const riskHelp = `Computes how likely it is that a message is lost (or doubled), per message and per
year, and a readable record per year. Every kind of fault has a rate and every
step a mean time (--print-rates writes them with their sources; --rates replaces
what a file names); nothing is budgeted. The answer is an interval: what the model
leaves open without a time is decided by the best and by the worst case.

--format svg draws several specs as points: what is lost against the share of the
time in which writes are refused. Filled ones are those that no other beats in both.

Exit status: 0 answered; 2 kcheck could not answer, or Kafka would refuse the
configuration; 3 states that were left out make the bounds wide.`

// riskFlags are the flags of "kcheck risk".
type riskFlags struct {
	rates  string
	print  bool
	export string
	states int
}

// newRisk is "kcheck risk".
func newRisk(s streams) *cobra.Command {
	a, f := &analysis{streams: s}, &riskFlags{}
	cmd := &cobra.Command{
		Use:     "risk [SPEC]... [flags]",
		Short:   "how likely a loss is, per message and per year, under rates of faults and times of steps",
		Long:    riskHelp,
		Example: "  kcheck risk --producer producer.properties --topic topic.properties --guarantee at-least-once\n  kcheck risk --print-rates > rates.yaml",
	}
	fs := cmd.Flags()
	fs.StringVar(&f.rates, "rates", "", "`FILE` of rates; what it does not name keeps its default")
	fs.BoolVar(&f.print, "print-rates", false, "write the rates, each with its source, and stop")
	fs.StringVar(&f.export, "export", "", "write the chain before lumping and bounds as `drn`, the format of the model checker Storm, and stop")
	fs.IntVar(&f.states, "states", risk.DefaultStates, "explore up to `N` states of a question")
	a.declare(cmd, report.RiskFormats)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !cmd.Flags().Changed("messages") {
			a.question.request.Messages = "1" // one message is followed
		}
		return a.run(cmd.Context(), func(ctx context.Context, o verdict.Options) (answer, error) {
			rates, problems, err := f.read(a.streams.files)
			switch {
			case err != nil:
				return answer{}, err
			case kafkaconf.Problems(problems).Failed():
				printProblems(a.streams, problems)
				doc := &report.Risk{Kcheck: verdict.Version, Problems: problems, Results: []risk.Result{}}
				return answer{document: doc.Document(), problems: problems}, nil
			case f.states < 1:
				return answer{}, errors.New("--states: at least 1")
			case f.export != "" && f.export != "drn":
				return answer{}, fmt.Errorf("--export: %s is not known; known is drn", f.export)
			case f.print:
				return answer{}, a.writePlain([]byte(rates.Print()))
			}
			return a.risk(ctx, args, rates, f)
		})
	}
	return cmd
}

// read reads the rates.
func (f *riskFlags) read(from *files) (*risk.Rates, []verdict.Problem, error) {
	if f.rates == "" {
		return risk.Default(), nil, nil
	}
	data, err := from.configuration(f.rates)
	if err != nil {
		return nil, nil, fmt.Errorf("--rates: %s: %s", f.rates, plain(err))
	}
	rates, problems := risk.Read(f.rates, data)
	return rates, problems, nil
}

// risk answers every guarantee of every question.
func (a *analysis) risk(ctx context.Context, args []string, rates *risk.Rates, f *riskFlags) (answer, error) {
	loaded, problems, err := a.question.load(ctx, a.streams, "risk", args)
	if err != nil {
		return answer{}, err
	}
	doc := &report.Risk{Kcheck: verdict.Version, Problems: problems, Results: []risk.Result{}}
	found := answer{problems: problems}
	line := newProgress(a.streams.err)
	defer line.clearLine()
	for _, l := range loaded {
		for _, q := range verdict.Questions(l.resolved) {
			line.say(strings.TrimSpace(q.Spec + " " + q.Guarantee))
			if f.export != "" {
				var chain bytes.Buffer
				if err := risk.Export(&chain, q, rates, f.states); err != nil {
					return answer{problems: problems}, err
				}
				return answer{problems: problems}, a.writePlain(chain.Bytes())
			}
			r, err := risk.Analyze(ctx, q, rates, risk.Options{States: f.states})
			if err != nil {
				return answer{}, err
			}
			doc.Results = append(doc.Results, r)
			if r.Refused != "" {
				found.verdicts = append(found.verdicts, verdict.Refused)
			}
			found.unfinished = found.unfinished || r.Refused == "" && !r.Complete
		}
	}
	found.document = doc.Document()
	return found, nil
}
