package explore_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// tiny is the state of a random system: a shared variable and three processes
// that are interchangeable.
type tiny struct {
	Shared uint8
	Proc   [3]uint8
}

// rule moves one process, or none, and the shared variable.
type rule struct {
	fromShared, toShared uint8
	fromProc, toProc     uint8
	id                   explore.TransitionID
}

// randomSystem is a system of random rules. The same rules apply to every
// process, so that processes are symmetric.
type randomSystem struct {
	rules []rule
	table []explore.Transition
	start []tiny
	asks  bool // leaves out what is not wanted
}

const (
	tinyShared = 4
	tinyLocal  = 3
	tinyKinds  = 3
)

func newRandomSystem(r *rand.Rand) *randomSystem {
	m := &randomSystem{}
	for i := range 3 + r.IntN(4) {
		m.table = append(m.table, explore.Transition{Action: fmt.Sprint("Step", i)})
	}
	m.table = append(m.table, explore.Transition{Action: "Recover", Class: explore.Recovery})
	for i := range tinyKinds {
		m.table = append(m.table, explore.Transition{Action: fmt.Sprint("Fault", i), Class: explore.Fault, Fault: i})
	}
	local := func() uint8 { return uint8(r.IntN(tinyLocal)) }
	shared := func() uint8 { return uint8(r.IntN(tinyShared)) }
	for range 4 + r.IntN(16) {
		m.rules = append(m.rules, rule{shared(), shared(), local(), local(), explore.TransitionID(r.IntN(len(m.table)))})
	}
	for range 1 + r.IntN(2) {
		m.start = append(m.start, tiny{shared(), [3]uint8{local(), local(), local()}})
	}
	m.asks = r.IntN(2) == 0
	return m
}

func (m *randomSystem) Transitions() []explore.Transition { return m.table }
func (m *randomSystem) Initial(dst []tiny) []tiny         { return append(dst, m.start...) }

func (m *randomSystem) Successors(s *tiny, out *explore.Out[tiny]) {
	for _, r := range m.rules {
		if m.asks && !out.Wants(r.id) {
			continue
		}
		for p := range s.Proc {
			if s.Shared == r.fromShared && s.Proc[p] == r.fromProc {
				to := out.Add(r.id)
				to.Shared, to.Proc[p] = r.toShared, r.toProc
			}
		}
	}
}

func (m *randomSystem) Canonical(s *tiny) {
	a := &s.Proc
	if a[0] > a[1] {
		a[0], a[1] = a[1], a[0]
	}
	if a[1] > a[2] {
		a[1], a[2] = a[2], a[1]
	}
	if a[0] > a[1] {
		a[0], a[1] = a[1], a[0]
	}
}

// randomPredicate is false of one state in about rarity, the same for states
// that differ in the order of processes.
func randomPredicate(r *rand.Rand, rarity uint64) func(s *tiny) bool {
	salt := r.Uint64()
	return func(s *tiny) bool {
		h := salt ^ uint64(s.Shared)*0x9e3779b97f4a7c15
		for _, p := range s.Proc {
			h += (uint64(p) + salt) * (uint64(p) + salt) * 0xbf58476d1ce4e5b9
		}
		h ^= h >> 29
		h *= 0x94d049bb133111eb
		return (h>>32)%rarity != 0
	}
}

func randomProperties(r *rand.Rand) []explore.Property[tiny] {
	var props []explore.Property[tiny]
	for i := range r.IntN(4) {
		p := explore.Property[tiny]{Name: fmt.Sprint("p", i)}
		f := randomPredicate(r, 20)
		switch r.IntN(4) {
		case 0:
			p.Invariant = f
		case 1:
			g := randomPredicate(r, 4)
			p.StepInvariant = func(pre *tiny, _ explore.TransitionID, post *tiny) bool { return f(post) || g(pre) }
		case 2:
			p.Quiescent = randomPredicate(r, 3)
		case 3:
			p.Stuck = randomPredicate(r, 3)
		}
		props = append(props, p)
	}
	return props
}

func randomOptions(r *rand.Rand) explore.Options[tiny] {
	o := explore.Options[tiny]{Budget: []int{r.IntN(3), r.IntN(3), r.IntN(2)}, MaxFaults: r.IntN(5), NoSymmetry: r.IntN(2) == 0, Coverage: true}
	for i := range o.Budget {
		if r.IntN(6) == 0 {
			o.Budget[i] = explore.Any
		}
	}
	switch r.IntN(4) {
	case 0:
		o.Exhaust = true
	case 1:
		o.FaultSets = true
	}
	switch r.IntN(6) {
	case 0:
		o.MaxDepth = 1 + r.IntN(4)
	case 1:
		f := randomPredicate(r, 8)
		o.Bound = func(s *tiny) bool { return !f(s) }
	case 2:
		most := r.IntN(3)
		o.Lattice.Within = func(faults []int) bool { return faults[0]+faults[2] <= most }
	}
	return o
}

// checkRandomSystems compares random systems with the reference engine.
func checkRandomSystems(t exploretest.Reporter, from, n uint64) {
	for seed := from; seed < from+n; seed++ {
		r := rand.New(rand.NewPCG(seed, 5))
		m, props, o := newRandomSystem(r), randomProperties(r), randomOptions(r)
		reached := randomPredicate(r, 15)
		wits := []explore.Witness[tiny]{{Name: "w", Reached: func(s *tiny) bool { return !reached(s) }}}
		rec := &recorder{}
		exploretest.Agree(rec, explore.Spec[tiny]{Model: m, Properties: props, Witnesses: wits, Options: o})
		exploretest.Determinism(rec, explore.Spec[tiny]{Model: m, Properties: props, Witnesses: wits, Options: o})
		if len(rec.errors) > 0 {
			t.Errorf("seed %d, %+v: %s", seed, o, rec.errors[0])
			return
		}
	}
}

// recorder is a Reporter that keeps what is reported.
type recorder struct{ errors []string }

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func TestRandomSystems(t *testing.T) {
	n := uint64(400)
	if testing.Short() {
		n = 50
	}
	checkRandomSystems(t, 0, n)
}
