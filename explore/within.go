package explore

// within tells whether Options.Within allows these faults. Each worker asks once
// for each used vector.
func (w *worker[S]) within(used uint64) bool {
	ok, known := w.allowed[used]
	if !known {
		if w.allowed == nil {
			w.allowed = map[uint64]bool{}
		}
		ok = w.e.p.opt.Within(w.e.p.faults(used))
		w.allowed[used] = ok
	}
	return ok
}
