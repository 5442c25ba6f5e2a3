package risk

import (
	"cmp"
	"container/heap"
	"math"
	"slices"

	"github.com/kcheck/kcheck/model"
)

// tell adds what the upper bound is made of: the sets of faults, and the values that move it most.
func (r *Result) tell(s *solver, a answer) {
	if a.high <= 0 || math.IsInf(a.high, 1) {
		return
	}
	p := &path{s: s, v: &a.worst, record: s.c.aim.record}
	p.order()
	r.ByFaults = p.byFaults()
	r.Moves = p.moves()
}

// path follows the worst case forward: who comes where how often.
type path struct {
	s      *solver
	v      *values
	record bool
	at     []int32 // the place of a live node in the order of the steps
}

// order numbers the live nodes in the order of the steps.
func (p *path) order() {
	p.at = make([]int32, len(p.s.c.nodes))
	for i, n := range p.s.order {
		p.at[n] = int32(len(p.s.order) - i)
	}
}

// value is what a node contributes to the risk, once it is reached.
func (p *path) value(n int32) float64 {
	if x := &p.s.c.nodes[n]; x.before || p.record {
		if n == p.s.c.home {
			return 0
		}
		return p.v.cycle[n]
	}
	return p.v.sent[n]
}

// choice is the node that the worst case takes after an event.
func (p *path) choice(e *event) int32 {
	c := p.s.c
	best := c.outs[e.first]
	for _, o := range c.outs[e.first+1 : e.last] {
		if p.value(o) > p.value(best) {
			best = o
		}
	}
	return best
}

// faultSet is a set of faults by kind.
type faultSet [model.NumFaults]uint8

func (f faultSet) size() (n int) {
	for _, k := range f {
		n += int(k)
	}
	return n
}

func (f faultSet) within(g faultSet) bool {
	for i := range f {
		if f[i] > g[i] {
			return false
		}
	}
	return true
}

const (
	negligible = 1e-4 // of the risk, below which a way is not followed
	mostFaults = 6    // of a set
)

// byFaults splits the risk by the faults on the way to a loss since the cluster was last as usual.
func (p *path) byFaults() []Share {
	c := p.s.c
	whole := p.v.cycle[c.home]
	losses := map[faultSet]float64{}
	todo := []map[faultSet]*front{{faultSet{}: newFront(p)}}
	todo[0][faultSet{}].add(c.home, 1)
	for size := 0; size < len(todo) && size <= mostFaults; size++ {
		for set, f := range todo[size] {
			p.follow(set, f, whole, losses, &todo)
		}
	}
	return shares(losses)
}

// follow takes the steps that are possible with a set of faults, and hands on what one more fault leads to.
func (p *path) follow(set faultSet, f *front, whole float64, losses map[faultSet]float64, todo *[]map[faultSet]*front) {
	c := p.s.c
	for f.Len() > 0 {
		n, weight := f.next()
		x := &c.nodes[n]
		if x.kind == lost || x.kind == open {
			losses[set] += weight
			continue
		}
		total := c.total(n)
		if total == 0 {
			if x.sent >= 0 { // nothing ever happens here: a cycle of one second
				p.send(f, x.sent, weight, whole)
			}
			continue
		}
		if x.sent >= 0 {
			p.send(f, x.sent, weight/total, whole)
		}
		for i := x.first; i < x.last; i++ {
			e := &c.events[i]
			to := p.choice(e)
			w := weight * e.rate / total
			if to == c.home || w*p.value(to) < negligible*whole {
				continue
			}
			if e.occurrence < 0 || !c.occurrences[e.occurrence].Fault {
				f.add(to, w)
				continue
			}
			more := set
			more[c.occurrences[e.occurrence].Kind]++
			for len(*todo) <= more.size() {
				*todo = append(*todo, map[faultSet]*front{})
			}
			layer := (*todo)[more.size()]
			if layer[more] == nil {
				layer[more] = newFront(p)
			}
			layer[more].add(to, w)
		}
	}
}

// send is a message sent in a state that lasts so long.
func (p *path) send(f *front, sent int32, time, whole float64) {
	if time*p.value(sent) >= negligible*whole {
		f.add(sent, time)
	}
}

// shares are the parts of the minimal sets: what a larger set contributes counts for the largest of the sets in it.
func shares(losses map[faultSet]float64) []Share {
	sets := make([]faultSet, 0, len(losses))
	sum := 0.0
	for set, w := range losses {
		sets = append(sets, set)
		sum += w
	}
	slices.SortFunc(sets, func(a, b faultSet) int {
		return cmp.Or(cmp.Compare(a.size(), b.size()), cmp.Compare(losses[b], losses[a]), slices.Compare(b[:], a[:]))
	})
	var minimal []faultSet
	parts := map[faultSet]float64{}
	for _, set := range sets {
		of := set
		for _, m := range minimal {
			if m.within(set) && (of == set || losses[m] > losses[of]) {
				of = m
			}
		}
		if of == set {
			minimal = append(minimal, set)
		}
		parts[of] += losses[set]
	}
	slices.SortStableFunc(minimal, func(a, b faultSet) int { return cmp.Compare(parts[b], parts[a]) })
	list := []Share{}
	for _, m := range minimal {
		faults := map[string]int{}
		for k, n := range m {
			if n > 0 {
				faults[model.FaultKind(k).String()] = int(n)
			}
		}
		list = append(list, Share{faults, parts[m] / sum})
	}
	return list
}

// front has nodes with their weights, in the order of the steps.
type front struct {
	p      *path
	list   []int32
	weight map[int32]float64
}

func newFront(p *path) *front { return &front{p: p, weight: map[int32]float64{}} }

func (f *front) add(n int32, weight float64) {
	if _, there := f.weight[n]; !there {
		heap.Push(f, n)
	}
	f.weight[n] += weight
}

func (f *front) next() (int32, float64) {
	n := heap.Pop(f).(int32)
	w := f.weight[n]
	delete(f.weight, n)
	return n, w
}

// place puts nodes before the send first, then those after it, each in the order of the steps.
func (f *front) place(n int32) int64 {
	if f.p.s.c.nodes[n].before {
		return int64(f.p.at[n])
	}
	return int64(f.p.at[n]) + math.MaxInt32
}

func (f *front) Len() int           { return len(f.list) }
func (f *front) Less(i, j int) bool { return f.place(f.list[i]) < f.place(f.list[j]) }
func (f *front) Swap(i, j int)      { f.list[i], f.list[j] = f.list[j], f.list[i] }
func (f *front) Push(x any)         { f.list = append(f.list, x.(int32)) }
func (f *front) Pop() any {
	n := f.list[len(f.list)-1]
	f.list = f.list[:len(f.list)-1]
	return n
}

// rounds bounds how often faults lead back in what follows: each takes at least a thousandth of the weight.
const rounds = 12

// times is how long the worst case stays in each node between two returns home.
func (p *path) times() []float64 {
	c := p.s.c
	at := make([]float64, len(c.nodes))
	time := make([]float64, len(c.nodes))
	at[c.home] = 1
	for range rounds {
		for _, before := range [...]bool{true, false} {
			for i := len(p.s.order) - 1; i >= 0; i-- {
				n := p.s.order[i]
				x := &c.nodes[n]
				w := at[n]
				if w == 0 || x.before != before {
					continue
				}
				at[n] = 0
				total := c.total(n)
				if total == 0 {
					if x.sent >= 0 {
						at[x.sent] += w
					}
					continue
				}
				time[n] += w / total
				if x.sent >= 0 {
					at[x.sent] += w / total
				}
				for j := x.first; j < x.last; j++ {
					e := &c.events[j]
					if to := p.choice(e); to != c.home {
						at[to] += w * e.rate / total
					}
				}
			}
		}
	}
	return time
}

// moves lists the values in the order of how much the risk moves with them: the derivative of its logarithm by that of the
// value. Of a step it is by the time, so that the sign is that of a longer time.
func (p *path) moves() []Moves {
	c := p.s.c
	values := c.rates.List()
	up, down := make([]float64, len(values)), make([]float64, len(values))
	home := c.home
	for n, t := range p.times() {
		x := &c.nodes[n]
		if t == 0 || x.kind != live {
			continue
		}
		here, hereTime := p.value(int32(n)), p.v.time[n]
		if int32(n) == home {
			here = p.v.cycle[home]
		}
		cyclic := x.before || p.record
		for i := x.first; i < x.last; i++ {
			e := &c.events[i]
			if e.occurrence < 0 {
				continue
			}
			to := p.choice(e)
			gain := t * e.rate * (p.value(to) - here)
			later := 0.0
			if cyclic {
				if to != home {
					later = p.v.time[to]
				}
				later = t * e.rate * (later - hereTime)
			}
			o := &c.occurrences[e.occurrence]
			for _, k := range p.valuesOf(o, e) {
				sign := 1.0
				if !o.Fault || k != o.key {
					sign = -1
				}
				up[k] += sign * gain
				down[k] += sign * later
			}
		}
	}
	list := []Moves{}
	for k, v := range values {
		if e := up[k]/p.v.cycle[home] - down[k]/p.v.time[home]; math.Abs(e) >= 0.01 {
			list = append(list, Moves{v.Key, math.Round(e*100) / 100})
		}
	}
	slices.SortStableFunc(list, func(a, b Moves) int { return cmp.Compare(math.Abs(b.Elasticity), math.Abs(a.Elasticity)) })
	return list
}

// valuesOf lists the values that the rate of an event goes with.
func (p *path) valuesOf(o *occurrence, e *event) []int {
	c := p.s.c
	if !o.Fault && o.Step == "restart" && e.rate != o.rate {
		return []int{slices.IndexFunc(c.rates.List(), func(v Value) bool { return v.Key == stepPrefix+"disk-replacement" })}
	}
	if e.with >= 0 {
		return []int{o.key, c.occurrences[e.with].key}
	}
	return []int{o.key}
}
