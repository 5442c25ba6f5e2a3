package report

import (
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// checkPage is the report of "kcheck check" on a page.
type checkPage struct {
	Results []pageResult
	Brief   []*verdict.Result // those that are as their spec expects
}

// pageResult is one result of the page.
type pageResult struct {
	*verdict.Result
	ID          string // of its part of the page
	Answer      []fact // cause, fix, what it rests on
	Box         []fact
	Headline    string
	Trace       pageTrace
	Ledger      *verdict.Ledger
	Key         []string // how to read the ledger
	Slice       string
	Title       string // of the trace
	Bars        *pageBars
	Branch      string
	Fork        *pageFork
	Needed      []string
	NeededTitle string
	Settings    []pageSetting // those that somebody wrote or a step cites
	Others      []pageSetting // the other ones that were read
	Stats       string
}

// pageSetting is a setting with the steps that it made possible.
type pageSetting struct {
	verdict.Setting
	Steps []pageLink
	More  int // steps beyond those
}

// pageLink is a link to a step.
type pageLink struct {
	ID string
	N  int
}

// writeCheckHTML writes the report as one page.
func writeCheckHTML(w io.Writer, r *verdict.Report, _ Options) error {
	r = worstFirst(r)
	content, err := newCheckPage(r)
	if err != nil {
		return err
	}
	body, err := fill("check", content)
	if err != nil {
		return err
	}
	p := page{Title: "kcheck report", Heading: "kcheck " + r.Kcheck + " report", Body: body, Problems: r.Problems, LeavesOut: r.LeavesOut}
	if t := tally(r); t != "" {
		p.Heading += ": " + t
	}
	if len(content.Results) == 1 {
		one := &content.Results[0]
		p.Title = strings.ToUpper(string(one.Verdict)) + " " + one.Guarantee + " – kcheck report"
	}
	return writePage(w, p)
}

// CheckBody is the part of the page of a check that has the results, to be shown in another page beside the style and script
// of [PageStyle] and [PageScript].
func CheckBody(r *verdict.Report) (template.HTML, error) {
	content, err := newCheckPage(worstFirst(cleaned(r)))
	if err != nil {
		return "", err
	}
	return fill("check", content)
}

// newCheckPage prepares the results.
func newCheckPage(r *verdict.Report) (checkPage, error) {
	var content checkPage
	short := specs(r) > 1
	first := true
	for i := range r.Results {
		res := &r.Results[i]
		if short && res.Met() {
			content.Brief = append(content.Brief, res)
			continue
		}
		id := fmt.Sprintf("r%d", i+1)
		prefix := id + "-"
		if steps, _ := withSteps(res); len(steps) > 0 && first {
			prefix, first = "", false // the links to the steps of the first trace are short
		}
		pr, err := newPageResult(r, res, id, prefix)
		if err != nil {
			return content, err
		}
		content.Results = append(content.Results, pr)
	}
	return content, nil
}

// newPageResult prepares one result.
func newPageResult(r *verdict.Report, res *verdict.Result, id, prefix string) (pageResult, error) {
	steps, ledger := withSteps(res)
	p := pageResult{Result: res, ID: id, Answer: answerFacts(res), Box: box(res), Headline: headlineOf(res), Ledger: ledger, Slice: sliceText(res, "are shown faint"),
		Title: traceTitle(res), NeededTitle: neededTitle(res), Stats: statsLine(res)}
	p.Settings, p.Others = pageSettings(res, steps, prefix)
	if ledger != nil {
		p.Key = append([]string{keyOf(ledger)}, each(columnNotes(ledger), sentence)...)
	}
	if res.Branch != nil {
		p.Branch = branchText(res)
		p.Fork = forkOf(res, prefix)
	}
	p.Bars = barsOf(res, steps, ledger)
	for _, n := range res.Needed {
		p.Needed = append(p.Needed, sentence(neededText(n)))
	}
	var err error
	p.Trace, err = newPageTrace(traceOf{Result: res, Actions: r.Actions, Steps: steps, Ledger: ledger, Prefix: prefix})
	return p, err
}

// pageFork is a counterexample beside the nearest run that keeps the guarantee, from where they part.
type pageFork struct {
	From      int
	Bad       []forkStep
	Good      []forkStep
	Fates     []string // of the messages in the counterexample
	GoodFates []string
	More      int // steps of the counterexample beyond those shown
}

// forkStep is one step of them; ID is where the counterexample has it.
type forkStep struct {
	*verdict.Step
	ID string
}

// forkOf sets a counterexample beside the run that keeps the guarantee.
func forkOf(r *verdict.Result, prefix string) *pageFork {
	const most = 40
	if len(r.Steps) == 0 || r.Branch.Shared >= len(r.Steps) {
		return nil
	}
	f := &pageFork{From: r.Branch.Shared + 1, Fates: r.Fates, GoodFates: r.Branch.Fates}
	for i := r.Branch.Shared; i < len(r.Steps); i++ {
		if len(f.Bad) == most {
			f.More = len(r.Steps) - i
			break
		}
		f.Bad = append(f.Bad, forkStep{&r.Steps[i], fmt.Sprintf("%sstep-%d", prefix, r.Steps[i].N)})
	}
	for i := range r.Branch.Steps {
		f.Good = append(f.Good, forkStep{Step: &r.Branch.Steps[i]})
	}
	return f
}

// pageSettings are the settings that were read: those that somebody wrote or a step cites, and the others.
func pageSettings(r *verdict.Result, steps []verdict.Step, prefix string) (main, others []pageSetting) {
	const shown = 12
	citing := map[string][]pageLink{}
	for i := range steps {
		for _, key := range steps[i].Settings {
			citing[key] = append(citing[key], pageLink{fmt.Sprintf("%sstep-%d", prefix, steps[i].N), steps[i].N})
		}
	}
	for _, s := range r.Settings {
		if !isListed(s) {
			continue
		}
		links := citing[s.Key]
		entry := pageSetting{s, links[:min(len(links), shown)], max(0, len(links)-shown)}
		if isPlace(s.Source) || len(links) > 0 {
			main = append(main, entry)
		} else {
			others = append(others, entry)
		}
	}
	slices.SortStableFunc(main, func(a, b pageSetting) int { return min(len(b.Steps), 1) - min(len(a.Steps), 1) })
	return main, others
}
