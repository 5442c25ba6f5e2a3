package risk

import "math"

// side is one of the two bounds: the best case from below, or the worst from above.
type side struct {
	worst bool
	open  float64 // the value of what was left out
}

// least and most are the two sides for a probability.
var (
	bestCase  = side{worst: false, open: 0}
	worstCase = side{worst: true, open: 1}
)

// rounding is the relative error of one operation on two positive numbers, rounded up.
const rounding = 0x1p-52

// better says that value x is chosen over y.
func (s side) better(x, y float64) bool {
	if s.worst {
		return x > y
	}
	return x < y
}

// outward rounds the result of so many operations outward.
func (s side) outward(x float64, operations int32) float64 {
	e := float64(operations+4) * rounding
	if s.worst {
		return x * (1 + e)
	}
	return x * (1 - e)
}

// solver computes values of all nodes of a chain.
type solver struct {
	c     *chain
	order []int32 // the live nodes, each after the nodes that its steps lead to
	can   []bool  // a loss, or a node that was left out, can be reached
}

func newSolver(c *chain) *solver {
	s := &solver{c: c}
	s.sort()
	s.reach()
	return s
}

// sort orders the live nodes against the direction of the steps.
func (s *solver) sort() {
	c := s.c
	seen := make([]bool, len(c.nodes))
	type frame struct{ node, event, out int32 }
	var stack []frame
	for root := range c.nodes {
		if seen[root] || c.nodes[root].kind != live {
			continue
		}
		seen[root] = true
		stack = append(stack[:0], frame{int32(root), c.nodes[root].first, -1})
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			to, more := s.nextStep(&f.event, &f.out, c.nodes[f.node].last)
			if !more {
				s.order = append(s.order, f.node)
				stack = stack[:len(stack)-1]
				continue
			}
			if !seen[to] && c.nodes[to].kind == live {
				seen[to] = true
				stack = append(stack, frame{to, c.nodes[to].first, -1})
			}
		}
	}
}

// nextStep goes on over the nodes to which steps lead.
func (s *solver) nextStep(e, out *int32, last int32) (to int32, more bool) {
	c := s.c
	for ; *e < last; *e, *out = *e+1, -1 {
		ev := &c.events[*e]
		if ev.occurrence < 0 || c.occurrences[ev.occurrence].Fault {
			continue
		}
		if *out < 0 {
			*out = ev.first
		}
		if *out < ev.last {
			*out++
			return c.outs[*out-1], true
		}
	}
	return 0, false
}

// reach finds the nodes from which a loss or an unexplored node can be reached without a return home.
func (s *solver) reach() {
	c := s.c
	s.can = make([]bool, len(c.nodes))
	for n := range c.nodes {
		s.can[n] = c.nodes[n].kind == lost || c.nodes[n].kind == open
	}
	for changed := true; changed; {
		changed = false
		for _, n := range s.order {
			if s.can[n] {
				continue
			}
			x := &c.nodes[n]
			for _, o := range c.outs[s.firstOut(x):s.lastOut(x)] {
				if s.can[o] && o != c.home {
					s.can[n], changed = true, true
					break
				}
			}
		}
	}
}

func (s *solver) firstOut(x *node) int32 {
	if x.first == x.last {
		return 0
	}
	return s.c.events[x.first].first
}

func (s *solver) lastOut(x *node) int32 {
	if x.first == x.last {
		return 0
	}
	return s.c.events[x.last-1].last
}

// equation is what is computed: the expected sum of rewards until the end, or until the return home.
type equation struct {
	side
	before bool                  // of the nodes before the send; otherwise of those after it
	reward func(n int32) float64 // in a second; nil for none
	lost   float64               // the value of a loss
}

// start gives the values of the nodes that are not computed.
func (s *solver) start(q *equation, from float64) []float64 {
	v := make([]float64, len(s.c.nodes))
	for n := range v {
		x := &s.c.nodes[n]
		switch {
		case x.before != q.before:
		case x.kind == lost:
			v[n] = q.lost
		case x.kind == open:
			v[n] = q.open
		case x.kind == live && (q.reward != nil || s.can[n]):
			v[n] = from
		}
	}
	return v
}

// row computes the value of one node from those of the others.
func (s *solver) row(q *equation, v []float64, n int32) float64 {
	c := s.c
	x := &c.nodes[n]
	sum, total := 0.0, 0.0
	if q.reward != nil {
		sum = q.reward(n)
	}
	for i := x.first; i < x.last; i++ {
		e := &c.events[i]
		total += e.rate
		best := s.valueOf(q, v, c.outs[e.first])
		for _, o := range c.outs[e.first+1 : e.last] {
			if y := s.valueOf(q, v, o); q.better(y, best) {
				best = y
			}
		}
		sum += e.rate * best
	}
	if total == 0 {
		if sum > 0 {
			return math.Inf(1)
		}
		return 0
	}
	return q.outward(sum/total, 2*(x.last-x.first))
}

// valueOf is the value of a node that is led to; the return home ends the sum.
func (s *solver) valueOf(q *equation, v []float64, n int32) float64 {
	if n == s.c.home {
		return 0
	}
	return v[n]
}

// maxSweeps bounds the iteration. It ends long before where the bounds have met.
const maxSweeps = 400

// iterate sweeps over the nodes until no value changes by more than a part of itself. Values go up from a lower bound and
// down from an upper bound; where they stop, they are bounds still.
func (s *solver) iterate(q *equation, v []float64, precision float64) (sweeps int) {
	for sweeps = 1; sweeps <= maxSweeps; sweeps++ {
		change := 0.0
		for _, n := range s.order {
			if s.c.nodes[n].before != q.before || q.reward == nil && !s.can[n] {
				continue
			}
			y := s.row(q, v, n)
			if d := math.Abs(y - v[n]); d > change*y && y > 0 {
				change = d / y
			} else if y == 0 && v[n] > 0 {
				change = 1
			}
			v[n] = y
		}
		if change <= precision {
			break
		}
	}
	return sweeps
}

// precision is where iteration stops.
const precision = 1e-9

// probability is a bound of the probability of a loss, for each node.
func (s *solver) probability(bound side, before bool) []float64 {
	q := &equation{side: bound, before: before, lost: 1}
	from := 0.0
	if bound.worst {
		from = 1
	}
	v := s.start(q, from)
	s.iterate(q, v, precision)
	return v
}

// accumulated is a bound of the expected sum of a reward until the return home, for each node before the send, or after it.
// A lower bound comes from below. For an upper bound a value a little above it is shown to be one: where no row exceeds
// it, the solution does not. What is added to a node is what the errors of all nodes on the way from it can come to.
func (s *solver) accumulated(bound side, before bool, reward func(n int32) float64) []float64 {
	q := &equation{side: bound, before: before, reward: reward}
	v := s.start(q, 0)
	s.iterate(q, v, 1e-14)
	if !bound.worst {
		return v
	}
	errors := &equation{side: side{worst: true, open: bound.open}, before: before, reward: func(n int32) float64 { return v[n] * s.c.total(n) }}
	most := s.start(errors, 0)
	s.iterate(errors, most, 1e-6)
	for slack := 1e-13; slack < 1; slack *= 10 {
		u := make([]float64, len(v))
		for n := range v {
			u[n] = v[n] + slack*most[n]
		}
		if s.closed(q, u) {
			return u
		}
	}
	for n := range v {
		v[n] = math.Inf(1)
	}
	return v
}

// closed says that no row exceeds a value, so that it is an upper bound of the solution.
func (s *solver) closed(q *equation, u []float64) bool {
	for _, n := range s.order {
		if s.c.nodes[n].before == q.before && s.row(q, u, n) > u[n] {
			return false
		}
	}
	return true
}
