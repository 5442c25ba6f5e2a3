package risk

import (
	"container/heap"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// chain is the part of the Markov decision process that has been explored.
type chain struct {
	check *invariants.Check
	rates *Rates
	raw   bool // brokers are told apart
	aim   aim

	occurrences []occurrence // what can happen, as a clock sees it
	happens     []int32      // by transition: the occurrence
	recovers    []bool       // by transition: it is a step or a recovery
	asks        int32        // the occurrence of a client that asks who leads before the send
	unprompted  []int32      // by transition: the occurrence where a client asks for metadata without a reason; see [model.Model.Unprompted]

	words  int // of a state in use
	slab   []uint64
	index  map[key]int32
	nodes  []node
	events []event
	outs   []int32
	front  queue

	home     int32   // the state that the cluster returns to
	homeRate float64 // of all that happens there

	out    explore.Out[model.State]
	groups []group // scratch
	err    error
}

// aim is what the process is followed for.
type aim struct {
	// record says that it is about a record that consumers can read; otherwise about messages that are sent.
	record bool
	// done says that nothing can be lost any more of what is followed.
	done func(k *invariants.Check, s *model.State) bool
}

// occurrence is something that happens at a rate.
type occurrence struct {
	model.Occurrence
	rate     float64 // in a second; of a fault of a request or message, its probability
	key      int     // of its value, in the list of values
	with     string  // the step in whose place it happens
	replaces bool
}

// kind says what a node is.
type kind uint8

const (
	open kind = iota // not explored
	live
	lost // the guarantee is violated
	done // it cannot be any more
)

// node is a state, in one of two phases: before the message is sent, and after.
type node struct {
	first, last int32 // its events
	sent        int32 // of a state before the send: the node of the same state after it, or -1
	kind        kind
	before      bool // the message has not been sent
	refuses     bool // writes are refused
	weight      float64
}

// event is something that happens in a state, with what may come of it.
type event struct {
	rate        float64
	occurrence  int32
	with        int32 // another value that the rate goes with, or -1
	first, last int32 // of the nodes that it may lead to
}

// group collects the transitions of one occurrence.
type group struct {
	occurrence int32
	outs       []int32
}

// key is a hash of a state and a phase, of 128 bits.
type key [2]uint64

func (c *chain) keyOf(s *model.State, before bool) key {
	a, b := uint64(0x9e3779b97f4a7c15), uint64(0xc2b2ae3d27d4eb4f)
	if before {
		a++
	}
	for i, w := range s[:c.words] {
		a = mix(a^w, 0xff51afd7ed558ccd+uint64(i)<<1)
		b = mix(b+w, 0xd6e8feb86659fd93+uint64(i)<<1)
	}
	return key{a, b}
}

func mix(x, y uint64) uint64 {
	hi, lo := bits.Mul64(x^0xa0761d6478bd642f, y)
	return hi ^ lo ^ x>>29
}

// newChain prepares the process for a check whose model has times. With the usual state given, brokers are told apart.
func newChain(k *invariants.Check, rates *Rates, a aim, home *model.State) (*chain, error) {
	c := &chain{check: k, rates: rates, raw: home != nil, aim: a, words: k.Model.StateSize() / 8, index: map[key]int32{}}
	values := rates.List()
	at := map[string]int{}
	for i, v := range values {
		at[v.Key] = i
	}
	number := map[model.Occurrence]int32{}
	add := func(o model.Occurrence, t explore.Transition) (int32, error) {
		if n, known := number[o]; known {
			return n, nil
		}
		made, err := c.occurrence(o, t, at)
		number[o] = int32(len(c.occurrences))
		c.occurrences = append(c.occurrences, made)
		return number[o], err
	}
	for id, t := range k.Model.Transitions() {
		o := k.Model.Occurrence(explore.TransitionID(id))
		n, err := add(o, t)
		if err != nil {
			return nil, err
		}
		late := n
		if o.Step == "produce" {
			o.Step = "metadata-age"
			if late, err = add(o, t); err != nil {
				return nil, err
			}
		}
		c.happens, c.unprompted = append(c.happens, n), append(c.unprompted, late)
		c.recovers = append(c.recovers, t.Class != explore.Fault)
	}
	asks := model.Occurrence{Step: "metadata-age", Message: -1, Broker: -1, Who: -1}
	var err error
	if c.asks, err = add(asks, explore.Transition{Action: asks.Step}); err != nil {
		return nil, err
	}
	return c, c.begin(home)
}

// happensIn is the occurrence of a transition in a state.
func (c *chain) happensIn(s *model.State, id explore.TransitionID) int32 {
	if n := c.happens[id]; c.unprompted[id] == n || !c.check.Model.Unprompted(s, id) {
		return n
	}
	return c.unprompted[id]
}

// occurrence finds the rate of what happens.
func (c *chain) occurrence(o model.Occurrence, t explore.Transition, at map[string]int) (occurrence, error) {
	made := occurrence{Occurrence: o}
	if !o.Fault {
		i, known := at[stepPrefix+o.Step]
		if !known {
			return made, fmt.Errorf("the step %s has no time, so that there is no risk to be computed", t.Action)
		}
		made.key, made.rate = i, 1/c.rates.step(o.Step)
		return made, nil
	}
	i, known := at[faultPrefix+o.Kind.String()]
	rate := o.Kind.Fault().Rate
	if !known || rate.Per == 0 {
		return made, fmt.Errorf("the fault %s has no rate, so that there is no risk to be computed", o.Kind)
	}
	made.key, made.rate, made.with = i, c.rates.fault(o.Kind), rate.With
	made.replaces = rate.Per == model.PerRequest || rate.Per == model.PerMessageTried
	return made, nil
}

// canonical replaces a state by its representative. Before the send the producer has news of leaders.
func (c *chain) canonical(s *model.State, before bool) {
	if before {
		c.check.Model.Refresh(s)
	}
	if c.raw {
		c.check.Model.Ranked(s)
	} else {
		c.check.Model.Canonical(s)
	}
}

// begin finds the state that the cluster returns to.
func (c *chain) begin(home *model.State) error {
	var s model.State
	if home != nil {
		s = *home
	} else {
		s = c.usual(&c.check.Model.Initial(nil)[0])
	}
	c.home = c.node(&s, !c.aim.record)
	c.nodes[c.home].weight = 1
	heap.Push(&c.front, waiting{1, c.home})
	return c.err
}

// history is how many faults are let happen to find the state that the cluster usually is in.
const history = 400

// usual is the settled state that comes up most often in a history of faults that follow each other, drawn by their rates.
// The very first state need not come back: it has no history.
func (c *chain) usual(initial *model.State) model.State {
	rng := rand.New(rand.NewPCG(1, 2))
	first := *initial
	c.settle(&first)
	s, best := first, first
	seen := map[model.State]int{}
	for range history {
		total := 0.0
		next := s
		for _, x := range c.out.Of(c.check.Model, &s) {
			o := &c.occurrences[c.happens[x.ID]]
			if c.recovers[x.ID] || o.replaces {
				continue
			}
			if total += o.rate; rng.Float64()*total < o.rate {
				next = x.State
			}
		}
		s = next
		c.settle(&s)
		if c.check.Broken(&s) {
			s = first
		}
		if seen[s]++; seen[s] > seen[best] {
			best = s
		}
	}
	return best
}

// settle takes steps until none is possible; before the send, nothing is sent.
func (c *chain) settle(s *model.State) {
	c.canonical(s, !c.aim.record)
	for range 1000 {
		moved := false
		for _, x := range c.out.Of(c.check.Model, s) {
			if !c.recovers[x.ID] || !c.aim.record && c.sends(x.ID) {
				continue
			}
			*s, moved = x.State, true
			c.canonical(s, !c.aim.record)
			break
		}
		if !moved {
			return
		}
	}
}

// sends says that a transition is a step of a message, which none is before the send.
func (c *chain) sends(id explore.TransitionID) bool {
	return c.occurrences[c.happens[id]].Message >= 0 && c.recovers[id]
}

// node is the number of a canonical state in a phase.
func (c *chain) node(s *model.State, before bool) int32 {
	k := c.keyOf(s, before)
	if n, known := c.index[k]; known {
		return n
	}
	n := int32(len(c.nodes))
	c.index[k] = n
	c.slab = append(c.slab, s[:c.words]...)
	x := node{before: before, sent: -1}
	switch {
	case before:
		x.refuses = !c.check.Model.TakesWrites(s)
	case c.check.Broken(s):
		x.kind = lost
	case c.aim.done(c.check, s):
		x.kind = done
	}
	c.nodes = append(c.nodes, x)
	return n
}

// state is the state of a node.
func (c *chain) state(n int32) (s model.State) {
	copy(s[:c.words], c.slab[int(n)*c.words:])
	return s
}

// expand finds what can happen in a node.
func (c *chain) expand(n int32) {
	s := c.state(n)
	if c.check.Bound(&s) {
		return // stays open
	}
	before := c.nodes[n].before
	c.groups = c.groups[:0]
	moves := false
	for _, x := range c.out.Of(c.check.Model, &s) {
		if before && c.sends(x.ID) {
			continue
		}
		moves = moves || c.recovers[x.ID]
		to := x.State
		c.canonical(&to, before)
		c.add(c.happensIn(&s, x.ID), c.node(&to, before))
	}
	if to := s; before && c.check.Model.AskWhoLeads(&to) {
		c.canonical(&to, before)
		c.add(c.asks, c.node(&to, before))
	}
	if !moves && !before && c.endsBroken(&s) {
		c.nodes[n].kind = lost
		return
	}
	x := &c.nodes[n]
	x.kind, x.first = live, int32(len(c.events))
	for i := range c.groups {
		c.addEvent(&s, n, &c.groups[i])
	}
	if before && !moves && x.refuses && n != c.home {
		c.outs = append(c.outs, c.home) // a person sets it right
		last := int32(len(c.outs))
		c.events = append(c.events, event{rate: 1 / c.rates.step("operator"), occurrence: -1, with: -1, first: last - 1, last: last})
	}
	x.last = int32(len(c.events))
}

// endsBroken says that a state in which only faults are possible violates the guarantee.
func (c *chain) endsBroken(s *model.State) bool {
	return slices.ContainsFunc(c.check.Properties, func(p explore.Property[model.State]) bool {
		return p.Quiescent != nil && !p.Quiescent(s)
	})
}

// add adds a transition to its group.
func (c *chain) add(o, to int32) {
	for i := range c.groups {
		if g := &c.groups[i]; g.occurrence == o {
			if !slices.Contains(g.outs, to) {
				g.outs = append(g.outs, to)
			}
			return
		}
	}
	if len(c.groups) < cap(c.groups) {
		c.groups = c.groups[:len(c.groups)+1]
	} else {
		c.groups = append(c.groups, group{})
	}
	g := &c.groups[len(c.groups)-1]
	g.occurrence, g.outs = o, append(g.outs[:0], to)
}

// addEvent adds the event of a group, unless it changes nothing or cannot happen.
func (c *chain) addEvent(s *model.State, n int32, g *group) {
	if len(g.outs) == 1 && g.outs[0] == n {
		return
	}
	rate, with := c.rateOf(s, g)
	if rate == 0 {
		return
	}
	first := int32(len(c.outs))
	c.outs = append(c.outs, g.outs...)
	c.events = append(c.events, event{rate: rate, occurrence: g.occurrence, with: with, first: first, last: int32(len(c.outs))})
}

// rateOf is the rate of a group in a state. A fault of a request happens in place of the step that carries the request: of the
// times that the step would come, the faults have as many as their probabilities say, and the step the others.
func (c *chain) rateOf(s *model.State, g *group) (rate float64, with int32) {
	o := &c.occurrences[g.occurrence]
	switch {
	case !o.Fault && o.Step == "restart" && c.check.Model.LostDisk(s, o.Broker):
		return 1 / c.rates.step("disk-replacement"), -1
	case !o.replaces:
		return o.rate * (1 - c.replaced(o)), -1
	}
	with = -1
	for i := range c.groups {
		q := c.groups[i].occurrence
		x := &c.occurrences[q]
		if !x.Fault && x.Step == o.with && (o.Message < 0 || x.Message == o.Message) {
			rate += o.rate * x.rate
			with = q
		}
	}
	return rate, with
}

// replaced is the probability that a step does not come since a fault happens in its place.
func (c *chain) replaced(step *occurrence) float64 {
	sum := 0.0
	for i := range c.groups {
		o := &c.occurrences[c.groups[i].occurrence]
		if !step.Fault && o.replaces && o.with == step.Step && (o.Message < 0 || o.Message == step.Message) {
			sum += o.rate
		}
	}
	return min(sum, 1)
}

// total is the rate of all that happens in a node.
func (c *chain) total(n int32) float64 {
	sum := 0.0
	for _, e := range c.events[c.nodes[n].first:c.nodes[n].last] {
		sum += e.rate
	}
	return sum
}
