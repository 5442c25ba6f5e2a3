package risk

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// walker runs the model in time: faults at their rates, steps after exponential times, what is left open at random.
type walker struct {
	c     *chain
	rng   *rand.Rand
	state model.State
	sent  bool
}

// next lets one thing happen, and tells how long it took; ended is that nothing more can be lost, or that it is.
func (w *walker) next() (took float64, ended, broken bool) {
	c := w.c
	m := c.check.Model
	if w.sent {
		switch {
		case c.check.Broken(&w.state):
			return 0, true, true
		case c.aim.done(c.check, &w.state):
			return 0, true, false
		}
	}
	c.groups = c.groups[:0]
	var options [][]model.State
	moves := false
	for _, x := range explore.Successors(m, &w.state) {
		if !w.sent && c.sends(x.ID) {
			continue
		}
		moves = moves || c.recovers[x.ID]
		o := c.happensIn(&w.state, x.ID)
		i := slices.IndexFunc(c.groups, func(g group) bool { return g.occurrence == o })
		if i < 0 {
			i = len(c.groups)
			c.groups = append(c.groups, group{occurrence: o})
			options = append(options, nil)
		}
		options[i] = append(options[i], x.State)
	}
	if to := w.state; !w.sent && m.AskWhoLeads(&to) {
		c.groups, options = append(c.groups, group{occurrence: c.asks}), append(options, []model.State{to})
	}
	if w.sent && !moves && c.endsBroken(&w.state) {
		return 0, true, true
	}
	total, chosen := 0.0, -1
	for i := range c.groups {
		rate, _ := c.rateOf(&w.state, &c.groups[i])
		if total += rate; w.rng.Float64()*total < rate {
			chosen = i
		}
	}
	list := options[chosen]
	w.state = list[w.rng.IntN(len(list))]
	c.canonical(&w.state, !w.sent)
	return w.rng.ExpFloat64() / total, false, false
}

// TestMonteCarlo compares with runs of the model itself: of a cluster that has run for long, in which a message is sent.
// What the model leaves open is drawn there, so that the share of losses lies within the bounds, and its error.
func TestMonteCarlo(t *testing.T) {
	t.Parallel()
	for i, c := range []struct{ name, spec, rates string }{
		{"acks=1", "guarantee: no-acked-loss\nproducer: {acks: 1}\ntopic: {replication.factor: 2, min.insync.replicas: 1}",
			"defaults: none\nfaults: {broker-crash: 2/h, leader-move: 60/h}\nsteps: {fetch: 2s, poll: 5s, session-timeout: 2s, election: 2s}"},
		{"acks=all, the only member of the in-sync set", "guarantee: no-acked-loss\nproducer: {acks: all}\ntopic: {replication.factor: 2, min.insync.replicas: 1}",
			"defaults: none\nfaults: {disk-loss: 6/h, replica-lag: 20/h}\nsteps: {fetch: 5s, poll: 1min, isr-expand: 1min, disk-replacement: 5min}"},
		{"the producer dies", "guarantee: at-least-once\nproducer: {acks: all}\ntopic: {replication.factor: 2, min.insync.replicas: 2}",
			"defaults: none\nfaults: {producer-crash: 30/h, broker-crash: 6/h}\nsteps: {produce: 10s, fetch: 1s}"},
	} {
		q, rates := question(t, c.spec), ratesOf(t, c.rates)
		r := ask(t, c.spec, c.rates, Options{})
		a, err := aimOf(q.Guarantee)
		if err != nil {
			t.Fatal(err)
		}
		k, err := prepare(&q, rates, a)
		if err != nil {
			t.Fatal(err)
		}
		chain, err := newChain(k, rates, a, nil)
		if err != nil {
			t.Fatal(err)
		}
		const runs = 4000
		lost := 0
		w := &walker{c: chain, rng: rand.New(rand.NewPCG(uint64(i), 3)), state: chain.state(chain.home)}
		for range runs {
			for left := 1800 * w.rng.ExpFloat64(); left > 0; { // the cluster goes on
				at := *w
				took, _, _ := w.next()
				if left -= took; left <= 0 {
					w.state = at.state
				}
			}
			message := &walker{c: chain, rng: w.rng, state: w.state, sent: true}
			for {
				if _, ended, broken := message.next(); ended {
					lost += map[bool]int{true: 1}[broken]
					break
				}
			}
		}
		share := float64(lost) / runs
		mistake := 4 * math.Sqrt(max(share, 1.0/runs)*(1-share)/runs)
		t.Logf("%s: %.4f +- %.4f; %.4f to %.4f", c.name, share, mistake, r.Low, r.High)
		if share < r.Low-mistake || share > r.High+mistake || share < 0.002 {
			t.Errorf("%s: %.4f of the messages are lost; %.4f to %.4f", c.name, share, r.Low, r.High)
		}
	}
}
