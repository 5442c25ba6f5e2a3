package explore

// This file holds how a model is told which faults the budget does not allow any more, so that it need not make the states
// that they lead to. A trace search asks for all successors, since it numbers them.

// mostKinds is how many kinds of faults there are at most for which Out.Wants has an answer; after them comes what is in no budget, and noFault.
const mostKinds = noFault - 1

// kindsOfFaults gives for each transition the number of its kind of fault, and nil where there is nothing to be left out:
// at the greatest depth a fault that the budget does not allow counts as left out, too.
func (p *problem[S]) kindsOfFaults() []uint8 {
	if !p.hasFaults() || len(p.kinds) > mostKinds || p.opt.MaxDepth > 0 {
		return nil
	}
	all := make([]uint8, len(p.effects))
	for id, t := range p.table {
		switch {
		case t.Class != Fault:
			all[id] = noFault
		case t.Fault < len(p.kinds):
			all[id] = uint8(t.Fault)
		default:
			all[id] = mostKinds
		}
	}
	return all
}

// wants has the model asked only for the faults that the budget allows after those that have led to the current state.
func (w *worker[S]) wants() {
	if w.out.kinds == nil || w.spentAfter == w.used+1 {
		return
	}
	w.spentAfter = w.used + 1
	w.out.spent = 1 << mostKinds
	left := w.faultsLeft()
	for i, k := range w.e.p.kinds {
		if !w.allows(k, left) {
			w.out.spent |= 1 << i
		}
	}
}

// allows tells whether something is to be done with a fault of a kind in the current state.
func (w *worker[S]) allows(k kind, faultsLeft bool) bool {
	l := &w.e.p.opt.Lattice
	used, ok := (&effect{Fault, k}).take(w.used)
	return ok && (l.Within == nil || w.within(used)) && (faultsLeft || k.budget == Any || l.Beyond != nil)
}
