package report

import (
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// traceOf is a trace to be shown on a page, with what is known around it.
type traceOf struct {
	Result  *verdict.Result // whose settings the steps cite; never nil
	Actions map[string]verdict.Action
	Steps   []verdict.Step
	Ledger  *verdict.Ledger
	Prefix  string // of the links to its steps
}

// pageTrace is a trace on a page.
type pageTrace struct {
	Prefix string
	Count  int
	Lanes  []string
	Chunks []pageChunk
	Ledger *verdict.Ledger
	State  []verdict.Value // after the last step
	Stands []stand         // of the guarantee
	Data   template.JS
}

// newPageTrace prepares a trace.
func newPageTrace(t traceOf) (pageTrace, error) {
	p := pageTrace{Prefix: t.Prefix, Count: len(t.Steps), Lanes: lanesOf(t.Result, t.Steps), Ledger: t.Ledger}
	p.State = finalState(t.Result.Initial, t.Steps)
	if len(t.Result.Steps) > 0 && len(t.Result.Steps) == len(t.Steps) {
		p.Stands = standings(t.Result)
	}
	p.Chunks = pageChunks(t, p.Lanes, p.Stands)
	var err error
	p.Data, err = pageData(t.Result, t.Steps, t.Ledger, p.Stands)
	return p, err
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
	Twice  bool   // it processes a message that was processed before
	Stands *stand // how the guarantee stands from here on, where that changes
	Again  bool   // an earlier step has the rule
	ToldAt string // that step, in a long trace
}

// elseCount is how many other steps there are in place of a step.
func elseCount(s *verdict.Step) int { return len(s.Elsewhere) + s.More }

// standClass is the class of a standing.
func standClass(s verdict.Standing) string {
	return map[verdict.Standing]string{verdict.StandsIntact: "good", verdict.StandsDoomed: "unsure", verdict.StandsBroken: "bad"}[s]
}

// leadsTo says where a step leads that was not taken.
func leadsTo(e verdict.Elsewhere) string {
	fates := sentence(strings.Join(e.Fates, "; "))
	switch e.Stands {
	case verdict.StandsBroken:
		return "That breaks the guarantee too."
	case verdict.StandsDoomed:
		return "No run without another fault keeps the guarantee from there."
	case verdict.StandsOpen:
		return "The guarantee is not broken then; where that leads was not looked at."
	}
	if e.Steps == 0 {
		return "The guarantee is kept. " + fates
	}
	return fmt.Sprintf("With %s more, and no other fault, the guarantee is kept. %s", count(e.Steps, "step"), fates)
}

// chunkSize is how many steps of a long trace are folded as one.
const chunkSize = 100

// pageChunks are the steps in chunks, of which the first and the last are open.
func pageChunks(t traceOf, lanes []string, stands []stand) []pageChunk {
	var chunks []pageChunk
	down := downBrokers(t.Result.Initial)
	size := chunkSize
	short := len(t.Steps) <= 2*chunkSize
	if short {
		size = max(len(t.Steps), 1)
	}
	told := map[string]string{} // the step that has the rule of an action
	for _, part := range pieces(t.Steps, size) {
		c := pageChunk{First: part.first(), Last: part.last()}
		for i := range part.steps {
			s := &part.steps[i]
			down.note(s)
			id := fmt.Sprintf("%sstep-%d", t.Prefix, s.N)
			c.Steps = append(c.Steps, pageStep{Step: s, ID: id, Faint: isFaint(t.Result, s), Down: down.lanes(lanes, s),
				Wire: wire(lanes, s), Lead: leadership(s), Cited: cited(t.Result, s), Action: t.Actions[s.Action],
				Twice: isAgain(s), Stands: standingAt(stands, s.N), Again: told[s.Action] != ""})
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

// pageData is what the script needs: the state at the beginning, the changes, the ledger, and how the guarantee stands.
func pageData(res *verdict.Result, steps []verdict.Step, ledger *verdict.Ledger, stands []stand) (template.JS, error) {
	data := struct {
		Initial []verdict.Value    `json:"initial"`
		Changes [][]verdict.Change `json:"changes"`
		Ledger  *verdict.Ledger    `json:"ledger"`
		Stands  []stand            `json:"stands,omitempty"`
	}{res.Initial, nil, ledger, stands}
	for i := range steps {
		data.Changes = append(data.Changes, steps[i].Changes)
	}
	text, err := json.Marshal(data)
	return template.JS(text), err
}

// laneAt is the place of a lane among n, in percent.
func laneAt(lane, n int) float64 { return math.Round((float64(lane)+0.5)/float64(n)*10000) / 100 }

// wire is the picture of one step between the lanes: an arrow, or a mark on one lane, with a label.
func wire(lanes []string, s *verdict.Step) template.HTML {
	from, to, label, lost := signalOf(s)
	a, b := slices.Index(lanes, from), slices.Index(lanes, to)
	at := func(lane int) float64 { return laneAt(lane, len(lanes)) }
	if a < 0 {
		return template.HTML(`<i class="all"></i>` + wireLabel(50, label))
	}
	if b < 0 {
		return template.HTML(fmt.Sprintf(`<i class="dot" style="left:%g%%"></i>`, at(a)) + wireLabel(at(a), label))
	}
	class, left, right := "to-right", at(a), at(b)
	if b < a {
		class, left, right = "to-left", right, left
	}
	if lost {
		class += " lost"
	}
	return template.HTML(fmt.Sprintf(`<i class="arrow %s" style="left:%g%%;width:%g%%"></i>`,
		class, left, math.Round((right-left)*100)/100) + wireLabel((left+right)/2, label))
}

// wireLabel is the label of a picture with its middle at a place, in percent, but inside the picture.
func wireLabel(at float64, label string) string {
	style := fmt.Sprintf("left:%g%%;transform:translateX(-50%%)", math.Round(at*100)/100)
	switch {
	case at < 10:
		style = "left:0"
	case at > 90:
		style = "right:0"
	}
	return `<b style="` + style + `">` + template.HTMLEscapeString(label) + `</b>`
}

// outage knows which brokers are down.
type outage map[string]bool

// downBrokers are those that are down in the state in which a trace begins.
func downBrokers(initial []verdict.Value) outage {
	o := outage{}
	for _, v := range initial {
		o.set(v.What, v.Value)
	}
	return o
}

// set takes the value of a part of the state.
func (o outage) set(what, value string) {
	if b, ok := strings.CutSuffix(what, ".role"); ok {
		o[b] = value == "down"
	}
}

// note takes what a step changed.
func (o outage) note(s *verdict.Step) {
	for _, c := range s.Changes {
		o.set(c.What, c.After)
	}
}

// lanes are the places of the lanes of brokers that are down before and after a step.
func (o outage) lanes(lanes []string, s *verdict.Step) []float64 {
	var list []float64
	for i, l := range lanes {
		crashes := slices.ContainsFunc(s.Changes, func(c verdict.Change) bool { return c.What == l+".role" })
		if o[l] && !crashes {
			list = append(list, laneAt(i, len(lanes)))
		}
	}
	return list
}
