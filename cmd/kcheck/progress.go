package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kcheck/kcheck/explore"
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
}

// newProgress starts a progress line that shows nothing yet.
func newProgress(w io.Writer) *progress {
	return &progress{w: w, terminal: isTerminal(w), last: time.Now()}
}

// show says how far a search is.
func (p *progress) show(label string, e explore.Progress) {
	if e.Tracing {
		label += ": violated, finding the steps"
	}
	p.say(fmt.Sprintf("%s: %d states, %d queued, depth %d, %s, %s, %s", label, e.Distinct, e.Queued, e.Depth,
		plural(e.Faults, "fault"), mebibytes(e.Bytes), e.Elapsed.Round(time.Second)) + left(e))
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
	if limit := screen(p.w).Width - 1; len(line) > limit {
		line = line[len(line)-limit:]
	}
	fmt.Fprintf(p.w, "\r%s%s", line, strings.Repeat(" ", max(p.width-len(line), 0)))
	p.width = len(line)
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
