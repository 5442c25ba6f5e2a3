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
	violated []string // guarantees that are known to be violated
}

// newProgress starts a progress line that shows nothing yet.
func newProgress(w io.Writer) *progress {
	return &progress{w: w, terminal: isTerminal(w), last: time.Now(), begin: time.Now(), now: time.Now}
}

// show says how far a search is: of which question, how long everything has taken so far, up to how many faults nothing was
// found, what is known to be violated.
func (p *progress) show(label string, e explore.Progress) {
	parts := []string{label}
	switch {
	case e.Tracing:
		parts = append(parts, "violated, finding the steps")
	case e.Faults > 0:
		parts = append(parts, "no violation with fewer than "+plural(e.Faults, "fault"))
	}
	parts = append(parts, plural(int(e.Distinct), "state"), "depth "+fmt.Sprint(e.Depth), mebibytes(e.Bytes))
	if len(p.violated) > 0 {
		parts = append(parts, "VIOLATED so far: "+strings.Join(p.violated, ", "))
	}
	p.say(strings.Join(append(parts, p.now().Sub(p.begin).Round(time.Second).String()+left(e)), "; "))
}

// early notes what the runs with few faults show of a question.
func (p *progress) early(q *verdict.Question, r *verdict.Result) {
	if r.Verdict == verdict.Violated && !q.Informational {
		p.note(r)
	}
}

// found notes a verdict before it is explained.
func (p *progress) found(r *verdict.Result) {
	if r.Verdict == verdict.Violated && !r.Informational {
		p.note(r)
	}
	p.say(r.Guarantee + ": " + string(r.Verdict) + "; looking for what it rests on, or a cause and a fix")
}

// note shows a violation at once, and remembers it.
func (p *progress) note(r *verdict.Result) {
	name := r.Guarantee
	if r.Spec != "" {
		name += " of " + r.Spec
	}
	if slices.Contains(p.violated, name) {
		return
	}
	p.violated = append(p.violated, name)
	if p.terminal {
		p.clear()
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

// clear removes the line from the terminal.
func (p *progress) clear() {
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
