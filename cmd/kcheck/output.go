package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// formFlags are the flags that say in which form and where a document goes.
type formFlags struct {
	format, file string
	known        []string
}

// add declares the flags.
func (f *formFlags) add(fs *pflag.FlagSet, known []string) {
	defer headed(fs, ofResult)()
	f.known = known
	fs.StringVar(&f.format, "format", "text", "`"+strings.Join(known, "|")+"`: form of the result")
	fs.StringVar(&f.file, "output", "", "write the result to `FILE` (default standard output)")
}

// check refuses a form that does not exist, or a file that cannot be written, before any work is done.
func (f *formFlags) check(s streams) error {
	if !slices.Contains(f.known, f.format) {
		return fmt.Errorf("--format: %w", unknown("format", f.format, f.known))
	}
	if f.file == "" {
		return nil
	}
	if err := checkWritable(f.file); err != nil {
		return fmt.Errorf("--output: %s: %s", f.file, plain(err))
	}
	s.files.output = f.file
	return nil
}

// write writes a document in the form that was asked for, in one piece. Nothing is written when that fails.
func (f *formFlags) write(s streams, d *report.Document, o report.Options) error {
	if f.file == "" {
		seen := screen(s.out)
		o.Width, o.Color = seen.Width, seen.Color
	}
	var b bytes.Buffer
	if err := d.Write(&b, f.format, o); err != nil {
		return err
	}
	if f.file == "" {
		_, err := s.out.Write(b.Bytes())
		return err
	}
	return s.files.write(f.file, b.Bytes())
}

// say writes one line in which anything may stand that others wrote: no character moves the cursor, and GitHub Actions
// takes no line for a command.
func say(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, report.Harmless(formats.OneLine(fmt.Sprintf(format, args...))))
}

// screen says what the reader's end can show: the width of a terminal and colour there, 80 columns elsewhere.
func screen(w io.Writer) report.Options {
	o := report.Options{Width: 80}
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
