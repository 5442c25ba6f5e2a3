package whatif

import (
	"context"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Answer is a report as the page shows it.
type Answer struct {
	// Report is what "kcheck check --format json" writes.
	Report *verdict.Report `json:"report"`
	// HTML shows the results, as "kcheck check --format html" does.
	HTML string `json:"html"`
	// Final says that nothing more will be found out.
	Final bool `json:"final"`
}

// Survival is what one guarantee survives of one kind of fault at a time.
type Survival struct {
	Guarantee string            `json:"guarantee"`
	Verdict   verdict.Verdict   `json:"verdict"`
	Complete  bool              `json:"complete"`
	Kinds     []resilience.Kind `json:"kinds"`
}

// Listener is told what is found out, in this order, each as soon as it is known. Fields that are nil are not called.
type Listener struct {
	Panel      func(*Panel)
	Answer     func(*Answer)
	Resilience func([]Survival)
	// Progress is told about once a second how far the search for a guarantee is.
	Progress func(guarantee string, p explore.Progress)
}

// Ask answers a question. A question that cannot be read has a panel with its problems alone, and a report without
// results.
func Ask(ctx context.Context, request kafkaconf.Request, o verdict.Options, l Listener) error {
	if l.Panel != nil {
		resolved, err := kafkaconf.Load(request)
		l.Panel(NewPanel(resolved, kafkaconf.ProblemsOf(resolved, err)))
	}
	early := verdict.NewReport()
	if l.Answer != nil {
		o.Found = func(res *verdict.Result) {
			early.Results = append(early.Results, *res)
			if answer, err := NewAnswer(early, false); err == nil {
				l.Answer(answer)
			}
		}
	}
	if l.Progress != nil {
		o.Progress = func(q *verdict.Question, p explore.Progress) { l.Progress(q.Guarantee, p) }
	}
	found, _ := verdict.CheckFiles(ctx, request, o) // the problems are in the report
	if l.Answer != nil {
		answer, err := NewAnswer(found, true)
		if err != nil {
			return err
		}
		l.Answer(answer)
	}
	if l.Resilience == nil {
		return nil
	}
	return survive(ctx, request, o, l)
}

// NewAnswer is a report as the page shows it.
func NewAnswer(r *verdict.Report, final bool) (*Answer, error) {
	body, err := report.CheckBody(r)
	return &Answer{Report: r, HTML: string(body), Final: final}, err
}

// survive looks at every kind of fault by itself.
func survive(ctx context.Context, request kafkaconf.Request, o verdict.Options, l Listener) error {
	resolved, err := kafkaconf.Load(request)
	if err != nil {
		return nil // the report says why
	}
	o.Found = nil
	all, err := resilience.AnalyzeAll(ctx, verdict.Questions(resolved), resilience.Bound{UpTo: 1, Overlap: resolved.Config.Bounds.Overlap}, o)
	if err != nil {
		return err
	}
	list := make([]Survival, len(all))
	for i, r := range all {
		list[i] = Survival{r.Guarantee, r.Verdict, r.Complete, r.Kinds}
	}
	l.Resilience(list)
	return nil
}
