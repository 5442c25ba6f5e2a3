package spread

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// Gathered is what result lines come to.
type Gathered struct {
	// Answers are those of the units, in their order; nil where there is none.
	Answers []*Answer
	// Missing are the numbers of the lines without a result.
	Missing []int
	// Failed are the lines whose only results are errors, by their numbers.
	Failed map[int]string
	// Problems say which result lines are refused, and why: they are of another question or another kcheck, they cannot be
	// read, or they contradict each other.
	Problems []Problem
}

// Problem is what is wrong with a result line.
type Problem struct {
	File    string
	Line    int // of the file
	Message string
}

// File is a file of result lines.
type File struct {
	Name string
	Data []byte
}

// Gather puts the results together: they may come in any order, several times, or not at all.
func (p *Planned) Gather(files []File) *Gathered {
	g := &gathering{planned: p, out: &Gathered{Answers: make([]*Answer, len(p.Lines)), Failed: map[int]string{}}, from: map[int]string{}}
	for _, f := range files {
		g.read(f)
	}
	for i, unit := range p.unit {
		n := i + 1
		switch {
		case g.out.Answers[unit] != nil:
			delete(g.out.Failed, n)
		case g.out.Failed[n] == "":
			g.out.Missing = append(g.out.Missing, n)
		}
	}
	return g.out
}

// gathering reads result lines.
type gathering struct {
	planned *Planned
	out     *Gathered
	from    map[int]string // where the answer of a line comes from, "results.jsonl:3"
}

// read reads one file.
func (g *gathering) read(f File) {
	scan := bufio.NewScanner(bytes.NewReader(f.Data))
	scan.Buffer(nil, MaxLine)
	at := 0
	for scan.Scan() {
		at++
		if len(bytes.TrimSpace(scan.Bytes())) == 0 {
			continue
		}
		if err := g.take(f.Name, at, scan.Bytes()); err != nil {
			g.out.Problems = append(g.out.Problems, Problem{f.Name, at, err.Error()})
		}
	}
	if err := scan.Err(); err != nil {
		g.out.Problems = append(g.out.Problems, Problem{f.Name, at + 1, "cannot be read: " + err.Error()})
	}
}

// take takes one result and says why it cannot.
func (g *gathering) take(file string, at int, text []byte) error {
	var r Result
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("is no result line of kcheck work: %s", brokenJSON(text, err))
	}
	switch {
	case r.Kcheck == "" || r.Number == 0:
		return fmt.Errorf("is no result line of kcheck work")
	case r.Kcheck != verdict.Version || r.Build != verdict.Build():
		return fmt.Errorf("is a result of kcheck %s; this is kcheck %s: do line %d again with it",
			versionOf(r.Kcheck, r.Build), versionOf(verdict.Version, verdict.Build()), r.Number)
	case r.ID == "":
		return fmt.Errorf("says that a worker could not read its input: %s", r.Error)
	case r.Number < 1 || r.Number > len(g.planned.Lines) || g.planned.Lines[r.Number-1].ID != r.ID:
		return fmt.Errorf("is a result for another question (line %d, %s); give --gather the command that wrote the plan", r.Number, r.ID)
	case r.Error != "":
		g.out.Failed[r.Number] = r.Error
		return nil
	}
	return g.keep(file, at, &r)
}

// keep keeps the answer, unless there is another one already.
func (g *gathering) keep(file string, at int, r *Result) error {
	unit := g.planned.unit[r.Number-1]
	if err := g.planned.Lines[r.Number-1].fits(&r.Answer); err != nil {
		return err
	}
	here := fmt.Sprintf("%s:%d", file, at)
	if known := g.out.Answers[unit]; known != nil {
		if !reflect.DeepEqual(known.sameBut(), r.Answer.sameBut()) {
			return fmt.Errorf("has another result for line %d than %s; one of them is wrong, or was cut short: do the line again", r.Number, g.from[r.Number])
		}
		return nil
	}
	g.out.Answers[unit], g.from[r.Number] = &r.Answer, here
	return nil
}
