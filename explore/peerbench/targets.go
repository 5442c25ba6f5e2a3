package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/kcheck/kcheck/explore/peerbench/checkers"
)

// targets are what kcheck wants to reach, and what a run of this command found.
type targets struct {
	rows []target
}

// target is a figure with what it must be and what it should be.
type target struct {
	what, must, goal, reached string
}

func (t *targets) add(what, must, goal, reached string, values ...any) {
	t.rows = append(t.rows, target{what, must, goal, fmt.Sprintf(reached, values...)})
}

func (t *targets) print(w io.Writer) {
	fmt.Fprint(w, "\n| | must | goal | reached |\n|---|---|---|---|\n")
	for _, r := range t.rows {
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", r.what, r.must, r.goal, r.reached)
	}
}

// compared are the runs of all contenders for an instance.
type compared struct {
	in     checkers.Instance
	cs     []*contender
	limits [][]float64
}

// seconds is the median time of kcheck.
func (c *compared) seconds(threads int) float64 {
	for _, k := range c.cs {
		if k.peer.Name == "kcheck" && k.threads == threads && len(k.runs) > 0 {
			return k.median().Elapsed.Seconds()
		}
	}
	return math.NaN()
}

// fastest returns the peer, of those whose name contains a word, that took the
// least time with so many threads, and how many times as long as kcheck.
func (c *compared) fastest(word string, threads int) (name string, ratio float64) {
	for _, k := range c.cs {
		if strings.HasPrefix(k.peer.Name, "kcheck") || k.threads != threads || len(k.runs) == 0 || !strings.Contains(k.peer.Name, word) {
			continue
		}
		if r := k.median().Elapsed.Seconds() / c.seconds(threads); name == "" || r < ratio {
			name, ratio = k.peer.Name, r
		}
	}
	return name, ratio
}

// compare adds the targets that say how fast kcheck is beside others.
func (t *targets) compare(all []compared) {
	for _, row := range []struct {
		what, must, goal, word string
		threads                int
	}{
		{"one worker against the fastest single-core run of any peer", "1.5x", "4x", "", 1},
		{"two workers against the fastest two-thread run of any peer", "1.5x", "4x", "", 2},
		{"two workers against TLC, two workers", "30x", "100x", "TLC", 2},
	} {
		var found []string
		for _, c := range all {
			if name, ratio := c.fastest(row.word, row.threads); name != "" {
				found = append(found, fmt.Sprintf("%s: %.1fx (%s)", c.in, ratio, name))
			}
		}
		t.add(row.what, row.must, row.goal, "%s", strings.Join(found, "; "))
	}
	var found []string
	for _, c := range all {
		if len(c.limits) > 1 {
			own, probes := c.seconds(1)/c.seconds(2), median(c.limits[1])/median(c.limits[0])
			found = append(found, fmt.Sprintf("%s: %.2f (%.2f against %.2f)", c.in, own/probes, own, probes))
		}
	}
	t.add("second worker's gain, against what a second process of random probes gains", "0.8", "0.95", "%s", strings.Join(found, "; "))
}

// states is how many states the engine's memory is measured with.
const states = 100_000_000

// memory adds what the engine takes for a state when there are many.
func (t *targets) memory(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, self, "explore", fmt.Sprint(states), "2", "twophase", "11").Output()
	if err != nil {
		return fmt.Errorf("exploring %d states: %w", states, err)
	}
	var n, transitions, peak uint64
	var seconds float64
	if _, err := fmt.Sscanf(string(out), "states=%d transitions=%d seconds=%f peak=%d", &n, &transitions, &seconds, &peak); err != nil {
		return err
	}
	t.add("bytes a state at the end of a run of 10^8 states", "20", "12", "%.1f at most, growth and frontier included (%d states, %.0f s)",
		float64(peak)/float64(n), n, seconds)
	return nil
}

// answer is what a run of the command kcheck said.
type answer struct {
	Results []struct {
		Guarantee, Verdict string
		Stats              struct{ Distinct, Generated uint64 }
		CompleteTo         *struct{ Faults, Depth int } `json:"complete_to"`
	}
	wall time.Duration
	peak int64
}

// distinct is how many states all guarantees of an answer took.
func (a *answer) distinct() (n uint64) {
	for _, r := range a.Results {
		n += r.Stats.Distinct
	}
	return n
}

// ask runs the command.
func ask(ctx context.Context, kcheck string, args ...string) (*answer, error) {
	cmd := exec.CommandContext(ctx, kcheck, append([]string{"check", "--format", "json", "--workers", "2"}, args...)...)
	begin := time.Now()
	out, err := cmd.Output()
	a := &answer{wall: time.Since(begin), peak: checkers.PeakBytes(cmd.ProcessState)}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	return a, json.Unmarshal(out, a)
}

// specs adds what the checker of Kafka takes for the specs of specs/bench.
func (t *targets) specs(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "peerbench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	kcheck := filepath.Join(dir, "kcheck")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", kcheck, "github.com/kcheck/kcheck/cmd/kcheck").CombinedOutput(); err != nil {
		return fmt.Errorf("building kcheck: %w\n%s", err, out)
	}
	small, err := ask(ctx, kcheck, "specs/bench/review-small.yaml")
	if err != nil {
		return err
	}
	t.add("review-small, two workers, all three guarantees", "10 s, 1 GB", "1 s, 200 MB", "%.1f s, %d MB", small.wall.Seconds(), small.peak>>20)
	large, err := ask(ctx, kcheck, "specs/bench/review-large.yaml", "--exhaust", "--memory", "16GiB", "--timeout", "10m")
	if err != nil {
		return err
	}
	t.add("review-large, two workers, 16 GB", "complete up to 3 faults", "complete, in 5 min", "%s in %.0f s, %.1f GB", large.extent(), large.wall.Seconds(),
		float64(large.peak)/(1<<30))
	typical := []string{"--set", "topic.min.insync.replicas=2", "--guarantee", "at-least-once", "--messages", "1"}
	with, err := ask(ctx, kcheck, typical...)
	if err != nil {
		return err
	}
	without, err := ask(ctx, kcheck, append(typical, "--no-reductions")...)
	if err != nil {
		return err
	}
	t.add("states with the economies against without, typical spec", "20x fewer", "500x fewer", "%.0fx fewer (%d against %d)",
		float64(without.distinct())/float64(with.distinct()), with.distinct(), without.distinct())
	return nil
}

// extent says how far an answer got.
func (a *answer) extent() string {
	var found []string
	for _, r := range a.Results {
		s := r.Guarantee + ": complete"
		if c := r.CompleteTo; c != nil {
			s = fmt.Sprintf("%s: complete up to %d faults and depth %d of the next", r.Guarantee, c.Faults, c.Depth)
		}
		found = append(found, fmt.Sprintf("%s, %.1f M states", s, float64(r.Stats.Distinct)/1e6))
	}
	return strings.Join(found, "; ")
}
