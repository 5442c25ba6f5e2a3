package antichain

import (
	"github.com/kcheck/kcheck/explore/internal/durable"
)

// Save writes the sets. Nothing may be added meanwhile.
func (s *Sets) Save(w *durable.Writer) {
	w.Uint(uint64(len(s.members)))
	for _, set := range s.members {
		w.Uint(uint64(len(set)))
		for _, m := range set {
			w.Uint(m)
		}
	}
}

// Load makes an empty table what Save has written of one. Memory that is refused for it shows in Full.
func (s *Sets) Load(r *durable.Reader) {
	for n := range r.Uint() {
		set := make([]uint64, min(r.Uint(), 1<<20))
		for i := range set {
			set[i] = r.Uint()
		}
		if r.Err() != nil {
			return
		}
		if n > 0 { // the empty set is there
			s.number(set)
		}
	}
}
