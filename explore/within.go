package explore

// within tells whether Lattice.Within allows these faults. Each worker asks once
// for each used vector.
func (w *worker[S]) within(used uint64) bool {
	ok, known := w.allowed[used]
	if !known {
		if w.allowed == nil {
			w.allowed = map[uint64]bool{}
		}
		ok = w.e.p.opt.Lattice.Within(w.e.p.faults(used))
		w.allowed[used] = ok
	}
	return ok
}

// beyond shows Lattice.Beyond a successor that MaxFaults alone forbids.
func (w *worker[S]) beyond(used uint64, s *S) {
	if show := w.e.p.opt.Lattice.Beyond; show != nil && w.e.tracer == nil {
		show(w.shown.of(w.e.p, used), s)
	}
}

// expanding shows Options.Expanded the state whose successors are made.
func (w *worker[S]) expanding() {
	if show := w.e.p.opt.Expanded; show != nil && w.e.tracer == nil {
		show(w.shown.of(w.e.p, w.used), &w.state)
	}
}

// shown is the used vector that a function of the caller was shown last, unpacked: the next one is mostly the same.
type shown[S comparable] struct {
	used   uint64
	faults []int
}

func (l *shown[S]) of(p *problem[S], used uint64) []int {
	if l.faults == nil || l.used != used {
		l.used, l.faults = used, p.faults(used)
	}
	return l.faults
}
