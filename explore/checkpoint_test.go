package explore_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
)

// interrupted is a model whose check is canceled after some calls of Successors.
type interrupted[S comparable] struct {
	explore.Model[S]
	left   *atomic.Int64
	cancel func()
}

func (m interrupted[S]) Successors(s *S, out *explore.Out[S]) {
	if m.left.Add(-1) == 0 {
		m.cancel()
		time.Sleep(time.Millisecond) // the search learns of it by a goroutine
	}
	m.Model.Successors(s, out)
}

// symmetric is the same for a model with symmetries.
type symmetric[S comparable] struct {
	interrupted[S]
	explore.Canonicalizer[S]
}

// interrupt calls cancel at the n-th call of Successors.
func interrupt[S comparable](m explore.Model[S], n int64, cancel func()) explore.Model[S] {
	in := interrupted[S]{m, new(atomic.Int64), cancel}
	in.left.Store(n)
	if c, ok := m.(explore.Canonicalizer[S]); ok {
		return symmetric[S]{in, c}
	}
	return in
}

// resumed makes a check that is canceled again and again, at random places, and goes on each time, until it has ended: it was
// not canceled any more, or only while it wrote down the trace that is wanted.
func resumed[S comparable](t *testing.T, r *rand.Rand, spec explore.Spec[S], most int64, want string) (result *explore.Result[S], times int) {
	t.Helper()
	own := *spec.Checkpoint
	own.Continued = func(uint64, time.Time) { times++ }
	spec.Checkpoint = &own
	m := spec.Model
	for i := range int64(2000) { // later each time: what is done between two places to go on from needs so many calls
		ctx, cancel := context.WithCancel(context.Background())
		spec.Model, spec.Workers = interrupt(m, 1+r.Int64N(most+i), cancel), 1+r.IntN(2)
		got, err := explore.Check(ctx, spec)
		stopped := ctx.Err() != nil
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if !stopped || told(t, got) == want {
			return got, times
		}
	}
	t.Fatal("no end after 2000 interruptions")
	return nil, 0
}

// told is everything in a result that is the same in every run. The bound on collisions is not: it depends on when the
// table has grown.
func told[S comparable](t *testing.T, r *explore.Result[S]) string {
	t.Helper()
	same := *r
	same.Stats.Duration, same.Stats.Bytes, same.Stats.Workers, same.Stats.CollisionProbability = 0, 0, 0, 0
	text, err := json.Marshal(&same)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// newSeed returns a random number generator, and says how to have the same again.
func newSeed(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("EXPLORE_TEST_SEED"); text != "" {
		if _, err := fmt.Sscan(text, &seed); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("EXPLORE_TEST_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 7))
}

// TestResumeRandomSystems interrupts checks of random systems in every mode: what comes of them in the end is what
// comes of them without.
func TestResumeRandomSystems(t *testing.T) {
	t.Parallel()
	n := 80
	if testing.Short() {
		n = 20
	}
	r := newSeed(t)
	continued := 0
	for i := range n {
		seed := r.Uint64()
		q := rand.New(rand.NewPCG(seed, 5))
		o := randomOptions(q)
		o.Exact, o.Dominance, o.WitnessTrace = q.IntN(3) == 0, q.IntN(2) == 0, q.IntN(2) == 0
		reached := randomPredicate(q, 15)
		spec := explore.Spec[tiny]{Model: newRandomSystem(q), Properties: randomProperties(q), Options: o,
			Witnesses: []explore.Witness[tiny]{{Name: "w", Reached: func(s *tiny) bool { return !reached(s) }}}}
		want, err := explore.Check(context.Background(), spec)
		if err != nil {
			t.Fatal(err)
		}
		spec.Checkpoint = &explore.Checkpoint{Dir: filepath.Join(t.TempDir(), fmt.Sprint(i)), Question: fmt.Sprint(seed), Every: time.Duration(1 + q.IntN(1e6))}
		got, times := resumed(t, r, spec, 1+int64(want.Stats.Distinct)/2, told(t, want))
		continued += times
		if told(t, got) != told(t, want) {
			t.Fatalf("system %d, %+v, continued %d times:\n%s\nwant\n%s", seed, o, times, told(t, got), told(t, want))
		}
	}
	if continued < n/4 {
		t.Errorf("%d checks were continued %d times together", n, continued)
	}
}

// allCommit is violated where all resource managers have committed.
func allCommit(n int) explore.Property[examples.Commit] {
	return explore.Property[examples.Commit]{Name: "not all commit", Invariant: func(s *examples.Commit) bool {
		for _, rm := range s.RM[:n] {
			if rm&3 != examples.Committed {
				return true
			}
		}
		return false
	}}
}

// TestResumeInLevel interrupts checks with levels of many blocks, in the middle of them, with and without violations.
func TestResumeInLevel(t *testing.T) {
	t.Parallel()
	commits := []explore.Property[examples.Commit]{allCommit(6)}
	agreeAfter(t, "holds", explore.Spec[examples.Commit]{Model: examples.NewTwoPhase(6)})
	agreeAfter(t, "exact", explore.Spec[examples.Commit]{Model: examples.NewTwoPhase(6), Options: explore.Options[examples.Commit]{Exact: true}})
	agreeAfter(t, "violated", explore.Spec[examples.Commit]{Model: examples.NewTwoPhase(6), Properties: commits})
	dominance := explore.Options[uint64]{Dominance: true, Exhaust: true, Budget: []int{1, 1, 1, 1, 1, 1, 1}}
	rare := []explore.Property[uint64]{{Name: "rare", Invariant: func(s *uint64) bool { return *s%4099 != 4098 }}}
	agreeAfter(t, "dominance", explore.Spec[uint64]{Model: scrambled{bits: 13}, Properties: rare, Options: dominance})
}

// agreeAfter interrupts a check again and again.
func agreeAfter[S comparable](t *testing.T, name string, spec explore.Spec[S]) {
	t.Helper()
	r := newSeed(t)
	spec.Model = interrupt(spec.Model, -1, nil) // never, but for all that is seen of it the same model
	spec.Coverage = true
	want, err := explore.Check(context.Background(), spec)
	if err != nil {
		t.Fatal(err)
	}
	spec.Checkpoint = &explore.Checkpoint{Dir: t.TempDir(), Every: 3 * time.Millisecond}
	got, times := resumed(t, r, spec, int64(want.Stats.Distinct/2), told(t, want))
	if told(t, got) != told(t, want) {
		t.Errorf("%s: continued %d times:\n%.3000s\nwant\n%.3000s", name, times, told(t, got), told(t, want))
	}
	if times == 0 {
		t.Errorf("%s: never continued", name)
	}
	spec.Model = interrupt(spec.Model, 5000, func() { t.Errorf("%s: what has ended is explored again", name) })
	if again, err := explore.Check(context.Background(), spec); err != nil || told(t, again) != told(t, want) {
		t.Errorf("%s: made again: %v\n%.3000s\nwant\n%.3000s", name, err, told(t, again), told(t, want))
	}
	t.Logf("%s: continued %d times, %d states", name, times, want.Stats.Distinct)
}

// TestCheckpointRefused: a checkpoint that is not of this check, or not as it was written, says so and what to do.
func TestCheckpointRefused(t *testing.T) {
	t.Parallel()
	type spec = explore.Spec[examples.Commit]
	holds := func(*examples.Commit) bool { return true }
	dir := t.TempDir()
	checked := func(change func(s *spec)) error {
		s := spec{Model: examples.NewTwoPhase(3), Properties: []explore.Property[examples.Commit]{{Name: "p", Invariant: holds}}}
		s.Budget, s.Checkpoint = []int{1}, &explore.Checkpoint{Dir: dir, Question: "q"}
		if change != nil {
			change(&s)
		}
		_, err := explore.Check(context.Background(), s)
		return err
	}
	if err := checked(nil); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(s *spec){
		`the question is "q" there and "another" here`: func(s *spec) { s.Checkpoint.Question = "another" },
		"the table of transitions":                     func(s *spec) { s.Model = examples.NewTwoPhase(4) },
		`Options.Budget is "[1]" there and "[2]" here`: func(s *spec) { s.Budget = []int{2} },
		"Options.Exact":        func(s *spec) { s.Exact = true },
		"Options.Seed":         func(s *spec) { s.Seed = 5 },
		"Options.WitnessTrace": func(s *spec) { s.WitnessTrace = true },
		"Options.MaxDepth":     func(s *spec) { s.MaxDepth = 5 },
		"a property":           func(s *spec) { s.Properties[0].Name = "other" },
		"a witness":            func(s *spec) { s.Witnesses = []explore.Witness[examples.Commit]{{Name: "w", Reached: holds}} },
	} {
		if err := checked(change); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "name another folder") {
			t.Errorf("want an error with %s, got %v", want, err)
		}
	}
	if err := checked(func(s *spec) { s.Workers, s.Memory = 1, 64<<20 }); err != nil {
		t.Errorf("workers and memory may be others: %v", err)
	}
	for want, change := range map[string]func(s *spec){
		"needs the strategy BFS": func(s *spec) { s.Strategy = explore.DFS },
		"Dir is empty":           func(s *spec) { s.Checkpoint.Dir = "" },
		"Options.Expanded":       func(s *spec) { s.Expanded = func([]int, *examples.Commit) {} },
		"Lattice.Within allows": func(s *spec) {
			s.Checkpoint.Question, s.Lattice.Within = "", func([]int) bool { return true }
		},
		"not a directory": func(s *spec) { s.Checkpoint.Dir = filepath.Join(dir, "lock") },
	} {
		if err := checked(change); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
	file := filepath.Join(dir, "search.checkpoint")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)/2] ^= 1
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := checked(nil); err == nil || !strings.Contains(err.Error(), file+" is damaged") || !strings.Contains(err.Error(), "delete it") {
		t.Errorf("damaged: %v", err)
	}
}

// TestCheckpointNotWritten: where a checkpoint cannot be written that is told, and the check goes on.
func TestCheckpointNotWritten(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs /dev/full")
	}
	failed := 0
	for _, told := range []func(error){nil, func(error) { failed++ }} {
		dir := t.TempDir()
		if err := os.Symlink("/dev/full", filepath.Join(dir, "search.checkpoint.tmp")); err != nil {
			t.Fatal(err)
		}
		r, err := explore.Check(context.Background(), explore.Spec[examples.Commit]{Model: examples.NewTwoPhase(3),
			Options: explore.Options[examples.Commit]{Checkpoint: &explore.Checkpoint{Dir: dir, Failed: told}}})
		switch {
		case told == nil && (err == nil || !strings.Contains(err.Error(), "no space left")):
			t.Errorf("nobody is told, and the error is %v", err)
		case told != nil && (err != nil || !r.Complete):
			t.Errorf("the check did not go on: %v", err)
		}
	}
	if failed != 1 {
		t.Errorf("told %d times", failed)
	}
}

// TestCheckpointKilled kills a process that checks, with SIGKILL and at random moments, until it has come to its end: it
// finds out what it does undisturbed, and loses little each time.
func TestCheckpointKilled(t *testing.T) {
	if raceDetector {
		t.Skip("skipped: too slow with the race detector")
	}
	r := newSeed(t)
	run := func(dir string, after time.Duration) (out string, ended bool) {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), checkpointVariable+"="+dir, fmt.Sprint("GOMAXPROCS=", 1+r.IntN(2)))
		var text strings.Builder
		child.Stdout, child.Stderr = &text, &text
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		if after > 0 {
			defer time.AfterFunc(after, func() { _ = child.Process.Kill() }).Stop()
		}
		err := child.Wait()
		return text.String(), err == nil
	}
	begin := time.Now()
	want, ended := run(t.TempDir(), 0)
	took := time.Since(begin)
	if !ended {
		t.Fatal(want)
	}
	dir, kills := t.TempDir(), 0
	for {
		// at least a third of the whole each time, or the machine may be too busy for any progress
		got, ended := run(dir, took/3+time.Duration(r.Int64N(int64(took/3))))
		if ended {
			if got != want {
				t.Errorf("after %d kills:\n%s\nwant\n%s", kills, got, want)
			}
			break
		}
		if kills++; got != "" || kills > 50 {
			t.Fatalf("after %d kills: %s", kills, got)
		}
	}
	t.Logf("%d kills", kills)
}

// checkpointVariable tells a child process of TestCheckpointKilled where its checkpoint is.
const checkpointVariable = "EXPLORE_TEST_CHECKPOINT"

// checkWithCheckpoint is what the child process does.
func checkWithCheckpoint() {
	commits := []explore.Property[examples.Commit]{allCommit(7)}
	spec := explore.Spec[examples.Commit]{Model: examples.NewTwoPhase(7), Properties: commits}
	spec.Coverage, spec.Checkpoint = true, &explore.Checkpoint{Dir: os.Getenv(checkpointVariable), Every: 20 * time.Millisecond}
	result, err := explore.Check(context.Background(), spec)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(result.Stats.Distinct, result.Stats.Generated, result.Stats.Depth, result.Coverage)
	fmt.Print(result.Violation)
}
