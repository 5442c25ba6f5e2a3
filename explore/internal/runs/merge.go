package runs

import (
	"cmp"
	"errors"
	"math"

	"github.com/kcheck/kcheck/explore/internal/fpset"
	"github.com/kcheck/kcheck/explore/internal/scratch"
)

// stream hands out the elements of a run one after the other.
type stream struct {
	*Reader
	next int // in the page
	n    int // of the page
}

// head returns the head of the next element. At the end there is none, and more is false.
func (s *stream) peek() (head uint64, more bool, err error) {
	if s.next == s.n {
		if s.at+1 == len(s.run.counts) {
			return math.MaxUint64, false, nil
		}
		if err := s.load(s.at + 1); err != nil {
			return math.MaxUint64, false, err
		}
		s.next, s.n = 0, int(s.run.counts[s.at])
	}
	return s.head(s.next), true, nil
}

// ErrStopped says that runs were not merged, since that was to stop.
var ErrStopped = errors.New("stopped")

// stopEvery is after how many elements Merge looks whether it is to stop.
const stopEvery = 1 << 14

// merger is a merge under way.
type merger struct {
	open  []stream
	heads []uint64 // of the next element of each
	union func(a, b uint32) uint32
	err   error
}

// Merge makes one run of several, which are given up if all goes well. union joins the values of elements that are the
// same; without values it is nil, and an element that is inserted in one of them is. The error is ErrStopped once stopped
// says so.
func Merge(space *scratch.Space, list []*Run, union func(a, b uint32) uint32, stopped func() bool) (*Run, error) {
	w, err := NewWriter(space, union != nil)
	if err != nil {
		return nil, err
	}
	m := merger{union: union}
	for _, r := range list {
		m.open, m.heads = append(m.open, stream{Reader: r.NewReader()}), append(m.heads, 0)
	}
	for i := len(m.open) - 1; i >= 0; i-- {
		m.advance(i)
	}
	for n := 0; len(m.open) > 0 && m.err == nil && w.err == nil; n++ {
		if n%stopEvery == 0 && stopped() {
			m.err = ErrStopped
			break
		}
		e := m.least()
		w.Add(&e)
	}
	merged, closing := w.Close()
	if err = cmp.Or(m.err, closing); err != nil {
		if merged != nil {
			merged.Close()
		}
		return nil, err
	}
	for _, r := range list {
		r.Close()
	}
	return merged, nil
}

// advance has the next element of a stream be the next; a stream without one is left out.
func (m *merger) advance(i int) {
	head, more, err := m.open[i].peek()
	m.heads[i], m.err = head, cmp.Or(m.err, err)
	if !more {
		last := len(m.open) - 1
		m.open[i], m.heads[i] = m.open[last], m.heads[last]
		m.open, m.heads = m.open[:last], m.heads[:last]
	}
}

// least takes the least element of all streams from them.
func (m *merger) least() fpset.Element {
	at, head, same := 0, m.heads[0], false
	for i, h := range m.heads[1:] {
		same = h == head || same && h > head
		if h < head {
			at, head = i+1, h
		}
	}
	s := &m.open[at]
	e := s.element(s.next)
	if same {
		return m.join(e)
	}
	s.next++
	m.advance(at)
	return e
}

// join takes the least of the elements with the head of e from the streams, wherever it is.
func (m *merger) join(e fpset.Element) fpset.Element {
	for i, h := range m.heads {
		if h == e.Head {
			if have := m.open[i].element(m.open[i].next); have.Compare(&e) < 0 {
				e = have
			}
		}
	}
	found := 0
	for i := len(m.open) - 1; i >= 0; i-- {
		if m.heads[i] != e.Head {
			continue
		}
		s := &m.open[i]
		have := s.element(s.next)
		if have.Compare(&e) != 0 {
			continue
		}
		switch found++; {
		case found == 1:
			e = have
		case m.union != nil:
			e.Value = m.union(e.Value, have.Value)
		default:
			e.Rest &= have.Rest // not announced if one is not
		}
		s.next++
		m.advance(i)
	}
	return e
}
