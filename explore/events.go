package explore

import (
	"cmp"
	"maps"
	"slices"
)

// event is something that was found at a place in the order of exploration: a
// property violated or, with a number from len(props) on, a witness reached.
type event struct {
	what          int
	faults, steps int
	used          uint64
}

// compareEvents is the fixed order of events: by level, then by number.
func compareEvents(a, b event) int {
	return cmp.Or(cmp.Compare(a.faults, b.faults), cmp.Compare(a.steps, b.steps),
		cmp.Compare(a.what, b.what), cmp.Compare(a.used, b.used))
}

// events is a set of events of levels that are not yet finished.
type events map[event]struct{}

// due removes and returns, in order, the events of a level.
func (e events) due(faults, steps int) []event {
	var due []event
	for ev := range e {
		if ev.faults == faults && ev.steps == steps {
			due = append(due, ev)
		}
	}
	for _, ev := range due {
		delete(e, ev)
	}
	slices.SortFunc(due, compareEvents)
	return due
}

// all removes and returns all events in order.
func (e events) all() []event {
	all := slices.SortedFunc(maps.Keys(e), compareEvents)
	clear(e)
	return all
}

// inLayer tells whether there are events of a layer.
func (e events) inLayer(faults int) bool {
	for ev := range e {
		if ev.faults == faults {
			return true
		}
	}
	return false
}

// findWitnesses takes note of the witnesses among events.
func (e *engine[S]) findWitnesses(events []event) {
	for _, ev := range events {
		if ev.what >= len(e.p.props) {
			e.find(ev)
		}
	}
}

// find takes note of an event, unless it says nothing new. It returns false if
// the search has to stop for it.
func (e *engine[S]) find(ev event) bool {
	if w := ev.what - len(e.p.props); w >= 0 {
		if e.reached[w] == nil {
			e.reached[w] = &ev
		}
		return true
	}
	several := e.p.opt.Exhaust || e.p.opt.FaultSets
	if len(e.found) > 0 && !several {
		return true
	}
	for _, f := range e.found {
		if (f.what == ev.what || e.ends(f)) && e.p.subset(f.used, ev.used) {
			return true
		}
	}
	e.found = append(e.found, ev)
	return several
}

// skips tells whether states with this used vector are not of interest since a
// subset of their faults violates a property already.
func (e *engine[S]) skips(used uint64) bool {
	return e.p.opt.FaultSets && slices.ContainsFunc(e.found, func(f event) bool {
		return e.ends(f) && e.p.subset(f.used, used)
	})
}

// ends tells whether supersets of the faults of a violation are not explored.
func (e *engine[S]) ends(f event) bool { return e.p.opt.FaultSets && !e.p.props[f.what].GoesOn }
