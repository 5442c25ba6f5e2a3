package spread

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// Line is one line of a plan.
type Line struct {
	Kcheck string `json:"kcheck"` // the version of kcheck that wrote it
	Build  string `json:"build"`  // and its build, see [verdict.Build]
	// Command is what the line is a part of: matrix, resilience or fleet.
	Command string `json:"command"`
	// Number is the number of the line, from 1 to Of. Lines come the largest first: whoever takes the next line that is
	// left, or every n-th line, has about as much to do as the others.
	Number int `json:"line"`
	Of     int `json:"of"`
	// ID names everything else that is in the line.
	ID string `json:"id"`
	// Size estimates how many states the line explores, relative to others.
	Size   int    `json:"size"`
	Limits Limits `json:"limits"`
	Unit
}

// Limits hold for each line.
type Limits struct {
	Timeout time.Duration `json:"timeout,omitempty"` // in nanoseconds; 0 for none
	Memory  int64         `json:"memory,omitempty"`  // in bytes; 0 for the worker's own default
	Seed    uint64        `json:"seed,omitempty"`
}

// Planned are the lines of a command, and which of its units each of them is.
type Planned struct {
	Lines []Line
	unit  []int
}

// Plan makes a line of each unit, the largest first.
func Plan(command string, units []Unit, limits Limits) (*Planned, error) {
	p := &Planned{unit: make([]int, len(units))}
	sizes := make([]int, len(units))
	for i := range units {
		p.unit[i], sizes[i] = i, units[i].size()
	}
	slices.SortStableFunc(p.unit, func(a, b int) int { return cmp.Compare(sizes[b], sizes[a]) })
	for n, i := range p.unit {
		l := Line{Kcheck: verdict.Version, Build: verdict.Build(), Command: command, Number: n + 1, Of: len(units), Size: sizes[i],
			Limits: limits, Unit: units[i]}
		id, err := l.id()
		if err != nil {
			return nil, err
		}
		l.ID = id
		p.Lines = append(p.Lines, l)
	}
	return p, nil
}

// id names what is in the line.
func (l *Line) id() (string, error) {
	all := *l
	all.ID = ""
	data, err := json.Marshal(&all)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:24], nil
}

// Write writes the lines.
func (p *Planned) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	for i := range p.Lines {
		if err := writeLine(b, &p.Lines[i]); err != nil {
			return err
		}
	}
	return b.Flush()
}

// writeLine writes a value as one line of JSON.
func writeLine(w io.Writer, value any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(value)
}

// check says why this kcheck cannot do the line.
func (l *Line) check() error {
	switch {
	case l.Kcheck == "" || l.ID == "":
		return fmt.Errorf("is no line of kcheck --plan")
	case l.Kcheck != verdict.Version || l.Build != verdict.Build():
		return fmt.Errorf("was planned by kcheck %s; this is kcheck %s", versionOf(l.Kcheck, l.Build), versionOf(verdict.Version, verdict.Build()))
	}
	if id, err := l.id(); err != nil || id != l.ID {
		return fmt.Errorf("was changed after kcheck wrote it: its content does not have the name %s", l.ID)
	}
	return nil
}

// versionOf writes a version with its build.
func versionOf(version, build string) string { return version + " (" + build + ")" }
