package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// writeDOT writes each trace as a graph for Graphviz: a state is a node, a step an edge, faults are bold and faint
// steps dotted. The nearest run that keeps the guarantee branches off where it does.
func writeDOT(w io.Writer, r *verdict.Report, _ Options) error {
	d := &dot{w: bufio.NewWriter(w)}
	d.line("digraph kcheck {")
	d.line("  rankdir=TB; node [shape=box, style=rounded, fontname=Helvetica]; edge [fontname=Helvetica];")
	for i := range r.Results {
		d.result(i, &r.Results[i])
	}
	d.line("}")
	return d.w.Flush()
}

// dot is a graph under way.
type dot struct{ w *bufio.Writer }

// line writes one line.
func (d *dot) line(format string, args ...any) { fmt.Fprintf(d.w, format+"\n", args...) }

// result writes one result as a cluster.
func (d *dot) result(i int, r *verdict.Result) {
	steps, ledger := withSteps(r)
	d.line("  subgraph cluster_%d {", i)
	title := strings.ToUpper(string(r.Verdict)) + " " + r.Guarantee
	if name := nameOf(r); name != "" {
		title += " " + name
	}
	d.line("    label=%s; labelloc=t;", dotText(append([]string{title, headlineOf(r)}, nonEmpty(standingText(r))...)...))
	d.line("    r%d_0 [label=%s];", i, dotText("start"))
	for n := range steps {
		s := &steps[n]
		style := ""
		if n == len(steps)-1 && r.Verdict == verdict.Violated {
			style = ", color=red, penwidth=2"
		}
		d.line("    r%d_%d [label=%s%s];", i, n+1, dotText(standing(ledger, s.N)...), style)
		d.edge(fmt.Sprintf("r%d_%d", i, n), fmt.Sprintf("r%d_%d", i, n+1), s, isFaint(r, s))
	}
	d.branch(i, r)
	d.line("  }")
}

// branch writes the nearest run that keeps the guarantee.
func (d *dot) branch(i int, r *verdict.Result) {
	if r.Branch == nil || r.Branch.Shared > len(r.Steps) || r.Branch.Shared < 0 {
		return
	}
	from := fmt.Sprintf("r%d_%d", i, r.Branch.Shared)
	for n := range r.Branch.Steps {
		to := fmt.Sprintf("r%d_good_%d", i, n+1)
		label, style := "", ""
		if n == len(r.Branch.Steps)-1 {
			label, style = "ends well", ", color=darkgreen, penwidth=2"
		}
		d.line("    %s [label=%s%s];", to, dotText(label), style)
		d.edge(from, to, &r.Branch.Steps[n], false)
		from = to
	}
}

// edge writes one step.
func (d *dot) edge(from, to string, s *verdict.Step, faint bool) {
	style := ""
	switch {
	case s.Fault:
		style = ", color=red, fontcolor=red, style=bold"
	case faint:
		style = ", style=dotted, fontcolor=gray35"
	}
	text := fmt.Sprintf("%d. %s", s.N, toldText(s))
	if s.Fault {
		text = fmt.Sprintf("%d. FAULT %s: %s", s.N, s.Kind, toldText(s))
	}
	d.line("    %s -> %s [label=%s%s];", from, to, dotText(text), style)
}

// standing says where each message stands after a step, a line each.
func standing(l *verdict.Ledger, step int) []string {
	if l == nil {
		return []string{fmt.Sprintf("after step %d", step)}
	}
	var lines []string
	for _, row := range l.Rows {
		var now []string
		for i, c := range l.Columns {
			if i >= len(row.Cells) {
				break
			}
			switch v := verdict.At(row.Cells[i], step); v {
			case "":
			case "yes":
				now = append(now, c.Title)
			default:
				now = append(now, c.Title+" "+v)
			}
		}
		lines = append(lines, row.Message+": "+cmp.Or(strings.Join(now, ", "), "not sent"))
	}
	return lines
}

// dotText is a quoted label of some lines.
func dotText(lines ...string) string {
	for i, l := range lines {
		l = printable(strings.Join(strings.Fields(l), " "))
		lines[i] = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(l)
	}
	return `"` + strings.Join(lines, `\n`) + `"`
}

// nonEmpty is a text as a list, without an empty one.
func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
