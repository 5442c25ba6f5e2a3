package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// analysis is what the commands that go beyond one verdict have in common: they read a question, look at it for a while
// and write one document.
type analysis struct {
	streams  streams
	question questionFlags
	limits   limitFlags
	cache    cacheFlags
	disk     diskFlags
	point    string // --checkpoint, which is refused
	form     formFlags
	brief    bool
}

// declare adds the common flags to those of the command itself. Flags are listed in the order in which they are added.
func (a *analysis) declare(cmd *cobra.Command, formats []string) {
	fs := cmd.Flags()
	fs.SortFlags = false
	a.question.add(fs)
	a.limits.add(fs)
	a.cache.add(fs)
	fs.BoolVar(&a.brief, "brief", false, "leave the steps of the counterexamples out of text and markdown")
	a.form.add(fs, formats)
}

// declareDisk adds --disk, for commands whose searches can be large. Who does the work of a plan says where it is done.
func (a *analysis) declareDisk(cmd *cobra.Command) {
	a.disk.add(cmd.Flags())
	for _, name := range []string{"plan", "gather"} {
		if cmd.Flags().Lookup(name) != nil {
			cmd.MarkFlagsMutuallyExclusive("disk", name)
		}
	}
	cmd.Flags().StringVar(&a.point, "checkpoint", "", "")
	_ = cmd.Flags().MarkHidden("checkpoint") // the flag is there
}

// refuse says which flags of "kcheck check" make no sense here, and what does.
func (a *analysis) refuse() error {
	if a.point != "" {
		return errors.New("--checkpoint is for kcheck check, which asks one question; this command asks many, and what is answered is kept with --cache")
	}
	return nil
}

// answer is what a command found out.
type answer struct {
	document   *report.Document
	problems   []verdict.Problem
	verdicts   []verdict.Verdict // that count for the exit status
	unfinished bool              // time, memory or a bound ran out
}

// run checks the common flags, has the answer found and writes it. What could not be read has no document, except in the
// json form, which lists the problems.
func (a *analysis) run(ctx context.Context, find func(context.Context, verdict.Options) (answer, error)) error {
	ctx, cancel, options, err := a.limits.start(ctx)
	defer cancel()
	if err != nil {
		return err
	}
	if err := a.form.check(a.streams); err != nil {
		return err
	}
	if err := a.refuse(); err != nil {
		return err
	}
	if options.Disk, err = a.disk.open(options, ""); err != nil {
		return err
	}
	if options.Cache, err = a.cache.open(a.streams); err != nil {
		return err
	}
	found, err := find(ctx, options)
	if err != nil {
		return err
	}
	failed := kafkaconf.Problems(found.problems).Failed()
	if found.document != nil && (!failed || a.form.format == "json") {
		if err := a.form.write(a.streams, found.document, report.Options{Brief: a.brief}); err != nil {
			return err
		}
	}
	switch {
	case failed || slices.Contains(found.verdicts, verdict.Refused):
		return status(verdict.ExitError)
	case found.unfinished || slices.Contains(found.verdicts, verdict.Inconclusive) || slices.Contains(found.verdicts, verdict.Vacuous):
		return status(verdict.ExitInconclusive)
	}
	return nil
}

// writePlain writes what has one form only to the file of --output, or to standard output.
func (a *analysis) writePlain(data []byte) error {
	if a.form.file != "" {
		return a.streams.files.write(a.form.file, data)
	}
	_, err := a.streams.out.Write(data)
	return err
}

// loaded is a question that could be read.
type loaded struct {
	request  kafkaconf.Request
	resolved *kafkaconf.Resolved
}

// spec is the name of the spec; empty for configuration files.
func (l *loaded) spec() string {
	if l.resolved.Spec {
		return l.resolved.File
	}
	return ""
}

// load reads every question that the arguments ask and says on standard error what is wrong with them.
func (q *questionFlags) load(ctx context.Context, s streams, command string, args []string) ([]loaded, []verdict.Problem, error) {
	if len(args) == 0 && !q.configures() {
		return nil, nil, fmt.Errorf("kcheck %s takes a spec or configuration files; write kcheck %s FILE", command, command)
	}
	requests, problems := q.requests(ctx, s, args)
	list, all := loadAll(requests)
	all = append(append([]verdict.Problem{}, problems...), all...)
	printProblems(s, all)
	return list, all, nil
}

// loadAll reads questions, and gives those that could be read with what is wrong with any.
func loadAll(requests []kafkaconf.Request) (list []loaded, all []verdict.Problem) {
	for _, request := range requests {
		resolved, err := kafkaconf.Load(request)
		problems := kafkaconf.ProblemsOf(resolved, err)
		all = append(all, problems...)
		if !problems.Failed() && resolved != nil {
			list = append(list, loaded{request, resolved})
		}
	}
	return list, all
}
