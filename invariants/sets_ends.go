package invariants

import (
	"math/bits"
	"sync"
	"sync/atomic"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// Lattices searches for the fault sets of several guarantees about one configuration, which share what they find out about
// states after the last fault. It is for one search at a time.
type Lattices struct {
	checks []*Check
	ends   map[model.Config]*ends
}

// NewLattices prepares the search for these checks.
func NewLattices(checks ...*Check) *Lattices {
	return &Lattices{checks: checks, ends: map[model.Config]*ends{}}
}

// ends knows, for states that no fault follows, which guarantees are lost in them: from which a violation can be reached by
// steps and recoveries alone. Guarantees with the same model share it, a bit for each.
type ends struct {
	m          *model.Model // in which no fault happens
	class      []explore.Class
	properties [][]explore.Property[model.State] // by bit
	guarantees []string
	all        uint16 // the bits of all guarantees
	walks      sync.Pool

	limit  int64 // of bytes
	bytes  atomic.Int64
	shards [shards]shard
}

// openEnd is the bit for states from which a limit of the model can be reached, so that other bits may be missing.
const openEnd = 1 << 15

// endsOf is what is known of the states of a check of one of the guarantees, or of the part of it that is about the log.
func (l *Lattices) endsOf(k *Check, log bool, memory int64) (*ends, error) {
	c := k.Model.Config()
	if e := l.ends[c]; e != nil && e.bit(k) != 0 {
		return e, nil
	}
	if memory == 0 {
		memory = explore.DefaultMemory()
	}
	e := &ends{m: k.Model.WithoutFaults(), limit: memory / 4}
	for _, t := range k.Model.Transitions() {
		e.class = append(e.class, t.Class)
	}
	e.add(k)
	for _, other := range l.checks {
		part, err := other.like(k, log)
		if err != nil {
			return nil, err
		}
		if part != nil && part.Model.Config() == c && e.bit(part) == 0 {
			e.add(part)
		}
	}
	e.walks.New = func() any { return &walk{recent: make([]entry, recentLen)} }
	l.ends[c] = e
	return e, nil
}

// like is the check of another guarantee that goes with a check, or nil.
func (k *Check) like(other *Check, log bool) (*Check, error) {
	switch {
	case log && k.Guarantee.owed != nil:
		return k.logPart()
	case log:
		return nil, nil
	}
	return Prepare(k.Guarantee.Name, other.Model.Config(), k.counted)
}

// name tells checks apart: what counts is part of the question.
func (k *Check) name() string { return k.Guarantee.Name + "/" + k.counted.String() }

func (e *ends) add(k *Check) {
	e.all |= 1 << len(e.properties)
	e.properties = append(e.properties, k.Properties)
	e.guarantees = append(e.guarantees, k.name())
}

// bit is the bit of a check's guarantee, or 0.
func (e *ends) bit(k *Check) uint16 {
	for i, name := range e.guarantees {
		if name == k.name() {
			return 1 << i
		}
	}
	return 0
}

const (
	shards    = 256
	recentLen = 1 << 14
)

// shard is a part of the states whose end is known: a hash table with open addressing.
type shard struct {
	mu      sync.Mutex
	entries []entry // a power of two
	n       int
}

// entry is 112 bits of two independent hashes of a state, which tell states apart for all practical purposes (two of a
// billion have the same with a probability of less than 10^-15), and the bits of its end below. The first word is never 0.
type entry [2]uint64

const endMask = 1<<16 - 1

// keyOf hashes a state.
func keyOf(s *model.State, words int) entry {
	a, b := uint64(0x9e3779b97f4a7c15), uint64(0xc2b2ae3d27d4eb4f)
	for i, w := range s[:words] {
		a = fold(a^w, 0xff51afd7ed558ccd+uint64(i)<<1)
		b = fold(b+w, 0xd6e8feb86659fd93+uint64(i)<<1)
	}
	return entry{a | 1, b &^ endMask}
}

func fold(x, y uint64) uint64 {
	hi, lo := bits.Mul64(x^0xa0761d6478bd642f, y)
	return hi ^ lo ^ x>>29
}

// is tells whether the entry is that of a key.
func (e entry) is(key entry) bool { return e[0] == key[0] && e[1]&^endMask == key[1] }

func (e entry) end() uint16 { return uint16(e[1]) }

// recall says what is known of a state.
func (e *ends) recall(key entry) (end uint16, known bool) {
	s := &e.shards[key[0]>>1%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n == 0 {
		return 0, false
	}
	x := s.entries[s.at(key)]
	return x.end(), x[0] != 0
}

// remember notes what was found out about a state; ok is false if the memory is used up.
func (e *ends) remember(key entry, end uint16) (ok bool) {
	s := &e.shards[key[0]>>1%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if 4*s.n >= 3*len(s.entries) {
		more := int64(max(64, len(s.entries))) * 16
		if e.bytes.Add(more) > e.limit {
			e.bytes.Add(-more)
			return false
		}
		s.grow()
	}
	at := s.at(key)
	if s.entries[at][0] == 0 {
		s.n++
	}
	s.entries[at] = entry{key[0], key[1] | uint64(end)}
	return true
}

// at is where a key is, or would be put.
func (s *shard) at(key entry) int {
	mask := len(s.entries) - 1
	i := int(key[0]>>9) & mask
	for s.entries[i][0] != 0 && !s.entries[i].is(key) {
		i = (i + 1) & mask
	}
	return i
}

func (s *shard) grow() {
	old := s.entries
	s.entries = make([]entry, max(64, 2*len(old)))
	for _, x := range old {
		if x[0] != 0 {
			s.entries[s.at(entry{x[0], x[1] &^ endMask})] = x
		}
	}
}
