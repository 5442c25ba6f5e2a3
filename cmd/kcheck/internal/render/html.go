package render

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// The page is one file: style and script are written into it, and its content security policy forbids it to load
// anything. All content is in the HTML; the script only adds stepping.
var (
	//go:embed page.css
	pageStyle string
	//go:embed page.js
	pageScript string
	//go:embed page.html
	pageSource string

	pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
		"sentence": sentence, "headline": headlineOf, "cell": cellText, "change": changeText, "short": shortLane, "lower": lowerFirst, "inc": func(i int) int { return i + 1 },
	}).Parse(pageSource))
)

// page is what the template shows.
type page struct {
	Title   string
	Style   template.CSS
	Script  template.JS
	Kcheck  string
	Tally   string
	Results []pageResult
	Brief   []*verdict.Result // those that are as their spec expects
	*verdict.Report
}

// pageResult is one result of the page.
type pageResult struct {
	*verdict.Result
	ID          string // of its part of the page
	Prefix      string // of the links to its steps: "" for the first result with steps
	Box         []fact
	Headline    string
	Lanes       []string
	Chunks      []pageChunk
	Ledger      *verdict.Ledger
	Key         []string // how to read the ledger
	Slice       string
	Title       string // of the trace
	Branch      string
	Needed      []string
	NeededTitle string
	Settings    []pageSetting // those that somebody wrote or a step cites
	Others      []pageSetting // the other ones that were read
	Stats       string
	Data        template.JS
	Count       int
	State       []verdict.Value // after the last step
}

// pageChunk is a run of steps that is folded as one.
type pageChunk struct {
	First, Last int
	Open        bool
	Steps       []pageStep
}

// pageStep is one step.
type pageStep struct {
	*verdict.Step
	ID     string
	Faint  bool
	Down   []float64 // places of the lanes of brokers that are down, in percent
	Wire   template.HTML
	Lead   string
	Cited  []verdict.Setting
	Action verdict.Action
	Again  bool   // an earlier step has the rule
	ToldAt string // that step, in a long trace
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

// chunkSize is how many steps of a long trace are folded as one.
const chunkSize = 100

// writeHTML writes the report as one page.
func writeHTML(w io.Writer, r *verdict.Report, _ Options) error {
	p := page{Title: "kcheck report", Style: template.CSS(pageStyle), Script: template.JS(pageScript), Kcheck: r.Kcheck,
		Report: r, Tally: strings.Trim(tallyLine(r), "*\n ")}
	p.Tally = strings.TrimPrefix(p.Tally, "kcheck**: ")
	short := specs(r) > 1
	first := true
	for i := range r.Results {
		res := &r.Results[i]
		if short && res.Met() {
			p.Brief = append(p.Brief, res)
			continue
		}
		id := fmt.Sprintf("r%d", i+1)
		prefix := id + "-"
		if steps, _ := withSteps(res); len(steps) > 0 && first {
			prefix, first = "", false
		}
		pr, err := newPageResult(r, res, id, prefix)
		if err != nil {
			return err
		}
		p.Results = append(p.Results, pr)
	}
	if len(p.Results) == 1 {
		p.Title = strings.ToUpper(string(p.Results[0].Verdict)) + " " + p.Results[0].Guarantee + " – kcheck report"
	}
	return pageTemplate.Execute(w, p)
}

// newPageResult prepares one result.
func newPageResult(r *verdict.Report, res *verdict.Result, id, prefix string) (pageResult, error) {
	steps, ledger := withSteps(res)
	p := pageResult{Result: res, ID: id, Prefix: prefix, Box: box(res), Headline: headlineOf(res), Ledger: ledger,
		Lanes: lanesOf(res, steps), Slice: sliceText(res), Title: "The counterexample: " + count(uint64(len(steps)), "step"),
		Count: len(steps), NeededTitle: neededTitle(res), Stats: statsLine(res)}
	if len(res.Steps) == 0 && res.Showing != nil {
		p.Title = "A run that shows it at work: " + workTitle(res)
	}
	p.Settings, p.Others = pageSettings(res, steps, prefix)
	if ledger != nil {
		p.Key = append([]string{keyOf(ledger)}, each(columnNotes(ledger), sentence)...)
	}
	if res.Branch != nil {
		p.Branch = branchText(res)
	}
	for _, n := range res.Needed {
		p.Needed = append(p.Needed, sentence(neededText(n)))
	}
	p.Chunks = pageChunks(r, &p, steps)
	p.State = finalState(res.Initial, steps)
	var err error
	p.Data, err = pageData(res, steps, ledger)
	return p, err
}

// pageChunks are the steps in chunks, of which the first and the last are open.
func pageChunks(r *verdict.Report, p *pageResult, steps []verdict.Step) []pageChunk {
	var chunks []pageChunk
	down := downBrokers(p.Initial)
	size := chunkSize
	short := len(steps) <= 2*chunkSize
	if short {
		size = max(len(steps), 1)
	}
	told := map[string]string{} // the step that has the rule of an action
	for _, part := range pieces(steps, size) {
		c := pageChunk{First: part.first(), Last: part.last()}
		for i := range part.steps {
			s := &part.steps[i]
			down.note(s)
			id := fmt.Sprintf("%sstep-%d", p.Prefix, s.N)
			c.Steps = append(c.Steps, pageStep{Step: s, ID: id, Faint: isFaint(p.Result, s), Down: down.lanes(p.Lanes, s),
				Wire: wire(p.Lanes, s), Lead: leadership(s), Cited: cited(p.Result, s), Action: r.Actions[s.Action],
				Again: told[s.Action] != ""})
			if last := &c.Steps[len(c.Steps)-1]; last.Again && !short {
				last.ToldAt = told[s.Action]
			} else if !last.Again {
				told[s.Action] = id
			}
		}
		chunks = append(chunks, c)
	}
	if len(chunks) > 0 {
		chunks[0].Open, chunks[len(chunks)-1].Open = true, true
	}
	return chunks
}

// lowerFirst makes the beginning of a sentence the middle of one, unless it begins with a name.
func lowerFirst(s string) string {
	if len(s) < 2 || s[1] < 'a' || s[1] > 'z' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// shortLane is the name of a lane on a narrow screen.
func shortLane(lane string) string {
	short, known := map[string]string{"application": "app", "producer": "prod", "controller": "ctrl", "consumer": "cons",
		"process": "proc", "old-process": "old", "coordinator": "coord", "downstream": "down"}[lane]
	if known {
		return short
	}
	return lane
}

// finalState is the state after the last step.
func finalState(initial []verdict.Value, steps []verdict.Step) []verdict.Value {
	state := slices.Clone(initial)
	for i := range steps {
		for _, c := range steps[i].Changes {
			at := slices.IndexFunc(state, func(v verdict.Value) bool { return v.What == c.What })
			if at < 0 {
				state = append(state, verdict.Value{What: c.What, Value: c.After})
				continue
			}
			state[at].Value = c.After
		}
	}
	return state
}

// pageData is what the script needs: the state at the beginning, the changes, and the ledger.
func pageData(res *verdict.Result, steps []verdict.Step, ledger *verdict.Ledger) (template.JS, error) {
	data := struct {
		Initial []verdict.Value    `json:"initial"`
		Changes [][]verdict.Change `json:"changes"`
		Ledger  *verdict.Ledger    `json:"ledger"`
	}{res.Initial, nil, ledger}
	for i := range steps {
		data.Changes = append(data.Changes, steps[i].Changes)
	}
	text, err := json.Marshal(data)
	return template.JS(text), err
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

// statsLine says what the search did.
func statsLine(r *verdict.Result) string {
	if r.Verdict == verdict.Refused {
		return ""
	}
	s := &r.Stats
	return fmt.Sprintf("%s distinct, %s generated, depth %d; %.1f s, %s, %s", number(s.Distinct), number(s.Generated),
		s.Depth, s.Seconds, count(uint64(max(s.Workers, 0)), "worker"), memory(s.Bytes))
}
