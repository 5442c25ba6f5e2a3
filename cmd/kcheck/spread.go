package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/invariants/spread"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// spreadFlags are the flags of the commands whose work can be done elsewhere.
type spreadFlags struct {
	plan   bool
	gather []string
}

// add declares the flags.
func (f *spreadFlags) add(fs *pflag.FlagSet) {
	defer headed(fs, ofSearch)()
	fs.BoolVar(&f.plan, "plan", false, "write the independent parts of the work, one JSON object a line, instead of doing it; kcheck work does them. --timeout and --memory hold for each line")
	fs.StringArrayVar(&f.gather, "gather", nil, "take the result lines of kcheck work from `FILE`s, in any order, instead of doing the work; the rest of the command is as it was with --plan")
}

// results takes the files of result lines out of the arguments: after --gather they follow as arguments do, since a
// pattern of the shell stands for several.
func (f *spreadFlags) results(s streams, args []string) (rest []string, err error) {
	if f.plan && len(f.gather) > 0 {
		return nil, errors.New("--plan writes lines, --gather reads what came of them; use one at a time")
	}
	for _, arg := range args {
		if len(f.gather) > 0 && holdsResults(s, arg) {
			f.gather = append(f.gather, arg)
		} else {
			rest = append(rest, arg)
		}
	}
	return rest, nil
}

// holdsResults says whether an argument is a file of result lines; an empty file is one that has none.
func holdsResults(s streams, name string) bool {
	if info, err := os.Stat(name); err != nil || info.IsDir() {
		return false
	}
	data, err := s.files.result(name)
	first, _, _ := bytes.Cut(bytes.TrimSpace(data), []byte("\n"))
	return err == nil && (len(first) == 0 || bytes.HasPrefix(first, []byte(`{"kcheck":`)))
}

// spreading is a command whose work consists of units.
type spreading struct {
	analysis *analysis
	flags    *spreadFlags
	command  string
	units    []spread.Unit
}

// planned says that only a plan was asked for, and writes it.
func (w *spreading) planned() (bool, error) {
	if !w.flags.plan {
		return false, nil
	}
	plan, err := w.plan()
	if err != nil {
		return true, err
	}
	var b bytes.Buffer
	if err := plan.Write(&b); err != nil {
		return true, err
	}
	return true, w.analysis.writePlain(b.Bytes())
}

// plan makes the lines.
func (w *spreading) plan() (*spread.Planned, error) {
	l := &w.analysis.limits
	memory, err := parseMemory(l.memory)
	if err != nil {
		return nil, fmt.Errorf("--memory: %w", err)
	}
	return spread.Plan(w.command, w.units, spread.Limits{Timeout: l.timeout, Memory: memory, Seed: l.seed})
}

// gathered says that results are taken from files, and gives them. incomplete says that some are missing.
func (w *spreading) gathered() (answers []*spread.Answer, incomplete bool, err error) {
	s := w.analysis.streams
	plan, err := w.plan()
	if err != nil {
		return nil, false, err
	}
	var files []spread.File
	for _, name := range w.flags.gather {
		data, err := s.files.result(name)
		if err != nil {
			return nil, false, fmt.Errorf("--gather: %s: %s", name, plain(err))
		}
		files = append(files, spread.File{Name: name, Data: data})
	}
	g := plan.Gather(files)
	for _, p := range g.Problems {
		say(s.err, "%s:%d: %s", p.File, p.Line, p.Message)
	}
	for _, n := range slices.Sorted(mapKeys(g.Failed)) {
		say(s.err, "line %d of the plan has no answer: %s", n, g.Failed[n])
	}
	if n := len(g.Missing); n > 0 {
		say(s.err, "%d of %d lines of the plan have no result: %s", n, len(plan.Lines), numbers(g.Missing))
	}
	if len(g.Problems)+len(g.Failed) > 0 {
		return nil, false, status(verdict.ExitError)
	}
	return g.Answers, len(g.Missing) > 0, nil
}

// mapKeys are the keys of a map.
func mapKeys(m map[int]string) func(func(int) bool) {
	return func(yield func(int) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// maxNumbers is how many ranges of numbers are listed.
const maxNumbers = 20

// numbers writes ascending numbers, those that follow each other as a range: "1-3, 7".
func numbers(list []int) string {
	var ranges []string
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		text := fmt.Sprint(list[i])
		if j > i {
			text = fmt.Sprintf("%d-%d", list[i], list[j])
		}
		ranges = append(ranges, text)
		i = j + 1
	}
	if len(ranges) > maxNumbers {
		ranges = append(ranges[:maxNumbers], "…")
	}
	return strings.Join(ranges, ", ")
}

// answers does the units, or takes what others found out. incomplete says that some have no answer.
func (w *spreading) answers(ctx context.Context, o verdict.Options) (answers []*spread.Answer, incomplete bool, err error) {
	if len(w.flags.gather) > 0 {
		return w.gathered()
	}
	line := newProgress(w.analysis.streams.err)
	answers, err = spread.Run(ctx, w.units, o, line.showUnits)
	line.clearLine()
	return answers, false, err
}

// showUnits says how many of many small checks are done, and how long the others may take.
func (p *progress) showUnits(t spread.Progress) {
	p.say(fmt.Sprintf("%d of %s done, %s, about %s left", t.Done, plural(t.Units, "check"), t.Elapsed.Round(time.Second),
		t.Left().Round(time.Second)))
}

// workHelp is what "kcheck work --help" prints above the flags.
const workHelp = `Reads lines that kcheck matrix, resilience or fleet wrote with --plan from standard
input, does the work of each, and writes one result line for each to standard
output as soon as it is known, in the order of the input. A line that cannot be
read has a result line that says so. The lines are independent: any number of
kcheck work can share them, on any machines with the same kcheck.

Exit status: 0 every line has its answer; 2 a line could not be read or answered;
3 interrupted.`

// newWork is "kcheck work".
func newWork(s streams) *cobra.Command {
	var o verdict.Options
	var keep cacheFlags
	cmd := &cobra.Command{
		Use:   "work [flags]",
		Short: "do lines of work that --plan wrote",
		Long:  workHelp,
		Example: `  kcheck matrix my-spec.yaml --vary producer.acks=0,1,all --plan > plan.jsonl
  kcheck work < plan.jsonl > results.jsonl
  kcheck matrix my-spec.yaml --vary producer.acks=0,1,all --gather results.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Workers < 0 || o.Workers > 1024 {
				return fmt.Errorf("--workers: %d is not between 1 and 1024; 0 is all cores", o.Workers)
			}
			var err error
			if o.Cache, err = keep.open(s); err != nil {
				return err
			}
			return work(cmd.Context(), s, o)
		},
	}
	cmd.Flags().IntVar(&o.Workers, "workers", 0, "`N` goroutines that search (default all cores)")
	keep.add(cmd.Flags())
	return cmd
}

// work answers the lines of standard input.
func work(ctx context.Context, s streams, o verdict.Options) error {
	err := spread.Work(ctx, s.in(), s.out, o)
	switch {
	case errors.Is(err, spread.ErrLines):
		return status(verdict.ExitError)
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		say(s.err, "kcheck: interrupted; the lines that have no result are left to do")
		return status(verdict.ExitInconclusive)
	}
	return err
}

// in is the standard input.
func (s streams) in() io.Reader {
	if s.stdin != nil {
		return s.stdin
	}
	return os.Stdin
}
