package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/explore/peerbench/checkers"
)

// printTable prints the medians for an instance, kcheck's ratio to each other
// checker with as many threads, and how near each is to the limit of the
// machine.
func printTable(w io.Writer, in checkers.Instance, cs []*contender, limits [][]float64) {
	fmt.Fprintf(w, "\n%s\n\n", title(in, cs))
	fmt.Fprintln(w, "| checker | threads | seconds | CPU seconds | million states/s | million transitions/s | bytes/state | kcheck is faster by | by CPU time | of the probe limit |")
	fmt.Fprintln(w, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
	for _, c := range cs {
		if len(c.runs) == 0 {
			fmt.Fprintf(w, "| %s | %d | - | | | | | %s | | |\n", c.peer.Name, c.threads, failure(c.err))
			continue
		}
		o, limit := c.median(), median(limits[c.threads-1])
		seconds := o.Elapsed.Seconds()
		perSecond := float64(o.Transitions) / seconds
		fmt.Fprintf(w, "| %s | %d | %.2f | %.2f | %.3f | %.2f | %.0f | %s | %.1f %% |\n", c.peer.Name, c.threads, seconds, o.CPU.Seconds(),
			float64(o.States)/seconds/1e6, perSecond/1e6, float64(o.Bytes)/float64(o.States), ratio(cs, c), 100*perSecond/limit)
	}
	for t, l := range limits {
		fmt.Fprintf(w, "| %d x random probes | %d | | | | %.1f | | | | 100 %% |\n", t+1, t+1, median(l)/1e6)
	}
}

func title(in checkers.Instance, cs []*contender) string {
	for _, c := range cs {
		if len(c.runs) > 0 {
			return fmt.Sprintf("%s: %d states, %d transitions", in, c.runs[0].States, c.runs[0].Transitions)
		}
	}
	return in.String()
}

func failure(err error) string {
	if err == nil {
		return "not run"
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return "failed: " + line
}

// ratio says how many times as long as kcheck a contender took, in two columns:
// by the clock, and by the time its threads had a core.
func ratio(cs []*contender, c *contender) string {
	for _, k := range cs {
		if k.peer.Name == "kcheck" && k.threads == c.threads && len(k.runs) > 0 && k != c {
			mine, its := k.median(), c.median()
			return fmt.Sprintf("%.1f | %.1f", its.Elapsed.Seconds()/mine.Elapsed.Seconds(), its.CPU.Seconds()/mine.CPU.Seconds())
		}
	}
	return " | "
}

// median returns the run of median time.
func (c *contender) median() checkers.Outcome {
	runs := slices.SortedFunc(slices.Values(c.runs), func(a, b checkers.Outcome) int { return cmp.Compare(a.Elapsed, b.Elapsed) })
	return runs[len(runs)/2]
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return x[len(x)/2]
}

func goVersion() string { return runtime.Version() }

// machine describes the machine as far as that can be read.
func machine() string {
	s := fmt.Sprintf("%s/%s, %d cores", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if m := regexp.MustCompile(`model name\s*: (.*)`).FindSubmatch(b); m != nil {
			s += ", " + string(m[1])
		}
	}
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		load, _, _ := strings.Cut(string(b), " ")
		s += ", load average " + load + " at the start"
	}
	return s
}
