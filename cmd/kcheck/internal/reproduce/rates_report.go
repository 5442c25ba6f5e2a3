package reproduce

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// Clocked is what was counted of one configuration while faults came by a clock.
type Clocked struct {
	Spec    string       `json:"spec"`
	Kafka   string       `json:"kafka"` // the version of the brokers that ran
	Seed    uint64       `json:"seed"`
	Sent    int          `json:"sent"`
	Acked   int          `json:"acked"`
	Failed  int          `json:"failed"` // sends that were reported as failed
	Seconds float64      `json:"seconds"`
	Faults  []FaultTimes `json:"faults"`
	Steps   []StepTime   `json:"steps"`
	Counted []Counted    `json:"counted"`
}

// FaultTimes is how often a fault happened.
type FaultTimes struct {
	Fault string `json:"fault"`
	Rate  string `json:"rate"`
	Times int    `json:"times"`
}

// StepTime is how long a step took.
type StepTime struct {
	Key   string  `json:"key"`
	Given float64 `json:"given,omitempty"` // the mean time in seconds that was asked for
	Mean  float64 `json:"mean"`            // in seconds
	Times int     `json:"times"`
}

// Counted is for how many messages a guarantee is broken, and what is computed for the same rates.
type Counted struct {
	Guarantee string `json:"guarantee"`
	Counted   string `json:"counted,omitempty"` // which messages must not be lost
	share
	Risk   risk.Interval `json:"risk"`
	Result Agreement     `json:"result"`
	// ByFaults and Complete are of the computed risk.
	ByFaults []risk.Share `json:"by_faults"`
	Complete bool         `json:"complete"`
}

// Agreement says whether what was counted agrees with what is computed.
type Agreement string

// The ways.
const (
	Agrees  Agreement = "agrees"         // the intervals have something in common
	Differs Agreement = "does not agree" // they have not
	TooFew  Agreement = "says nothing"   // fewer faults than fewFaults have happened: one more would change much
)

// fewFaults is how many faults a count says nothing with.
const fewFaults = 10

// agreement compares.
func agreement(s share, computed risk.Interval, faults int) Agreement {
	switch {
	case faults < fewFaults:
		return TooFew
	case s.Low <= computed.High && computed.Low <= s.High:
		return Agrees
	}
	return Differs
}

// report counts, and computes the risks.
func (c *clock) report(ctx context.Context, questions []verdict.Question) (*Clocked, error) {
	rates, steps := c.measured()
	r := &Clocked{Spec: questions[0].Spec, Kafka: c.cluster.Home.Version, Seed: c.o.Seed, Seconds: time.Since(c.begin).Seconds(), Steps: steps}
	fates := c.ledger.fates()
	for _, f := range fates {
		r.Sent++
		switch {
		case f.acked:
			r.Acked++
		case f.told:
			r.Failed++
		}
	}
	faults := 0
	for _, k := range clockFaults {
		if faultRate(c.rates, k) > 0 {
			faults += c.timesOf(k)
			r.Faults = append(r.Faults, FaultTimes{k.String(), textOf(c.rates, "faults."+k.String()), c.timesOf(k)})
		}
	}
	for _, q := range questions {
		counted, err := countFor(ctx, q, fates, rates, faults)
		if err != nil {
			return nil, err
		}
		r.Counted = append(r.Counted, counted)
	}
	return r, nil
}

// textOf is a value as it was given.
func textOf(rates *risk.Rates, key string) string {
	for _, v := range rates.List() {
		if v.Key == key {
			return v.Text
		}
	}
	return ""
}

// countFor counts for how many messages a guarantee is broken, and computes for how many it would be.
func countFor(ctx context.Context, q verdict.Question, fates []fate, rates *risk.Rates, faults int) (Counted, error) {
	k, err := invariants.Prepare(q.Guarantee, q.Config, q.Counted)
	if err != nil {
		return Counted{}, err
	}
	hit := make([]bool, len(fates))
	for i, f := range fates {
		hit[i] = broken[q.Guarantee](f, k.Counted)
	}
	computed, err := risk.Analyze(ctx, q, rates, risk.Options{})
	if err != nil {
		return Counted{}, err
	}
	s := shareOf(hit)
	return Counted{Guarantee: q.Guarantee, Counted: computed.Counted, share: s, Risk: computed.Interval, ByFaults: computed.ByFaults,
		Complete: computed.Complete, Result: agreement(s, computed.Interval, faults)}, nil
}

// ClockReport is the document of --format json with --rates.
type ClockReport struct {
	Kcheck string     `json:"kcheck"`
	Kafka  string     `json:"kafka"`
	Rates  []*Clocked `json:"rates"`
}

// Exit is the exit status: 0 everything that was counted agrees with what is computed, 1 something does not.
func (r *ClockReport) Exit() int {
	for _, c := range r.Rates {
		for _, x := range c.Counted {
			if x.Result == Differs {
				return 1
			}
		}
	}
	return 0
}

// Text writes the report for a terminal.
func (r *ClockReport) Text(w io.Writer) error {
	out := bufio.NewWriter(w)
	for i, c := range r.Rates {
		if i > 0 {
			fmt.Fprintln(out)
		}
		c.text(out)
	}
	return out.Flush()
}

func (c *Clocked) text(w io.Writer) {
	fmt.Fprintf(w, "RATES  %s\n\n", c.Spec)
	fmt.Fprintln(w, wrap.Indent(2, 12, fmt.Sprintf("cluster   Apache Kafka %s; %d messages sent in %.0f s, %d acknowledged, %d failed; seed %d",
		c.Kafka, c.Sent, c.Seconds, c.Acked, c.Failed, c.Seed), width))
	for _, f := range c.Faults {
		fmt.Fprintln(w, wrap.Indent(2, 12, fmt.Sprintf("fault     %s %s: %d times", f.Fault, f.Rate, f.Times), width))
	}
	for _, s := range c.Steps {
		text := fmt.Sprintf("step      %s: %s on average, %d times", s.Key, seconds(s.Mean), s.Times)
		if s.Given > 0 {
			text += "; asked for " + seconds(s.Given)
		}
		fmt.Fprintln(w, wrap.Indent(2, 12, text, width))
	}
	fmt.Fprintln(w)
	for _, x := range c.Counted {
		says := string(x.Result)
		if x.Result == Differs {
			says = strings.ToUpper(says)
		}
		fmt.Fprintln(w, wrap.Indent(2, 4, fmt.Sprintf("%s: %s", x.Guarantee, says), width))
		fmt.Fprintln(w, wrap.Indent(4, 14, fmt.Sprintf("counted   %d of %d, %s; 95 %% interval %s to %s", x.Broken, x.Of, percents(x.Share),
			percents(x.Low), percents(x.High)), width))
		fmt.Fprintln(w, wrap.Indent(4, 14, fmt.Sprintf("computed  %s to %s", percents(x.Risk.Low), percents(x.Risk.High)), width))
	}
}

// seconds writes a time.
func seconds(s float64) string {
	return time.Duration(s * float64(time.Second)).Round(10 * time.Microsecond).String()
}

// percents writes a share.
func percents(x float64) string { return fmt.Sprintf("%.3g %%", 100*x) }
