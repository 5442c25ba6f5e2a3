package plan

import (
	"math/bits"
	"sync"
	"sync/atomic"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// Lattices searches for the fault sets of several guarantees about one configuration, which share what they find out about
// states after the last fault. It is for one search at a time.
type Lattices struct {
	checks  []*Check
	ends    map[model.Config]*ends
	maxPath int // see there
}

// NewLattices prepares the search for these checks.
func NewLattices(checks ...*Check) *Lattices {
	return &Lattices{checks: checks, ends: map[model.Config]*ends{}, maxPath: maxPath}
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
	maxPath    int // see there
	memo       memo
}

// openEnd is the bit for states from which a limit of the model, or maxPath, can be reached, so that other bits may be missing.
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
	e := &ends{m: k.Model.WithoutFaults(), memo: memo{limit: memory / 4}, maxPath: l.maxPath}
	for _, t := range k.Model.Transitions() {
		e.class = append(e.class, t.Class)
	}
	e.add(k)
	for _, other := range l.checks {
		part, err := like(other, k, log)
		if err != nil {
			return nil, err
		}
		if part != nil && part.Model.Config() == c && e.bit(part) == 0 {
			e.add(part)
		}
	}
	e.walks.New = func() any { return &walk{recent: make([]decided, recentLen)} }
	l.ends[c] = e
	return e, nil
}

// like is the check of another guarantee that goes with a check, or nil.
func like(k, other *Check, log bool) (*Check, error) {
	switch {
	case log && len(k.Guarantee.OwedByLog) > 0:
		return logPart(k)
	case log:
		return nil, nil
	}
	return invariants.Prepare(k.Guarantee.Name, other.Model.Config(), k.Counted)
}

// name tells checks apart: what counts is part of the question.
func name(k *Check) string { return k.Guarantee.Name + "/" + k.Counted.String() }

func (e *ends) add(k *Check) {
	e.all |= 1 << len(e.properties)
	e.properties = append(e.properties, k.Properties)
	e.guarantees = append(e.guarantees, name(k))
}

// bit is the bit of a check's guarantee, or 0.
func (e *ends) bit(k *Check) uint16 {
	for i, n := range e.guarantees {
		if n == name(k) {
			return 1 << i
		}
	}
	return 0
}

// key is 128 bits of two independent hashes of a state, which tell states apart for all practical purposes: two of a
// billion have the same with a probability below 10^-20.
type key [2]uint64

// keyOf hashes a state.
func keyOf(s *model.State, words int) key {
	a, b := uint64(0x9e3779b97f4a7c15), uint64(0xc2b2ae3d27d4eb4f)
	for i, w := range s[:words] {
		a = fold(a^w, 0xff51afd7ed558ccd+uint64(i)<<1)
		b = fold(b+w, 0xd6e8feb86659fd93+uint64(i)<<1)
	}
	return key{a, b}
}

func fold(x, y uint64) uint64 {
	hi, lo := bits.Mul64(x^0xa0761d6478bd642f, y)
	return hi ^ lo ^ x>>29
}

// decided is a state, by its hash, with its end.
type decided struct {
	key key
	end uint16
	set bool
}

const (
	shards      = 256
	recentLen   = 1 << 14
	bytesOfMemo = 56 // of an entry of a map, with what the map keeps free
)

// memo remembers ends by the hashes of canonical states. It is a map in shards, each under a lock of its own.
type memo struct {
	limit  int64 // of bytes
	bytes  atomic.Int64
	shards [shards]struct {
		mu   sync.Mutex
		ends map[key]uint16
	}
}

// recall says what is known of a state.
func (m *memo) recall(k key) (end uint16, known bool) {
	s := &m.shards[k[0]%shards]
	s.mu.Lock()
	end, known = s.ends[k]
	s.mu.Unlock()
	return end, known
}

// remember notes what was found out about a state; ok is false if the memory is used up.
func (m *memo) remember(k key, end uint16) (ok bool) {
	if m.bytes.Add(bytesOfMemo) > m.limit {
		return false
	}
	s := &m.shards[k[0]%shards]
	s.mu.Lock()
	if s.ends == nil {
		s.ends = map[key]uint16{}
	}
	s.ends[k] = end
	s.mu.Unlock()
	return true
}
