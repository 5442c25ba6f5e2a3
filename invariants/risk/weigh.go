package risk

import (
	"context"
	"fmt"
	"slices"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// Level is how likely it is that a guarantee is violated, in short; see [Result].
type Level struct {
	Unit string `json:"unit"`
	Interval
	LeftOut float64   `json:"left_out"`
	PerYear *Interval `json:"per_year,omitempty"`
}

// Explored is the upper bound without what is due to states that were left out.
func (l Level) Explored() float64 { return max(l.Low, l.High-l.LeftOut) }

// Weight is what a configuration risks and costs.
type Weight struct {
	Risks map[string]Level `json:"risks"` // by guarantee
	// WritesRefused is the share of the time in which writes are refused or wait.
	WritesRefused *Interval `json:"writes_refused,omitempty"`
	// WaitsFor is what a write waits for.
	WaitsFor string `json:"waits_for"`
}

// NewWeight is the weight of a configuration of which no risk is known yet.
func NewWeight(c *model.Config) Weight {
	return Weight{Risks: map[string]Level{}, WaitsFor: waitsFor(c)}
}

// Add adds a risk.
func (w *Weight) Add(r *Result) {
	w.Risks[r.Guarantee] = Level{r.Unit, r.Interval, r.LeftOut, r.PerYear}
	if r.WritesRefused != nil {
		w.WritesRefused = r.WritesRefused
	}
}

// alike is the part of a number that makes no difference.
const alike = 1e-3

// Less says that x is less than y by more than makes no difference.
func Less(x, y float64) bool { return x < y*(1-alike) }

// Beats says that a configuration is better in one thing and as good in all others: in the best and in the worst case of what was
// explored, since two that the same disaster hits alike in the worst case may be worlds apart in the best.
func (w *Weight) Beats(other *Weight) bool {
	better := false
	compare := func(x, y float64) bool {
		better = better || Less(x, y)
		return !Less(y, x)
	}
	for g, r := range w.Risks {
		o := other.Risks[g]
		if !compare(r.Explored(), o.Explored()) || !compare(r.Low, o.Low) {
			return false
		}
	}
	if w.WritesRefused != nil && other.WritesRefused != nil && !compare(w.WritesRefused.High, other.WritesRefused.High) {
		return false
	}
	return better
}

// Weighed are the questions of a configuration whose risk tells what it leaves: those that it asks and that have a risk, and
// whether messages are lost in any case. None for a configuration that is not covered; see [Covers].
func Weighed(questions []verdict.Question) []verdict.Question {
	const loss = "at-least-once"
	var list []verdict.Question
	for _, q := range questions {
		if slices.Contains(Guarantees, q.Guarantee) {
			list = append(list, q)
		}
	}
	if len(questions) > 0 && !slices.ContainsFunc(list, func(q verdict.Question) bool { return q.Guarantee == loss }) {
		q := questions[0]
		q.Guarantee = loss
		list = append(list, q)
	}
	return list
}

// Weigh computes the weight of a configuration from the questions that [Weighed] lists. One message is followed.
func Weigh(ctx context.Context, questions []verdict.Question, rates *Rates, o Options) (Weight, error) {
	w := NewWeight(&questions[0].Config)
	for _, q := range questions {
		q.Config.Scope.Messages = 1
		r, err := Analyze(ctx, q, rates, o)
		if err != nil {
			return w, err
		}
		w.Add(&r)
	}
	return w, ctx.Err()
}

// Covers says what of a configuration is not covered, so that it has no risk.
func Covers(c *model.Config) error {
	if c.App.OutputKafka {
		return fmt.Errorf("kcheck risk follows a message to a consumer; app.output: kafka is not covered")
	}
	if c.App.Share != model.ShareNone {
		return fmt.Errorf("kcheck risk follows a message to a consumer of a partition; app.share is not covered")
	}
	return nil
}

// waitsFor says what a write waits for before it is acknowledged.
func waitsFor(c *model.Config) string {
	text := map[model.Acks]string{model.AcksNone: "nothing", model.AcksOne: "the leader"}[c.Prod.Acks]
	if c.Prod.Acks == model.AcksAll {
		text = "the in-sync set"
	}
	if c.Topic.FlushMessages == 1 && c.Prod.Acks != model.AcksNone {
		text += ", on disk"
	}
	return text
}
