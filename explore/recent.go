package explore

// recentLen is a power of two; the entries fit into the first-level cache.
const recentLen = 1 << 12

// recent remembers the successors that a worker met last. States of a level
// that are near each other have many successors in common, and what is found
// here costs no access to the visited set.
//
// Two different elements are taken for each other if they meet in an entry and
// have the same 63 bits; see Stats.CollisionProbability.
type recent [recentLen]uint64

// add returns 0 if the element is remembered, and otherwise remembers it and
// returns 1: a number, for nobody could predict the branch. The bits of pos say
// where it is remembered, those of fp what.
func (r *recent) add(pos, fp uint64) int {
	e := &r[pos%recentLen]
	differ := *e ^ fp
	*e = fp
	return int((differ | -differ) >> 63)
}

// label makes used and later part of what is remembered of an element, whose
// hash may be of the state alone.
func label(fp, used uint64, later bool) uint64 {
	fp = (fp ^ used*0x9e3779b97f4a7c15) &^ 1
	if later {
		fp |= 1
	}
	return fp
}
