package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/render"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// write renders a report to where the flags say. Nothing is written when rendering fails.
func (o *outputFlags) write(s streams, report *verdict.Report) error {
	form, err := render.Lookup(o.format)
	if err != nil {
		return fmt.Errorf("--format: %w", err)
	}
	if o.file == "" {
		return buffered(s.out, form, report, screen(s.out))
	}
	var b bytes.Buffer
	if err := form.Write(&b, report, render.Options{}); err != nil {
		return err
	}
	if err := os.WriteFile(o.file, b.Bytes(), 0o666); err != nil {
		return fmt.Errorf("--output: %s: %s", o.file, plain(err))
	}
	return nil
}

// buffered writes a report in one piece.
func buffered(w io.Writer, form render.Renderer, report *verdict.Report, o render.Options) error {
	var b bytes.Buffer
	if err := form.Write(&b, report, o); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// check refuses a form that does not exist, or a file that cannot be written, before any work is done.
func (o *outputFlags) check() error {
	if _, err := render.Lookup(o.format); err != nil {
		return fmt.Errorf("--format: %w", err)
	}
	if o.file == "" {
		return nil
	}
	f, err := os.OpenFile(o.file, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return fmt.Errorf("--output: %s: %s", o.file, plain(err))
	}
	return f.Close()
}

// screen says what the reader's end can show: the width of a terminal and colour there, 80 columns elsewhere.
func screen(w io.Writer) render.Options {
	o := render.Options{Width: 80}
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return o
	}
	if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
		o.Width = min(max(width, 40), 100)
	}
	o.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return o
}

// isTerminal says whether a stream is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
