package risk

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// Export writes the Markov decision process of a question as DRN, the explicit format of the model checker Storm: before
// brokers that differ in name alone are made one, and before anything is bounded.
//
// A state has one action, run, with the probabilities of what happens next and, as its reward, the mean time until then.
// Where what comes of an event is left open, the event leads to a state of its own, which has an action for each
// outcome. The labels are
//
//	cluster  before the message is sent; the second action, send, leads to the same state after the send
//	home     where the cluster has come back to its usual state
//	lost     the guarantee is violated
//	done     nothing can be lost any more
//	open     not explored: it counts as no loss for the lower bound, and as a loss for the upper
//
// With W the probability of reaching lost from the state after the send, the risk is the expected sum of W x time over the
// cluster states from home until the return home, over the expected time; for a record the probability of reaching lost
// before the return home, over the expected time until either.
func Export(w io.Writer, q verdict.Question, rates *Rates, states int) error {
	c, err := rawChain(&q, rates)
	if err != nil {
		return err
	}
	if states == 0 {
		states = DefaultStates
	}
	c.grow(states)
	d := &drn{c: c, w: bufio.NewWriter(w)}
	d.write()
	return d.w.Flush()
}

// rawChain is the chain in which brokers are told apart, with the same usual state.
func rawChain(q *verdict.Question, rates *Rates) (*chain, error) {
	if len(q.Refused) > 0 {
		return nil, fmt.Errorf("refused by Kafka: %s", q.Refused[0])
	}
	a, err := aimOf(q.Guarantee)
	if err != nil {
		return nil, err
	}
	k, err := prepare(q, rates, a)
	if err != nil {
		return nil, err
	}
	lumped, err := newChain(k, rates, a, nil)
	if err != nil {
		return nil, err
	}
	home := lumped.state(lumped.home)
	return newChain(k, rates, a, &home)
}

// drn writes a chain.
type drn struct {
	c       *chain
	w       *bufio.Writer
	choices [][]int32 // of the states that stand for events, which come after the nodes
}

// write writes all of it.
func (d *drn) write() {
	c := d.c
	actions := 0
	for n := range c.nodes {
		actions++
		x := &c.nodes[n]
		if x.sent >= 0 {
			actions++
		}
		for _, e := range c.events[x.first:max(x.first, x.last)] {
			if e.last-e.first > 1 {
				actions += int(e.last - e.first)
			}
		}
	}
	events := 0
	for i := range c.events {
		if c.events[i].last-c.events[i].first > 1 {
			events++
		}
	}
	fmt.Fprintf(d.w, "@type: MDP\n@parameters\n\n@reward_models\ntime\n@nr_states\n%d\n@nr_choices\n%d\n@model\n", len(c.nodes)+events, actions)
	for n := range c.nodes {
		d.node(int32(n))
	}
	for i, outs := range d.choices {
		fmt.Fprintf(d.w, "state %d [0]\n", len(c.nodes)+i)
		for j, o := range outs {
			fmt.Fprintf(d.w, "\taction %d [0]\n\t\t%d : 1\n", j, o)
		}
	}
}

// node writes a node with its actions.
func (d *drn) node(n int32) {
	c := d.c
	x := &c.nodes[n]
	fmt.Fprintf(d.w, "state %d [0]%s\n", n, d.labels(n))
	total := 0.0
	if x.kind == live {
		total = c.total(n)
	}
	if total == 0 {
		fmt.Fprintf(d.w, "\taction run [0]\n\t\t%d : 1\n", n)
		return
	}
	fmt.Fprintf(d.w, "\taction run [%s]\n", exact(1/total))
	to, order := map[int]float64{}, []int{}
	for _, e := range c.events[x.first:x.last] {
		target := int(c.outs[e.first])
		if e.last-e.first > 1 {
			target = len(c.nodes) + len(d.choices)
			d.choices = append(d.choices, c.outs[e.first:e.last])
		}
		if _, there := to[target]; !there {
			order = append(order, target)
		}
		to[target] += e.rate / total
	}
	for _, target := range order {
		fmt.Fprintf(d.w, "\t\t%d : %s\n", target, exact(to[target]))
	}
	if x.sent >= 0 {
		fmt.Fprintf(d.w, "\taction send [0]\n\t\t%d : 1\n", x.sent)
	}
}

// labels are those of a node.
func (d *drn) labels(n int32) string {
	c := d.c
	x := &c.nodes[n]
	text := ""
	if n == c.home {
		text += " init"
	}
	if x.before {
		text += " cluster"
	}
	if x.before || c.aim.record {
		if c.isHome(n) {
			text += " home"
		}
	}
	return text + map[kind]string{open: " open", lost: " lost", done: " done"}[x.kind]
}

// isHome says that a node is the usual state, whatever the brokers' names are.
func (c *chain) isHome(n int32) bool {
	s, home := c.state(n), c.state(c.home)
	for _, x := range [...]*model.State{&s, &home} {
		c.check.Model.Canonical(x)
	}
	return s == home
}

// exact writes a number so that reading it gives the same.
func exact(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
