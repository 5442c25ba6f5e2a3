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
	p := w.e.p
	if p.opt.Lattice.Beyond == nil || w.e.tracer != nil {
		return
	}
	if w.beyondFaults == nil || w.beyondUsed != used {
		w.beyondUsed, w.beyondFaults = used, p.faults(used)
	}
	p.opt.Lattice.Beyond(w.beyondFaults, s)
}
