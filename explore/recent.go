package explore

// recentLen is a power of two; the entries fit into the second-level cache.
const recentLen = 1 << 12

// recent remembers the successors that a worker met last. States of a level
// that are near each other have many successors in common, and what is found
// here costs no access to the visited set. It compares both hashes in full.
type recent struct {
	entries *recentEntries
}

type recentEntries [recentLen]struct{ pos, fp uint64 }

func newRecent() recent { return recent{new(recentEntries)} }

// add returns 0 if the element is remembered, and otherwise remembers it and
// returns 1. later and used are part of the element, since with dominance the
// hashes are of the state alone.
func (r *recent) add(pos, fp, used uint64, later bool) int {
	if used != 0 {
		fp ^= used * 0x9e3779b97f4a7c15
	}
	fp &^= 1
	if later {
		fp |= 1
	}
	return r.entries.add(pos, fp)
}

// add returns 0 if the element is remembered, and otherwise remembers it and
// returns 1: a number, for nobody could predict the branch.
func (r *recentEntries) add(pos, fp uint64) int {
	e := &r[pos%recentLen]
	differ := e.pos ^ pos | e.fp ^ fp
	e.pos, e.fp = pos, fp
	return int((differ | -differ) >> 63)
}
