package reproduce

import (
	"math"
	"testing"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// TestDrawsAreThoseOfTheSeed: a source draws the same times for the same seed, whatever others draw, and other times for
// another seed or another source.
func TestDrawsAreThoseOfTheSeed(t *testing.T) {
	t.Parallel()
	first := func(seed uint64, source string) time.Duration { return newDraws(seed, source).after(1) }
	one := first(1, "broker-crash-1")
	if again := first(1, "broker-crash-1"); again != one {
		t.Errorf("%v, and again %v", one, again)
	}
	for _, other := range []time.Duration{first(2, "broker-crash-1"), first(1, "broker-crash-2")} {
		if other == one {
			t.Errorf("%v from two sources", one)
		}
	}
}

// TestDrawsHaveTheirRate: times are exponentially distributed, and what has a probability happens that often.
func TestDrawsHaveTheirRate(t *testing.T) {
	t.Parallel()
	d := newDraws(1, "test")
	const n = 20000
	sum, beyond, happened := 0.0, 0, 0
	for range n {
		x := d.after(4).Seconds()
		sum += x
		if x > 0.5 {
			beyond++
		}
		if d.happens(0.1) {
			happened++
		}
	}
	for what, x := range map[string][2]float64{"mean": {sum / n, 0.25}, "beyond 0.5 s": {float64(beyond) / n, math.Exp(-2)},
		"happened": {float64(happened) / n, 0.1}} {
		if math.Abs(x[0]-x[1]) > 0.01 {
			t.Errorf("%s: %.4f, not %.4f", what, x[0], x[1])
		}
	}
	if never := d.after(0); never < 100*365*24*time.Hour {
		t.Errorf("what never happens comes after %v", never)
	}
}

// TestWilson compares with tabulated intervals of 95 % (R. G. Newcombe, Statistics in Medicine 17, 1998, table I).
func TestWilson(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ hits, n, low, high float64 }{
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718},
	} {
		low, high := wilson(c.hits/c.n, c.n)
		if math.Abs(low-c.low) > 5e-5 || math.Abs(high-c.high) > 5e-5 {
			t.Errorf("%v of %v: %.4f to %.4f, not %.4f to %.4f", c.hits, c.n, low, high, c.low, c.high)
		}
	}
}

// TestBunchedLossesSayLess: messages that are hit together say less than as many that are hit alone, so that the interval is
// wider.
func TestBunchedLossesSayLess(t *testing.T) {
	t.Parallel()
	const n = 3000
	alone, together := make([]bool, n), make([]bool, n)
	d := newDraws(7, "test")
	for i := range n {
		alone[i] = d.happens(0.1)
		together[i] = i/100%10 == 0 // a hundred in a row of every thousand
	}
	a, b := shareOf(alone), shareOf(together)
	if a.Bunched > 2 || b.Bunched < 50 || b.High-b.Low < 4*(a.High-a.Low) {
		t.Errorf("alone %+v, together %+v", a, b)
	}
	if none := shareOf(nil); none.Low != 0 || none.High != 1 {
		t.Errorf("of no message: %+v", none)
	}
	if none := shareOf(make([]bool, 300)); none.Broken != 0 || none.Low != 0 || none.High > 0.02 || none.Bunched != 1 {
		t.Errorf("of 300 that are not hit: %+v", none)
	}
}

// TestAgreement: few faults say nothing, however many messages there are.
func TestAgreement(t *testing.T) {
	t.Parallel()
	s := share{Low: 0.1, High: 0.2}
	for _, c := range []struct {
		computed risk.Interval
		faults   int
		want     Agreement
	}{
		{risk.Interval{Low: 0.15, High: 0.15}, 50, Agrees}, {risk.Interval{Low: 0, High: 0.1}, 50, Agrees},
		{risk.Interval{Low: 0, High: 0.09}, 50, Differs}, {risk.Interval{Low: 0.3, High: 1}, 50, Differs},
		{risk.Interval{Low: 0.3, High: 1}, 9, TooFew},
	} {
		if got := agreement(s, c.computed, c.faults); got != c.want {
			t.Errorf("%+v with %d faults: %s", c.computed, c.faults, got)
		}
	}
}

// TestWhatIsCounted says for which guarantees a message counts by what became of it.
func TestWhatIsCounted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		is      fate
		counted model.Counted
		broken  []string
	}{
		{"processed", fate{told: true, acked: true, processed: 1, copies: 1}, model.CountAccepted, nil},
		{"acknowledged and gone", fate{told: true, acked: true}, model.CountAccepted, []string{"at-least-once", "no-acked-loss", "exactly-once"}},
		{"reported as failed", fate{told: true}, model.CountAccepted, nil},
		{"reported as failed, and attempts count", fate{told: true}, model.CountAttempted, []string{"at-least-once", "exactly-once"}},
		{"twice in the log", fate{told: true, acked: true, processed: 2, copies: 2}, model.CountAccepted,
			[]string{"at-most-once", "no-duplicate-in-log", "exactly-once"}},
	} {
		want := map[string]bool{}
		for _, g := range c.broken {
			want[g] = true
		}
		for g, isBroken := range broken {
			if got := isBroken(c.is, c.counted); got != want[g] {
				t.Errorf("%s: %s is broken: %v", c.name, g, got)
			}
		}
	}
}

// TestLedger follows messages from their send to their fate.
func TestLedger(t *testing.T) {
	t.Parallel()
	l := newLedger()
	first, second := l.send(), l.send()
	l.follow([]int{2, 3}, true)
	l.asks("..." + first + "...")
	l.answers("..."+first+"...", 0, false)
	l.event(player.Event{Message: first})
	l.fetches(2, 0)
	l.fetches(2, 1)
	l.fetches(2, 1)           // it has it already
	l.follow([]int{2}, false) // broker 3 is gone and will never have fetched it
	l.fetches(3, 1)
	l.process(first)
	l.process(first)
	l.commits()
	l.event(player.Event{Message: second, Err: &player.ClientError{Class: "TimeoutException"}})
	l.log([]cluster.Record{{Value: first}, {Value: first}, {Value: "another"}})
	if got := l.fates(); got[0] != (fate{true, true, 2, 2}) || got[1] != (fate{told: true}) || l.waits() != 0 {
		t.Errorf("%+v, %d wait", got, l.waits())
	}
	for _, step := range []string{"produce", "ack", "fetch", "commit"} {
		if s := l.steps[step]; s == nil || s.n != 1 {
			t.Errorf("%s: %+v", step, s)
		}
	}
}

// TestRateProblems refuses what a clock cannot bring about.
func TestRateProblems(t *testing.T) {
	t.Parallel()
	read := func(text string) *risk.Rates {
		rates, problems := risk.Read("rates.yaml", []byte(text))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		return rates
	}
	q := verdict.Question{Config: model.DefaultConfig(), Guarantee: "at-least-once"}
	for text, fine := range map[string]bool{
		"defaults: none\nfaults: {broker-crash: 60/h, request-lost: 0.1/request}\nsteps: {fetch: 1s}": true,
		"faults: {broker-crash: 60/h}":             false, // the defaults have power losses
		"defaults: none\nfaults: {disk-loss: 1/h}": false,
		"defaults: none\nsteps: {election: 1s}":    false,
	} {
		if why := RateProblem(&q, read(text)); (why == "") != fine {
			t.Errorf("%s: %q", text, why)
		}
	}
	q.Config.App.OutputKafka = true
	if RateProblem(&q, read("defaults: none")) == "" {
		t.Error("consume-transform-produce is taken")
	}
}
