package spread

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// MaxLine is the longest line that is read, in bytes.
const MaxLine = 64 << 20

// Result is what came of one line.
type Result struct {
	Kcheck string `json:"kcheck"`
	Build  string `json:"build"`
	// Number and ID are those of the line. Where it could not be read, Number is its place in the input.
	Number int    `json:"line"`
	ID     string `json:"id,omitempty"`
	// Error says why there is no answer.
	Error string `json:"error,omitempty"`
	Answer
}

// ErrLines says that there are lines without an answer.
var ErrLines = errors.New("not every line could be answered")

// Work answers the lines that it reads, one after the other, and writes a result line for each as soon as it is known.
// A line that cannot be read or answered has a result line that says why, and [ErrLines] is returned in the end. When ctx
// ends, the line at hand has no result, and the error is that of ctx.
func Work(ctx context.Context, r io.Reader, w io.Writer, o verdict.Options) error {
	failed := false
	lines, stop := read(ctx, r)
	defer stop()
	for number := 1; ; number++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case text, more := <-lines:
			switch {
			case !more:
				if failed {
					return ErrLines
				}
				return nil
			case text.err != nil:
				return text.err
			case len(bytes.TrimSpace(text.data)) == 0:
				continue
			}
			result := answer(ctx, number, text.data, o)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			failed = failed || result.Error != ""
			if err := writeLine(w, &result); err != nil {
				return err
			}
		}
	}
}

// input is a line, or why there are no more.
type input struct {
	data []byte
	err  error
}

// read reads lines in the background, so that waiting for one can be interrupted.
func read(ctx context.Context, r io.Reader) (lines <-chan input, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	out := make(chan input)
	go func() {
		defer close(out)
		scan := bufio.NewScanner(r)
		scan.Buffer(nil, MaxLine)
		for scan.Scan() {
			select {
			case out <- input{data: bytes.Clone(scan.Bytes())}:
			case <-ctx.Done():
				return
			}
		}
		if err := scan.Err(); err != nil {
			select {
			case out <- input{err: err}:
			case <-ctx.Done():
			}
		}
	}()
	return out, cancel
}

// answer answers one line.
func answer(ctx context.Context, number int, text []byte, o verdict.Options) Result {
	result := Result{Kcheck: verdict.Version, Build: verdict.Build(), Number: number}
	line, err := parse(text)
	if err != nil {
		result.Error = fmt.Sprintf("line %d %v", number, err)
		return result
	}
	result.Number, result.ID = line.Number, line.ID
	if result.Answer, err = line.answer(ctx, o); err != nil {
		result.Error = err.Error()
	}
	return result
}

// brokenJSON says what is wrong with a line, and where in it.
func brokenJSON(text []byte, err error) string {
	p := formats.JSONProblem("", text, err)
	message := p.Message
	if p.Key != "" {
		message = p.Key + ": " + message
	}
	if p.Column > 0 {
		message = fmt.Sprintf("column %d: %s", p.Column, message)
	}
	return message
}

// parse reads a line and says what is wrong with it.
func parse(text []byte) (line Line, err error) {
	if err := json.Unmarshal(text, &line); err != nil {
		return line, fmt.Errorf("is no line of kcheck --plan: %s", brokenJSON(text, err))
	}
	return line, line.check()
}

// answer does the work of the line within its limits.
func (l *Line) answer(ctx context.Context, o verdict.Options) (_ Answer, err error) {
	defer func() {
		if r := recover(); r != nil { // a line is input like any other: it may ask about what is no configuration
			err = fmt.Errorf("the question cannot be answered (%v); is the line as kcheck wrote it?", r)
		}
	}()
	if l.Limits.Timeout > 0 {
		limited, cancel := context.WithTimeout(ctx, l.Limits.Timeout)
		defer cancel()
		ctx = limited
	}
	memory, err := explore.LimitProcess(memoryOf(l.Limits.Memory))
	if err != nil {
		return Answer{}, fmt.Errorf("its memory limit: %w", err)
	}
	defer func() { _, _ = explore.LimitProcess(0) }()
	o.Memory, o.Seed, o.Progress = memory, l.Limits.Seed, nil
	return l.Unit.Answer(ctx, o)
}
