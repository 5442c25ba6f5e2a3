package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
	"github.com/kcheck/kcheck/explore/internal/mem"
	"github.com/kcheck/kcheck/explore/peerbench/checkers"
)

// kcheck returns package explore as a contender: this program, started again.
func kcheck(mode string) *checkers.Peer {
	name := "kcheck"
	if mode == "exact" {
		name += " exact"
	}
	return &checkers.Peer{
		Name:    name,
		Threads: 64,
		Find:    func() (string, error) { return "kcheck, " + goVersion(), nil },
		Build: func(_ context.Context, _ string, in checkers.Instance, threads int) ([]string, error) {
			self, err := os.Executable()
			return append([]string{self, "explore", mode, strconv.Itoa(threads)}, in.Args()...), err
		},
		States:      regexp.MustCompile(`states=(\d+)`),
		Transitions: regexp.MustCompile(`transitions=(\d+)`),
	}
}

// exploreHere explores an instance in this process. The arguments are the mode,
// the number of workers, and the instance. The mode is "fast", "exact", or how
// many states are enough.
func exploreHere(ctx context.Context, args []string) error {
	if len(args) < 3 {
		return errors.New("explore: arguments are missing")
	}
	workers, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	in, err := parseInstance(args[2:])
	if err != nil {
		return err
	}
	mode := mode{workers: workers, exact: args[0] == "exact"}
	mode.enough, _ = strconv.ParseUint(args[0], 10, 64)
	c := in.Constants
	if in.Model == "twophase" {
		return explored(ctx, examples.NewTwoPhase(c[0].Value), mode)
	}
	return explored(ctx, examples.NewReplicatedLog(c[0].Value, c[1].Value, c[2].Value, c[3].Value), mode)
}

// mode is how an instance is explored.
type mode struct {
	workers int
	exact   bool
	enough  uint64 // states; 0: all
}

func explored[S comparable](ctx context.Context, m explore.Model[S], how mode) error {
	r, err := explore.Check(ctx, explore.Spec[S]{Model: m, Options: explore.Options[S]{Workers: how.workers, Exact: how.exact, MaxStates: how.enough}})
	if err != nil {
		return err
	}
	s := r.Stats
	fmt.Printf("states=%d transitions=%d seconds=%.3f peak=%d omission<=%.1e\n", s.Distinct, s.Generated, s.Duration.Seconds(), s.Bytes, s.CollisionProbability)
	return nil
}

// probeHere measures how many independent random loads a second one thread does
// on a table of that many bytes, and prints it.
func probeHere(args []string) error {
	if len(args) != 1 {
		return errors.New("probe: the number of bytes is missing")
	}
	bits, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	fmt.Printf("probes=%.0f\n", probe(bits))
	return nil
}

// probe loads from a table of 2^bits words for about a second.
func probe(bits int) float64 {
	table := mem.View[uint64](mem.Alloc(8 << bits))
	for i := range table {
		table[i] = uint64(i)
	}
	const burst = 1 << 20
	sum, x, n := uint64(0), uint64(os.Getpid())|1, 0
	begin := time.Now()
	for time.Since(begin) < time.Second {
		for range burst {
			x = x*6364136223846793005 + 1442695040888963407
			sum += table[x>>(64-bits)]
		}
		n += burst
	}
	if sum == 1 {
		fmt.Println() // so that the loads are not dropped
	}
	return float64(n) / time.Since(begin).Seconds()
}
