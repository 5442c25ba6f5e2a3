package main

import (
	"context"
	"slices"
)

// shrink makes a question smaller as long as its answers differ: it leaves out what it can of settings and faults, one after
// the other. It returns the question and what differs.
func (c *comparison) shrink(ctx context.Context, q question, found string) (question, string) {
	differs := func(smaller question) bool {
		d, err := c.compare(ctx, &smaller)
		if err != nil {
			d = err.Error()
		}
		if d != "" && ctx.Err() == nil {
			q, found = smaller, d
			return true
		}
		return false
	}
	for again := true; again; {
		again = false
		for _, smaller := range q.smaller() {
			if differs(smaller) {
				again = true
				break
			}
		}
	}
	return q, found
}

// smaller are the questions that lack one thing.
func (q *question) smaller() (list []question) {
	without := func(all []string, i int) []string { return slices.Delete(slices.Clone(all), i, i+1) }
	add := func(change func(s *question)) {
		s := *q
		change(&s)
		list = append(list, s)
	}
	if q.messages > 1 {
		add(func(s *question) { s.messages-- })
	}
	for i := range q.sets {
		add(func(s *question) { s.sets = without(q.sets, i) })
	}
	for i := range q.faults {
		add(func(s *question) { s.faults = without(q.faults, i) })
	}
	for i := range q.base {
		add(func(s *question) { s.base = without(q.base, i) })
	}
	return list
}
