package reproduce

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
)

// width is the width of the text form in columns.
const width = 80

// Report is what kcheck reproduce found out: the document of --format json.
type Report struct {
	Kcheck string    `json:"kcheck"`
	Kafka  string    `json:"kafka"`
	Played []*Played `json:"reproduced"`
}

// Exit is the exit status: 0 everything was reproduced, 1 something was not, 3 something cannot be forced.
func (r *Report) Exit() int {
	code := 0
	for _, p := range r.Played {
		switch p.Result {
		case NotReproduced:
			return 1
		case Unforceable:
			code = 3
		}
	}
	return code
}

// Text writes the report for a terminal.
func (r *Report) Text(w io.Writer) error {
	out := bufio.NewWriter(w)
	for i, p := range r.Played {
		if i > 0 {
			fmt.Fprintln(out)
		}
		p.text(out)
	}
	return out.Flush()
}

func (p *Played) text(w io.Writer) {
	fmt.Fprintf(w, "%s  %s  %s\n\n", strings.ToUpper(string(p.Result)), p.Guarantee, p.Spec)
	fmt.Fprintln(w, wrap.Indent(2, 12, "model     "+p.Verdict+": "+p.Reason, width))
	fmt.Fprintln(w, wrap.Indent(2, 12, fmt.Sprintf("cluster   Apache Kafka %s, played in %.0f s", p.Kafka, p.Seconds), width))
	if p.Saw != "" {
		fmt.Fprintln(w, wrap.Indent(2, 12, "seen      "+p.Saw, width))
	}
	if p.Why != "" {
		why := p.Why
		if p.Step > 0 {
			why = fmt.Sprintf("step %d: %s", p.Step, why)
		}
		fmt.Fprintln(w, wrap.Indent(2, 12, "why       "+why, width))
	}
	for _, n := range p.Notes {
		fmt.Fprintln(w, wrap.Indent(2, 12, "note      "+n, width))
	}
	if len(p.Steps) == 0 {
		return
	}
	fmt.Fprintln(w, "\nSteps, and what the brokers logged meanwhile")
	for _, s := range p.Steps {
		mark := " "
		if s.Fault {
			mark = "!"
		}
		fmt.Fprintln(w, wrap.Indent(1, 7, fmt.Sprintf("%3d %s %s", s.N, mark, s.Text), width))
		for _, l := range s.Log {
			fmt.Fprintln(w, wrap.Indent(7, 11, l.Node+" | "+l.Line, width))
		}
	}
}

// Table writes one row for each result that was played: what specs/reproduced.md has.
func (r *Report) Table(w io.Writer, day string) error {
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, "| scenario | guarantee | Kafka | model | on the cluster | runs | what was seen | date |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|")
	for i := 0; i < len(r.Played); {
		p, n, good := r.Played[i], 0, 0
		for ; i < len(r.Played) && r.Played[i].Spec == p.Spec && r.Played[i].Guarantee == p.Guarantee; i++ {
			n++
			if r.Played[i].Result == Reproduced {
				good++
			} else {
				p = r.Played[i]
			}
		}
		saw := p.Saw
		if p.Result != Reproduced {
			saw = p.Why
			if p.Step > 0 {
				saw = fmt.Sprintf("step %d: %s", p.Step, saw)
			}
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %d of %d | %s | %s |\n", p.Spec, p.Guarantee, p.Kafka, p.Verdict, p.Result,
			good, n, strings.ReplaceAll(saw, "|", "/"), day)
	}
	return out.Flush()
}
