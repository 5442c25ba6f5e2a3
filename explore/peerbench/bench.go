package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kcheck/kcheck/explore/peerbench/checkers"
)

// bench is what is to be run.
type bench struct {
	runs, maxThreads int
	only             string
	limit            time.Duration
	instances        []checkers.Instance
	targets          bool
}

// contender is a checker with a number of threads.
type contender struct {
	peer    *checkers.Peer
	threads int
	program *checkers.Program
	runs    []checkers.Outcome
	err     error
}

func (b *bench) run(ctx context.Context, w io.Writer) error {
	dir, err := os.MkdirTemp("", "peerbench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	found := b.find(w)
	var all []compared
	for _, in := range b.instances {
		cs := b.contenders(ctx, dir, in, found)
		limits := make([][]float64, b.maxThreads)
		for range b.runs {
			for t := range limits {
				limits[t] = append(limits[t], probes(ctx, t+1, in))
			}
			for _, c := range cs {
				b.once(ctx, c, in)
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		printTable(w, in, cs, limits)
		all = append(all, compared{in, cs, limits})
	}
	if !b.targets {
		return nil
	}
	var t targets
	t.compare(all)
	err = errors.Join(t.memory(ctx), t.specs(ctx))
	t.print(w)
	return err
}

// find lists the checkers that are installed, and prints what was found.
func (b *bench) find(w io.Writer) (found []*checkers.Peer) {
	fmt.Fprintf(w, "%s; %s; medians of %d runs, alternating.\n\n", time.Now().Format(time.DateOnly), machine(), b.runs)
	for _, p := range append([]*checkers.Peer{kcheck("fast"), kcheck("exact")}, checkers.All()...) {
		if !b.wanted(p.Name) {
			continue
		}
		version, err := p.Find()
		if err != nil {
			fmt.Fprintf(w, "- %s: left out, %v\n", p.Name, err)
			continue
		}
		fmt.Fprintf(w, "- %s: %s\n", p.Name, version)
		found = append(found, p)
	}
	return found
}

func (b *bench) wanted(name string) bool {
	return b.only == "" || slices.ContainsFunc(strings.Split(b.only, ","), func(s string) bool {
		return strings.Contains(strings.ToLower(name), strings.ToLower(s))
	})
}

// contenders prepares everybody for an instance.
func (b *bench) contenders(ctx context.Context, dir string, in checkers.Instance, found []*checkers.Peer) (cs []*contender) {
	for threads := 1; threads <= b.maxThreads; threads++ {
		for _, p := range found {
			if threads > p.Threads || threads == 1 && p.Name == "Spin parallel BFS" {
				continue
			}
			c := &contender{peer: p, threads: threads}
			if c.program, c.err = p.Prepare(ctx, dir, in, threads); c.err != nil {
				fmt.Fprintln(os.Stderr, c.err)
			}
			cs = append(cs, c)
		}
	}
	return cs
}

// once lets a contender run once more.
func (b *bench) once(ctx context.Context, c *contender, in checkers.Instance) {
	if c.err != nil || b.limit > 0 && len(c.runs) > 0 && c.runs[0].Elapsed > b.limit {
		return
	}
	o, err := c.program.Run(ctx)
	fmt.Fprintf(os.Stderr, "%s: %s, %d threads: %d states, %.2f s\n", in, c.peer.Name, c.threads, o.States, o.Elapsed.Seconds())
	if err == nil && in.States > 0 && o.States != in.States {
		err = fmt.Errorf("%s found %d states instead of %d", c.peer.Name, o.States, in.States)
	}
	if err != nil {
		c.err = err
		fmt.Fprintln(os.Stderr, err)
		return
	}
	c.runs = append(c.runs, o)
}

// probes returns how many random probes a second that many processes do
// together on tables of the size of an instance's visited set.
func probes(ctx context.Context, processes int, in checkers.Instance) (sum float64) {
	self, err := os.Executable()
	if err != nil {
		return 0
	}
	words := bits.Len64(in.States * 13 / 8)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range processes {
		wg.Go(func() {
			out, _ := exec.CommandContext(ctx, self, "probe", fmt.Sprint(max(16, words))).Output()
			var n float64
			if _, err := fmt.Sscanf(string(out), "probes=%f", &n); err == nil {
				mu.Lock()
				sum += n
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return sum
}
