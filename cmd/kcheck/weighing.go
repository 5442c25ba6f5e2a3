package main

import (
	"errors"

	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// weighing is --risk of commands that compare configurations, with its rates.
type weighing struct {
	on    bool
	rates string
}

// declare adds the flags; what says what --risk shows.
func (w *weighing) declare(fs *pflag.FlagSet, what string) {
	fs.BoolVar(&w.on, "risk", false, what)
	fs.StringVar(&w.rates, "rates", "", "`FILE` of rates for --risk; see kcheck risk")
}

// read reads the rates, and tells what is wrong with them; they are nil where no risk is asked for, or something is wrong.
func (w *weighing) read(s streams) (*risk.Rates, []verdict.Problem, error) {
	if !w.on {
		if w.rates != "" {
			return nil, nil, errors.New("--rates goes with --risk")
		}
		return nil, nil, nil
	}
	f := riskFlags{rates: w.rates}
	rates, problems, err := f.read(s.files)
	if err != nil || kafkaconf.Problems(problems).Failed() {
		printProblems(s, problems)
		return nil, problems, err
	}
	return rates, problems, nil
}
