package plan

// SetMaxPath has paths after the last fault be left open after so many steps.
func (l *Lattices) SetMaxPath(n int) { l.maxPath = n }
