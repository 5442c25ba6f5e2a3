// Package runs keeps elements of a visited set in sorted runs on disk.
//
// A run is a file of pages of records, in the order of the elements, each element once. The first element of each page
// stays in memory, so that a look-up reads one page, and look-ups in order read each page once.
package runs

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
	"sort"

	"github.com/kcheck/kcheck/explore/internal/fpset"
	"github.com/kcheck/kcheck/explore/internal/scratch"
)

const (
	pageBytes = 16 << 10
	keyBytes  = 11 // 3 of the position, 8 of the word
)

// Run is a sorted run.
type Run struct {
	file   *scratch.File
	format format
	first  []fpset.Element // of each page
	counts []int           // records of each page
}

// format is how a record looks.
type format struct{ size, per int } // bytes of a record, records of a page

func formatOf(values bool) format {
	size := keyBytes
	if values {
		size += 4
	}
	return format{size, pageBytes / size}
}

func (f format) put(b []byte, e *fpset.Element) []byte {
	b = append(b, byte(e.Pos), byte(e.Pos>>8), byte(e.Pos>>16))
	b = binary.LittleEndian.AppendUint64(b, e.Word)
	if f.size > keyBytes {
		b = binary.LittleEndian.AppendUint32(b, e.Value)
	}
	return b
}

func (f format) get(b []byte) (e fpset.Element) {
	e.Pos = uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16
	e.Word = binary.LittleEndian.Uint64(b[3:])
	if f.size > keyBytes {
		e.Value = binary.LittleEndian.Uint32(b[keyBytes:])
	}
	return e
}

// Writer makes a run of elements that come in order.
type Writer struct {
	run  *Run
	page []byte
	err  error
}

// NewWriter begins a run.
func NewWriter(space *scratch.Space, values bool) (*Writer, error) {
	file, err := space.Create(pageBytes)
	if err != nil {
		return nil, err
	}
	return &Writer{run: &Run{file: file, format: formatOf(values)}, page: make([]byte, 0, pageBytes)}, nil
}

// Add adds the next element.
func (w *Writer) Add(e *fpset.Element) {
	if len(w.page) == 0 {
		w.run.first = append(w.run.first, *e)
	}
	w.page = w.run.format.put(w.page, e)
	if len(w.page) == w.run.format.per*w.run.format.size {
		w.flush()
	}
}

func (w *Writer) flush() {
	if len(w.page) > 0 && w.err == nil {
		_, w.err = w.run.file.Put(w.page)
		w.run.counts = append(w.run.counts, len(w.page)/w.run.format.size)
	}
	w.page = w.page[:0]
}

// Close ends the run and returns it.
func (w *Writer) Close() (*Run, error) {
	w.flush()
	if w.err != nil {
		w.run.Close()
		return nil, w.err
	}
	return w.run, nil
}

// Close gives up the run.
func (r *Run) Close() { r.file.Close() }

// Reader looks elements up that come in order.
type Reader struct {
	run  *Run
	at   int // the page that is loaded, -1 for none
	page []byte
}

// NewReader returns a reader before the first element.
func (r *Run) NewReader() *Reader {
	return &Reader{run: r, at: -1, page: make([]byte, pageBytes)}
}

func (r *Reader) load(page int) error {
	r.at = page
	return r.run.file.Get(page, r.page[:r.run.counts[page]*r.run.format.size])
}

// record returns the i-th element of the page that is loaded.
func (r *Reader) record(i int) fpset.Element { return r.run.format.get(r.page[i*r.run.format.size:]) }

// Find returns the element that is the same as *e, if there is one.
func (r *Reader) Find(e *fpset.Element) (have fpset.Element, found bool, err error) {
	first := r.run.first
	from := max(r.at, 0)
	page := from
	if from+1 < len(first) && first[from+1].Compare(e) <= 0 {
		from++
		page = from + sort.Search(len(first)-from, func(i int) bool { return first[from+i].Compare(e) > 0 }) - 1
	} else if from >= len(first) || first[from].Compare(e) > 0 {
		return have, false, nil
	}
	if page != r.at {
		if err := r.load(page); err != nil {
			return have, false, err
		}
	}
	n, i := r.run.counts[page], r.guess(page, e)
	for i > 0 {
		if have = r.record(i - 1); have.Compare(e) < 0 {
			break
		}
		i--
	}
	for ; i < n; i++ {
		if have = r.record(i); have.Compare(e) >= 0 {
			return have, have.Compare(e) == 0, nil
		}
	}
	return have, false, nil
}

// guess returns about where in a page an element would be: elements are spread evenly.
func (r *Reader) guess(page int, e *fpset.Element) int {
	from, to := r.run.first[page].Head(), ^uint64(0)
	if page+1 < len(r.run.first) {
		to = r.run.first[page+1].Head()
	}
	n := r.run.counts[page]
	return min(n, int(float64(e.Head()-from)/float64(to-from+1)*float64(n)))
}

// stream hands out the elements of a run one after the other.
type stream struct {
	*Reader
	next int // in the page
	head fpset.Element
}

// advance reads the next element; ok is false at the end.
func (s *stream) advance() (ok bool, err error) {
	if s.at < 0 || s.next == s.run.counts[s.at] {
		if s.at+1 == len(s.run.counts) {
			return false, nil
		}
		if err := s.load(s.at + 1); err != nil {
			return false, err
		}
		s.next = 0
	}
	s.head = s.record(s.next)
	s.next++
	return true, nil
}

// ErrStopped says that runs were not merged, since that was to stop.
var ErrStopped = errors.New("stopped")

// stopEvery is after how many elements Merge looks whether it is to stop.
const stopEvery = 1 << 14

// Merge makes one run of several, which are given up if all goes well. union joins the values of elements that are the same; without
// values it is nil, and an element that is inserted in one of them is. The
// error is ErrStopped once stopped says so.
func Merge(space *scratch.Space, list []*Run, union func(a, b uint32) uint32, stopped func() bool) (*Run, error) {
	w, err := NewWriter(space, union != nil)
	if err != nil {
		return nil, err
	}
	var open []*stream
	for _, r := range list {
		open = append(open, &stream{Reader: r.NewReader()})
	}
	advance := func(s *stream) error {
		ok, err := s.advance()
		if !ok {
			open = slices.DeleteFunc(open, func(t *stream) bool { return t == s })
		}
		return err
	}
	for _, s := range slices.Clone(open) {
		err = cmp.Or(err, advance(s))
	}
	for n := 0; len(open) > 0 && err == nil && w.err == nil; n++ {
		if n%stopEvery == 0 && stopped() {
			err = ErrStopped
			break
		}
		least := open[0]
		for _, s := range open[1:] {
			if s.head.Compare(&least.head) < 0 {
				least = s
			}
		}
		e := least.head
		for _, s := range slices.Clone(open) {
			if s.head.Compare(&e) != 0 {
				continue
			}
			if s != least && union != nil {
				e.Value = union(e.Value, s.head.Value)
			} else {
				e.Word &= s.head.Word // not announced if one is not
			}
			err = cmp.Or(err, advance(s))
		}
		w.Add(&e)
	}
	merged, closing := w.Close()
	if err = cmp.Or(err, closing); err != nil {
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
