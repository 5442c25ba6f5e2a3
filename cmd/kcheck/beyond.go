package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// limitFlags are the flags of a search that is breadth first in any case.
type limitFlags struct {
	memory  string
	seed    uint64
	workers int
	timeout time.Duration
}

// add declares the flags.
func (l *limitFlags) add(fs *pflag.FlagSet) {
	fs.Uint64Var(&l.seed, "seed", 0, "`N` selects the hash function")
	fs.IntVar(&l.workers, "workers", 0, "`N` goroutines that search (default all cores)")
	fs.StringVar(&l.memory, "memory", "", "memory limit, such as `4GiB` (default 3/4 of memory)")
	fs.DurationVar(&l.timeout, "timeout", 0, "time limit, such as `2m` (default none); what is known by then is shown")
}

// start checks the flags and starts the clock.
func (l *limitFlags) start(ctx context.Context) (context.Context, context.CancelFunc, verdict.Options, error) {
	s := searchFlags{strategy: "bfs", memory: l.memory, seed: l.seed, workers: l.workers, timeout: l.timeout}
	o, err := s.options()
	if err != nil {
		return ctx, func() {}, o, err
	}
	limitMemory(o.Memory)
	if l.timeout > 0 {
		ctx, cancel := context.WithTimeout(ctx, l.timeout)
		return ctx, cancel, o, nil
	}
	return ctx, func() {}, o, nil
}

// form is one form of a document.
type form struct {
	name  string
	write func(w io.Writer) error
}

// formFlags are the flags that say in which form and where a document goes.
type formFlags struct {
	format, file string
	known        []string
}

// add declares the flags.
func (f *formFlags) add(fs *pflag.FlagSet, known ...string) {
	f.known = known
	fs.StringVar(&f.format, "format", "text", "form of the result: `"+strings.Join(known, "|")+"`")
	fs.StringVar(&f.file, "output", "", "write the result to `FILE` (default standard output)")
}

// check refuses a form that does not exist, or a file that cannot be written, before any work is done.
func (f *formFlags) check() error {
	if !slices.Contains(f.known, f.format) {
		return fmt.Errorf("--format: %w", unknown("format", f.format, f.known))
	}
	o := outputFlags{format: "text", file: f.file}
	return o.check()
}

// write writes the document in the form that was asked for, in one piece.
func (f *formFlags) write(s streams, forms ...form) error {
	var b bytes.Buffer
	for _, form := range forms {
		if form.name != f.format {
			continue
		}
		if err := form.write(&b); err != nil {
			return err
		}
	}
	if f.file == "" {
		_, err := s.out.Write(b.Bytes())
		return err
	}
	if err := os.WriteFile(f.file, b.Bytes(), 0o666); err != nil {
		return fmt.Errorf("--output: %s: %s", f.file, plain(err))
	}
	return nil
}

// answers says whether there is anything to write: what could not be read has no result, and only the json form lists
// the problems.
func (f *formFlags) answers(problems []verdict.Problem) bool {
	return f.format == "json" || !kafkaconf.Problems(problems).Failed()
}

// loaded is a question that could be read.
type loaded struct {
	request  kafkaconf.Request
	resolved *kafkaconf.Resolved
}

// load reads every question that the arguments ask and says on standard error what is wrong with them.
func (q *questionFlags) load(ctx context.Context, s streams, command string, args []string) ([]loaded, []verdict.Problem, error) {
	if len(args) == 0 && !q.configures() {
		return nil, nil, fmt.Errorf("kcheck %s takes a spec or configuration files; write kcheck %s FILE", command, command)
	}
	requests, problems := q.requests(ctx, args)
	all := append([]verdict.Problem{}, problems...)
	var list []loaded
	for _, request := range requests {
		resolved, problems := kafkaconf.Load(request)
		all = append(all, problems...)
		if !problems.Failed() && resolved != nil {
			list = append(list, loaded{request, resolved})
		}
	}
	printProblems(s, all)
	return list, all, nil
}

// beyondExit is the exit status for verdicts that answered, or did not: 2 where nothing could be asked, 3 where time,
// memory or a bound ran out or nothing was put to the test.
func beyondExit(problems []verdict.Problem, unfinished bool, verdicts ...verdict.Verdict) error {
	switch {
	case kafkaconf.Problems(problems).Failed() || slices.Contains(verdicts, verdict.Refused):
		return status(verdict.ExitError)
	case unfinished || slices.Contains(verdicts, verdict.Inconclusive) || slices.Contains(verdicts, verdict.Vacuous):
		return status(verdict.ExitInconclusive)
	}
	return nil
}
