package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// quietTime is how often a progress line appears where it cannot be rewritten.
const quietTime = 10 * time.Second

// progress shows how far a search is: one line that is rewritten on a terminal, a plain line now and then elsewhere.
type progress struct {
	w        io.Writer
	terminal bool
	width    int // columns of the line that stands on the terminal
	last     time.Time
	begin    time.Time
	now      func() time.Time
	violated []string       // guarantees that are known to be violated
	clear    map[string]int // of a guarantee, how many faults no run with fewer violates it
	open     []string       // guarantees of clear without a verdict, in the order in which they were told
}

// newProgress starts a progress line that shows nothing yet.
func newProgress(w io.Writer) *progress {
	return &progress{w: w, terminal: isTerminal(w), last: time.Now(), begin: time.Now(), now: time.Now, clear: map[string]int{}}
}

// showQuestion is show for a search about one question: up to how many faults it is known to hold grows, and that of the
// questions whose turn comes later is not forgotten.
func (p *progress) showQuestion(label string, q *verdict.Question, e explore.Progress) {
	name := nameOf(q.Guarantee, q.Spec)
	p.grow(name, e.Clear)
	e.Clear = p.clear[name]
	p.show(label, e, p.others(name)...)
}

// show says how far a search is: of which question, how long everything has taken so far, up to how many faults the guarantee
// holds, what is known of others.
func (p *progress) show(label string, e explore.Progress, more ...string) {
	parts := []string{label}
	switch {
	case e.Tracing:
		parts = append(parts, "violated, finding the steps")
	case e.Clear > 0:
		parts = append(parts, holdsUpTo(e.Clear-1)+" so far")
	}
	if len(p.violated) > 0 {
		parts = append(parts, "VIOLATED: "+strings.Join(p.violated, ", "))
	}
	less := append([]string{"now " + plural(e.Faults, "fault"), plural(int(e.Distinct), "state")}, append(more, mebibytes(e.Bytes))...)
	p.say(p.fit(parts, less, p.now().Sub(p.begin).Round(time.Second).String()+left(e)))
}

// fit joins the parts of a line. On a terminal, of those that matter less the last ones are left out until it fits.
func (p *progress) fit(parts, less []string, end string) string {
	for n := len(less); ; n-- {
		line := strings.Join(slices.Concat(parts, less[:n], []string{end}), "; ")
		if n == 0 || !p.terminal || len(line) < screen(p.w).Width {
			return line
		}
	}
}

// holdsUpTo says up to how many faults a guarantee holds.
func holdsUpTo(faults int) string {
	if faults == 0 {
		return "holds without a fault"
	}
	return "holds up to " + plural(faults, "fault")
}

// others says of the guarantees without a verdict, but one, up to how many faults they hold.
func (p *progress) others(but string) []string {
	var list []string
	for _, name := range p.open {
		if n := p.clear[name]; name != but && n > 0 && !slices.Contains(p.violated, name) {
			list = append(list, name+" "+holdsUpTo(n-1)+" so far")
		}
	}
	return list
}

// grow notes that no run with fewer faults violates a guarantee.
func (p *progress) grow(name string, faults int) {
	if !slices.Contains(p.open, name) {
		p.open = append(p.open, name)
	}
	p.clear[name] = max(p.clear[name], faults)
}

// early notes what a short look at runs with few faults shows of a question.
func (p *progress) early(q *verdict.Question, r *verdict.Result) {
	switch {
	case r.Verdict != verdict.Violated:
		p.grow(nameOf(q.Guarantee, q.Spec), r.UpTo()+1)
	case !q.Informational:
		p.note(r)
	}
}

// found notes a verdict before it is explained.
func (p *progress) found(r *verdict.Result) {
	if r.Verdict == verdict.Violated && !r.Informational {
		p.note(r)
	}
	name := nameOf(r.Guarantee, r.Spec)
	p.open = slices.DeleteFunc(p.open, func(other string) bool { return other == name })
	p.say(r.Guarantee + ": " + string(r.Verdict) + "; looking for what it rests on, or a cause and a fix")
}

// nameOf names a guarantee of a spec.
func nameOf(guarantee, spec string) string {
	if spec == "" {
		return guarantee
	}
	return guarantee + " of " + spec
}

// note shows a violation at once, and remembers it. Where lines cannot be rewritten, that is left to the next line until
// the work has taken a while: the answer itself mostly comes before.
func (p *progress) note(r *verdict.Result) {
	name := nameOf(r.Guarantee, r.Spec)
	if slices.Contains(p.violated, name) {
		return
	}
	p.violated = append(p.violated, name)
	if p.terminal || p.now().Sub(p.begin) >= quietTime {
		p.clearLine()
		say(p.w, "%s is violated with %s: %s", name, verdict.FaultSet(r.Faults), r.Reason)
	}
}

// say shows a line: at once on a terminal, and elsewhere where none has appeared for a while.
func (p *progress) say(line string) {
	line = formats.OneLine(line)
	if p.terminal {
		p.rewrite(line)
		return
	}
	if now := time.Now(); now.Sub(p.last) >= quietTime {
		p.last = now
		say(p.w, "%s", line)
	}
}

// left estimates the time that runs with this number of faults still take; nothing where that cannot be said.
func left(e explore.Progress) string {
	if e.Left == 0 || e.Distinct == 0 {
		return ""
	}
	more := time.Duration(float64(e.Elapsed) * float64(e.Left) / float64(e.Distinct))
	return fmt.Sprintf(", about %s more with %s", more.Round(time.Second), plural(e.Faults, "fault"))
}

// rewrite replaces the line on the terminal, cut to its width so that it stays one line.
func (p *progress) rewrite(line string) {
	line = cutMiddle(line, screen(p.w).Width-1)
	fmt.Fprintf(p.w, "\r%s%s", line, strings.Repeat(" ", max(p.width-len(line), 0)))
	p.width = len(line)
}

// cutMiddle shortens a line to so many characters: what is being done and how long it takes stand at its ends.
func cutMiddle(line string, limit int) string {
	if len(line) <= limit {
		return line
	}
	const mark = " .. "
	tail := (limit - len(mark)) / 2
	return line[:limit-len(mark)-tail] + mark + line[len(line)-tail:]
}

// clearLine removes the line from the terminal.
func (p *progress) clearLine() {
	if p.width > 0 {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", p.width))
		p.width = 0
	}
}

// plural writes a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// mebibytes writes an amount of memory.
func mebibytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }
