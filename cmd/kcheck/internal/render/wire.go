package render

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// The pictures of the steps on the page.

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
