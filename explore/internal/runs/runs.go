// Package runs keeps elements of a visited set in sorted runs on disk.
//
// A run is a file of pages of records, in the order of the elements, each element once. The first element of each page
// stays in memory, so that a look-up reads one page, and look-ups in order read each page once.
package runs

import (
	"encoding/binary"
	"sort"

	"github.com/kcheck/kcheck/explore/internal/fpset"
	"github.com/kcheck/kcheck/explore/internal/scratch"
)

// A page has the heads of all its records, then their rests, then their values if there are any: a search looks at
// little more than the heads.
const (
	pageBytes  = 16 << 10
	headBytes  = 8
	restBytes  = (fpset.RestBits + 7) / 8
	valueBytes = 4
)

// Run is a sorted run.
type Run struct {
	file   *scratch.File
	values bool
	first  []fpset.Element // of each page
	counts []uint16        // records of each page
	n      int
}

// recordBytes is the length of a record.
func recordBytes(values bool) int {
	if values {
		return headBytes + restBytes + valueBytes
	}
	return headBytes + restBytes
}

// Len returns how many elements there are.
func (r *Run) Len() int { return r.n }

// Writer makes a run of elements that come in order.
type Writer struct {
	run  *Run
	list []fpset.Element // of the page
	page []byte
	err  error
}

// NewWriter begins a run.
func NewWriter(space *scratch.Space, values bool) (*Writer, error) {
	file, err := space.Create(pageBytes)
	if err != nil {
		return nil, err
	}
	list := make([]fpset.Element, 0, pageBytes/recordBytes(values))
	return &Writer{run: &Run{file: file, values: values}, list: list, page: make([]byte, 0, pageBytes)}, nil
}

// Add adds the next element.
func (w *Writer) Add(e *fpset.Element) {
	w.list = append(w.list, *e)
	if len(w.list) == cap(w.list) {
		w.flush()
	}
}

func (w *Writer) flush() {
	if len(w.list) == 0 || w.err != nil {
		w.list = w.list[:0]
		return
	}
	b := w.page[:0]
	for i := range w.list {
		b = binary.LittleEndian.AppendUint64(b, w.list[i].Head)
	}
	for i := range w.list {
		r := w.list[i].Rest
		b = append(b, byte(r), byte(r>>8), byte(r>>16))
	}
	if w.run.values {
		for i := range w.list {
			b = binary.LittleEndian.AppendUint32(b, w.list[i].Value)
		}
	}
	_, w.err = w.run.file.Put(b)
	r := w.run
	r.first, r.counts, r.n = append(r.first, w.list[0]), append(r.counts, uint16(len(w.list))), r.n+len(w.list)
	w.list = w.list[:0]
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
	run   *Run
	at    int // the page that is loaded, -1 for none
	page  []byte
	heads []byte  // of the page
	dense float64 // elements of the page for each step of the head
}

// NewReader returns a reader before the first element.
func (r *Run) NewReader() *Reader {
	return &Reader{run: r, at: -1, page: make([]byte, pageBytes)}
}

// Reset has the reader begin anew, with another run.
func (r *Reader) Reset(run *Run) { r.run, r.at = run, -1 }

func (r *Reader) load(page int) error {
	n := int(r.run.counts[page])
	r.at, r.heads = page, r.page[:n*headBytes]
	from, to := r.run.first[page].Head, ^uint64(0)
	if page+1 < len(r.run.first) {
		to = r.run.first[page+1].Head
	}
	r.dense = float64(n) / (float64(to-from) + 1)
	return r.run.file.Get(page, r.page[:n*recordBytes(r.run.values)])
}

// head returns the head of the i-th element of the page that is loaded.
func (r *Reader) head(i int) uint64 { return binary.LittleEndian.Uint64(r.heads[i*headBytes:]) }

// element returns the i-th element of the page that is loaded.
func (r *Reader) element(i int) (e fpset.Element) {
	n := len(r.heads) / headBytes
	b := r.page[n*headBytes+i*restBytes:]
	e.Head, e.Rest = r.head(i), uint32(b[0])|uint32(b[1])<<8|uint32(b[2])<<16
	if r.run.values {
		e.Value = binary.LittleEndian.Uint32(r.page[n*(headBytes+restBytes)+i*valueBytes:])
	}
	return e
}

// Find returns the element that is the same as *e, if there is one.
func (r *Reader) Find(e *fpset.Element) (have fpset.Element, found bool, err error) {
	first := r.run.first
	page := max(r.at, 0)
	if page+1 < len(first) && first[page+1].Compare(e) <= 0 {
		from := page + 1
		page = from + sort.Search(len(first)-from, func(i int) bool { return first[from+i].Compare(e) > 0 }) - 1
	} else if page >= len(first) || first[page].Compare(e) > 0 {
		return have, false, nil
	}
	if page != r.at {
		if err := r.load(page); err != nil {
			return have, false, err
		}
	}
	n := len(r.heads) / headBytes
	i := r.guess(e.Head)
	for i > 0 && r.head(i-1) >= e.Head {
		i--
	}
	for i < n && r.head(i) < e.Head {
		i++
	}
	for ; i < n && r.head(i) == e.Head; i++ {
		if have = r.element(i); have.Compare(e) == 0 {
			return have, true, nil
		}
	}
	return have, false, nil
}

// guess returns about where in the page an element would be. Elements are spread evenly: one looks where it should be,
// and from there again.
func (r *Reader) guess(head uint64) int {
	n := len(r.heads) / headBytes
	i := min(n-1, int(float64(head-r.run.first[r.at].Head)*r.dense))
	if at := r.head(i); at < head {
		i += int(float64(head-at) * r.dense)
	} else {
		i -= int(float64(at-head) * r.dense)
	}
	return min(max(i, 0), n-1)
}
