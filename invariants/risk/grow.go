package risk

import "container/heap"

// grow explores the likeliest nodes until there are so many, and tells whether some are left.
func (c *chain) grow(most int) (more bool) {
	for len(c.nodes) < most {
		if c.front.Len() == 0 {
			return false
		}
		next := heap.Pop(&c.front).(waiting)
		n := next.node
		if x := &c.nodes[n]; x.kind != open || next.weight < x.weight || x.last < 0 {
			continue
		}
		c.expand(n)
		x := &c.nodes[n]
		if x.kind == open { // a limit of the model
			x.last = -1
			continue
		}
		if x.kind == live {
			c.spread(n)
		}
	}
	return true
}

// spread hands the weight of a node on.
func (c *chain) spread(n int32) {
	x := c.nodes[n]
	total := c.total(n)
	if n == c.home {
		c.homeRate = total
	}
	for _, e := range c.events[x.first:x.last] {
		for _, to := range c.outs[e.first:e.last] {
			c.offer(to, x.weight*e.rate/total)
		}
	}
	if x.before {
		s := c.state(n)
		sent := c.node(&s, false)
		c.nodes[n].sent = sent
		share := 1.0 // of the time: all of it where nothing ever happens
		if total > 0 {
			share = min(1, c.homeRate/total)
		}
		c.offer(sent, x.weight*share)
	}
}

// offer notes a way to a node.
func (c *chain) offer(n int32, weight float64) {
	if x := &c.nodes[n]; x.kind == open && x.last == 0 && weight > x.weight {
		x.weight = weight
		heap.Push(&c.front, waiting{weight, n})
	}
}

// queue has the nodes to be explored, the likeliest first. It is a heap.
type queue []waiting

type waiting struct {
	weight float64
	node   int32
}

// Len implements heap.Interface.
func (q queue) Len() int { return len(q) }

// Less implements heap.Interface; the number decides where two are equally likely.
func (q queue) Less(i, j int) bool {
	return q[i].weight > q[j].weight || q[i].weight == q[j].weight && q[i].node < q[j].node
}

// Swap implements heap.Interface.
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *queue) Push(x any) { *q = append(*q, x.(waiting)) }

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
