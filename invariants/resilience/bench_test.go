//go:build unix

package resilience

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// BenchmarkAgainstOneRunPerSet measures the search over the lattice and one check for each of its sets and guarantees,
// side by side, of the three configurations in README, and gives how many times as much processor time the checks take:
//
//	go test -run - -bench OneRunPerSet -benchtime 1x ./invariants/resilience
//
// x-faster compares with a check for every set, as somebody would script it, and x-faster-pruned with one that leaves out
// the supersets of a set that is known to violate. Both sides use one worker, and the checks split the space as they
// always do.
func BenchmarkAgainstOneRunPerSet(b *testing.B) {
	files, err := filepath.Glob("../../specs/bench/resilience-*.yaml")
	if err != nil || len(files) == 0 {
		b.Fatal(files, err)
	}
	for _, upTo := range []int{2, 3} {
		for _, file := range files {
			resolved, err := kafkaconf.Load(kafkaconf.Request{Files: []string{file}})
			problems := kafkaconf.ProblemsOf(resolved, err)
			if resolved == nil || problems.Failed() {
				b.Fatal(problems)
			}
			name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "resilience-"), ".yaml")
			questions := verdict.Questions(resolved)
			b.Run(fmt.Sprintf("%s/up-to-%d", name, upTo), func(b *testing.B) { ratio(b, questions, upTo) })
		}
	}
}

func ratio(b *testing.B, questions []verdict.Question, upTo int) {
	o := verdict.Options{Workers: 1}
	var lattice, each, pruned time.Duration
	for b.Loop() {
		begin := used(b)
		results, err := AnalyzeAll(context.Background(), questions, Bound{UpTo: upTo}, o)
		if err != nil {
			b.Fatal(err)
		}
		lattice += used(b) - begin
		for i, q := range questions {
			if !results[i].Complete {
				b.Fatal(results[i].Reason)
			}
			all, needed := oneByOne(b, q, upTo, o)
			each, pruned = each+all, pruned+needed
		}
	}
	b.ReportMetric(lattice.Seconds()/float64(b.N), "lattice-s")
	b.ReportMetric(each.Seconds()/float64(b.N), "each-s")
	b.ReportMetric(each.Seconds()/lattice.Seconds(), "x-faster")
	b.ReportMetric(pruned.Seconds()/lattice.Seconds(), "x-faster-pruned")
	b.ReportMetric(0, "ns/op")
}

// oneByOne checks every set, and measures the time of all and of those with no subset that violates.
func oneByOne(b *testing.B, q verdict.Question, upTo int, o verdict.Options) (all, needed time.Duration) {
	var violating [][]int
	for size := 0; size <= upTo; size++ {
		for _, set := range plan.SetsOf(Bound{UpTo: upTo}.counts(), size) {
			q.Config.Faults = model.Budget{}
			for i, n := range set {
				q.Config.Faults[i] = uint8(n)
			}
			begin := used(b)
			r, err := verdict.Check(context.Background(), q, o)
			if err != nil {
				b.Fatal(err)
			}
			took := used(b) - begin
			all += took
			if l := (lattice{minimal: violating}); !l.violated(set) {
				needed += took
			}
			if r.Verdict == verdict.Violated {
				violating = append(violating, set)
			}
		}
	}
	return all, needed
}

// used is the processor time of this process so far.
func used(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
