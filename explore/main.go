package explore

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"
)

// Main checks a model as a program of its own, whose main function is nothing
// but a call of it: it reads flags, shows progress, stops at Ctrl-C with what
// is known by then, prints the verdict, the counterexamples and the transitions
// that never fired, and exits. The exit status is 0 if the properties hold, 1
// if one is violated, 2 after an error, and 3 if nothing was decided: the check
// is incomplete or vacuous.
//
// The options in spec are the defaults of the flags; -help lists them.
func Main[S comparable](spec Spec[S]) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	status := Run(ctx, spec, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// Run does what Main does, with arguments and writers instead of those of the
// process, and returns the exit status.
func Run[S comparable](ctx context.Context, spec Spec[S], args []string, stdout, stderr io.Writer) int {
	timeout, err := parseFlags(&spec, args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	spec.Coverage = true
	if spec.Progress == nil {
		spec.Progress = func(p Progress) { fmt.Fprintln(stderr, p) }
	}
	r, err := Check(ctx, spec)
	if err != nil {
		fmt.Fprintln(stderr, "error:", err)
		return 2
	}
	r.write(stdout, &spec)
	switch r.Verdict() {
	case VerdictHolds, VerdictUnwitnessed:
		return 0
	case VerdictViolated:
		return 1
	}
	return 3
}

var strategies = map[string]Strategy{"bfs": BFS, "dfs": DFS, "simulate": Simulate}

// parseFlags sets the options of spec by flags.
func parseFlags[S comparable](spec *Spec[S], args []string, stderr io.Writer) (timeout time.Duration, err error) {
	f := flag.NewFlagSet("explore", flag.ContinueOnError)
	f.SetOutput(stderr)
	o := &spec.Options
	f.IntVar(&o.Workers, "workers", o.Workers, "number of goroutines; 0: one for each processor")
	f.Func("memory", "most memory to use, such as 512MiB or 4GiB", func(s string) error {
		n, err := parseBytes(s)
		o.Memory = n
		return err
	})
	f.Func("faults", "how many faults of each kind may occur, such as 1,0,any", func(s string) error {
		o.Budget = nil
		for part := range strings.SplitSeq(s, ",") {
			if strings.TrimSpace(part) == "any" {
				o.Budget = append(o.Budget, Any)
				continue
			}
			n, err := strconv.Atoi(strings.TrimSpace(part))
			if err != nil {
				return fmt.Errorf("%q is no number", part)
			}
			o.Budget = append(o.Budget, n)
		}
		return nil
	})
	f.IntVar(&o.MaxFaults, "max-faults", o.MaxFaults, "most faults in all; 0: no limit but -faults")
	f.IntVar(&o.MaxDepth, "max-depth", o.MaxDepth, "most steps; 0: no limit")
	f.Uint64Var(&o.Seed, "seed", o.Seed, "seed of the hash function and of random walks")
	f.BoolVar(&o.Exact, "exact", o.Exact, "store whole states instead of fingerprints")
	f.BoolVar(&o.Dominance, "dominance", o.Dominance, "do not explore a state again that was reached with fewer faults")
	f.BoolVar(&o.NoSymmetry, "no-symmetry", o.NoSymmetry, "do not make states canonical")
	f.BoolVar(&o.Exhaust, "exhaust", o.Exhaust, "go on after a violation, and print all minimal ones")
	f.IntVar(&o.Walks.Count, "walks", o.Walks.Count, "number of random walks of -strategy simulate; 0: 1000")
	f.IntVar(&o.Walks.Length, "walk-length", o.Walks.Length, "most steps of a random walk; 0: 1000")
	f.Func("strategy", "bfs, dfs or simulate (default bfs)", func(s string) error {
		var ok bool
		if o.Strategy, ok = strategies[s]; !ok {
			return errors.New("use bfs, dfs or simulate")
		}
		return nil
	})
	f.Func("checkpoint", "folder in which the check writes down how far it is, every ten minutes and at Ctrl-C, and from which it goes on", func(s string) error {
		o.Checkpoint = &Checkpoint{Dir: s, Failed: func(err error) { fmt.Fprintln(stderr, "warning:", err) }}
		return nil
	})
	f.Func("disk", "folder for what does not fit into the memory", func(s string) error {
		o.Disk = &Disk{Dir: s}
		return nil
	})
	f.DurationVar(&timeout, "timeout", 0, "most time to take, such as 90s; 0: no limit")
	if err := f.Parse(args); err != nil {
		return 0, err
	}
	if f.NArg() > 0 {
		err := fmt.Errorf("unexpected argument %q", f.Arg(0))
		fmt.Fprintln(stderr, err)
		return 0, err
	}
	return timeout, nil
}

// parseBytes reads a number of bytes with a binary unit.
func parseBytes(s string) (int64, error) {
	number, shift := s, 0
	for i, unit := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if n, ok := strings.CutSuffix(s, unit); ok {
			number, shift = n, 10*(i+1)
		}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
	if err != nil || n <= 0 || n > 1<<62>>shift {
		return 0, fmt.Errorf("%q is no amount of memory; write it as 512MiB or 4GiB", s)
	}
	return n << shift, nil
}

// String describes the progress in one line.
func (p Progress) String() string {
	s := ""
	if p.Tracing {
		s = "searching the trace: "
	}
	s += fmt.Sprintf("%d states, %d transitions, faults %d, depth %d, %d MiB, %s", p.Distinct, p.Generated, p.Faults, p.Depth,
		p.Bytes>>20, p.Elapsed.Round(time.Second))
	if left := p.Remaining(); left > 0 {
		s += fmt.Sprintf(", about %s left", left.Round(time.Second))
	}
	return s
}

// write prints the result.
func (r *Result[S]) write(w io.Writer, spec *Spec[S]) {
	fmt.Fprintf(w, "%s", r.Verdict())
	if !r.Complete && r.Violation == nil {
		fmt.Fprintf(w, " (%s)", r.Stopped)
	}
	symmetry := ""
	if r.Symmetry {
		symmetry = " up to symmetry"
	}
	fmt.Fprintf(w, ": %d states%s, %d transitions, depth %d, %.1fs\n", r.Stats.Distinct, symmetry, r.Stats.Generated, r.Stats.Depth, r.Stats.Duration.Seconds())
	if r.Verdict() == VerdictIncomplete && r.CompleteDepth >= 0 {
		if r.CompleteFaults >= 0 {
			fmt.Fprintf(w, "complete up to %d faults, and with %d up to depth %d\n", r.CompleteFaults, r.CompleteFaults+1, r.CompleteDepth)
		} else {
			fmt.Fprintf(w, "complete without faults up to depth %d\n", r.CompleteDepth)
		}
	}
	for i, reached := range r.Witnesses {
		if !reached {
			fmt.Fprintf(w, "the witness %q was not reached\n", spec.Witnesses[i].Name)
		}
	}
	if r.Verdict() == VerdictUnwitnessed {
		fmt.Fprintln(w, "no witness was asked for: nothing shows that the properties could have been violated")
	}
	for _, v := range r.Violations {
		fmt.Fprintf(w, "\n%s", v)
	}
	never := r.NeverFired()
	for i, name := range Table(spec.Model.Transitions()).Names(never) {
		if i == 0 {
			fmt.Fprintf(w, "\n%d transitions never fired:\n", len(never))
		}
		fmt.Fprintf(w, "  %s\n", name)
	}
}

// String tells the violation: the property, and the counterexample step by step.
func (v *Violation[S]) String() string {
	s := fmt.Sprintf("the property %q is violated after %d steps", v.Property, v.Steps)
	faults := 0
	for _, n := range v.Faults {
		faults += n
	}
	if faults > 0 {
		s += fmt.Sprintf(", with the faults %v", v.Faults)
	}
	if v.Untraced {
		return fmt.Sprintf("%s; the search for its trace was cut short (%s)\n", s, v.UntracedBy)
	}
	return s + ":\n" + v.Trace.String()
}
