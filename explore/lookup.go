package explore

import (
	"encoding/binary"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/kcheck/kcheck/explore/internal/fpset"
	"github.com/kcheck/kcheck/explore/internal/runs"
)

// This file holds how candidates are looked up on disk, and how the visited set in memory gets there. See Options.Disk.

// The elements on disk are divided by the first bits of their heads, so that workers look up and merge at the same time.
const (
	partBits = 3
	parts    = 1 << partBits
)

// part is what is on disk of a part of the elements.
type part struct {
	runs   []*runs.Run
	reader *runs.Reader
	buffer []fpset.Element
}

// mostRuns is how many runs a part has before some are merged.
const mostRuns = 4

// candidate is a state that is looked up: its element, by which candidates are sorted, and where it is.
type candidate struct {
	head uint64
	rest uint64 // Element.Rest, and in the lowest placeBits the place: the chunk's number times its records, and the record
}

const placeBits = 40

// lookUpBytes is what it takes to look a candidate up.
const lookUpBytes = 17

func (c *candidate) less(b *candidate) bool {
	return c.head < b.head || c.head == b.head && c.rest < b.rest
}

// sortCandidates sorts by the bits of the head from shift+7 down, in place: into buckets by 8 bits, and then each of them.
func sortCandidates(list []candidate, shift int) {
	if len(list) < 40 || shift < 0 {
		for i := 1; i < len(list); i++ {
			c, k := list[i], i
			for ; k > 0 && c.less(&list[k-1]); k-- {
				list[k] = list[k-1]
			}
			list[k] = c
		}
		return
	}
	ends := toBuckets(list, shift)
	from := 0
	for _, to := range ends {
		sortCandidates(list[from:to], shift-8)
		from = to
	}
}

// toBuckets moves candidates to where those with the same 8 bits of the head from shift on are, and returns where these end.
func toBuckets(list []candidate, shift int) (ends [256]int) {
	var next [256]int
	for i := range list {
		ends[byte(list[i].head>>shift)]++
	}
	sum := 0
	for b, n := range ends {
		next[b] = sum
		sum += n
		ends[b] = sum
	}
	for b := range ends {
		for i := next[b]; i < ends[b]; i++ {
			c := list[i]
			for to := byte(c.head >> shift); int(to) != b; to = byte(c.head >> shift) {
				c, list[next[to]] = list[next[to]], c
				next[to]++
			}
			list[i] = c
		}
	}
	return ends
}

// inParallel has the workers do n tasks.
func (d *disk[S]) inParallel(n int, do func(w *worker[S], i int)) {
	var cursor atomic.Int64
	run := func(w *worker[S]) {
		for !d.stopped() {
			i := int(cursor.Add(1) - 1)
			if i >= n {
				return
			}
			do(w, i)
		}
	}
	var wg sync.WaitGroup
	for _, w := range d.e.workers[1:] {
		wg.Go(func() { run(w) })
	}
	run(d.e.workers[0])
	wg.Wait()
}

// empty tells that nothing is on disk yet.
func (d *disk[S]) empty() bool {
	for i := range d.parts {
		if len(d.parts[i].runs) > 0 {
			return false
		}
	}
	return true
}

// join has the candidates of some chunks that are new join a frontier.
func (d *disk[S]) join(to *frontier, chunks []*chunk, later bool) {
	if d.empty() {
		for _, c := range chunks {
			to.add(c, d.e.pool)
		}
		return
	}
	d.lookUp(chunks, later)
	if d.stopped() { // what is not known is not to be told from what was not looked up
		return
	}
	record, per := d.e.pool.record, d.e.pool.per
	for k, c := range chunks {
		kept := 0
		for i := range c.n {
			if !d.known[k*per+i] {
				copy(c.buf[kept*record:], c.buf[i*record:(i+1)*record])
				kept++
			}
		}
		if c.n = kept; kept > 0 {
			to.add(c, d.e.pool)
		} else {
			d.e.pool.put(c)
		}
	}
}

// lookUp finds out which candidates are known by a run.
func (d *disk[S]) lookUp(chunks []*chunk, later bool) {
	begins, n := make([]int, len(chunks)), 0
	for k, c := range chunks {
		begins[k] = n
		n += c.n
	}
	if most := d.batch * d.e.pool.per; most > cap(d.order) { // at once: smaller ones before it would be garbage as large as it
		d.order, d.known = make([]candidate, most), make([]bool, most)
	}
	d.order, d.known = d.order[:n], d.known[:len(chunks)*d.e.pool.per]
	clear(d.known)
	d.inParallel(len(chunks), func(w *worker[S], k int) { d.hash(w, chunks[k], d.order[begins[k]:][:chunks[k].n], k) })
	if d.stopped() {
		return
	}
	ends := toBuckets(d.order, 64-8)
	d.inParallel(parts, func(_ *worker[S], i int) {
		const buckets = len(ends) / parts
		begin := 0
		if i > 0 {
			begin = ends[i*buckets-1]
		}
		from := begin
		for _, to := range ends[i*buckets : (i+1)*buckets] {
			sortCandidates(d.order[from:to], 64-16)
			from = to
		}
		d.find(&d.parts[i], d.order[begin:from], chunks, later)
	})
}

// hash makes candidates of the records of the k-th chunk.
func (d *disk[S]) hash(w *worker[S], c *chunk, order []candidate, k int) {
	e := d.e
	for i := range c.n {
		rec := c.buf[i*e.pool.record:]
		copy(bytesOf(&w.state), rec[:e.p.size])
		x := fpset.ElementOf(sumOf(&e.hash, &w.state, e.p.size, w.hashed(d.used(rec))))
		order[i] = candidate{x.Head, uint64(x.Rest)<<placeBits | uint64(k*e.pool.per+i)}
	}
}

// used is the used vector of a record.
func (d *disk[S]) used(rec []byte) uint64 {
	if d.e.p.usedLen == 0 {
		return 0
	}
	return binary.LittleEndian.Uint64(rec[d.e.p.size:])
}

// find finds out which candidates of a part, which are sorted, are known.
func (d *disk[S]) find(p *part, list []candidate, chunks []*chunk, later bool) {
	for _, run := range p.runs {
		if p.reader == nil {
			p.reader = run.NewReader()
		}
		p.reader.Reset(run)
		for k := range list {
			if k%stopEvery == 0 && d.stopped() {
				return
			}
			c := &list[k]
			e := fpset.Element{Head: c.head, Rest: uint32(c.rest >> placeBits)}
			have, found, err := p.reader.Find(&e)
			if err != nil {
				d.failed(err)
				return
			}
			if !found {
				continue
			}
			at := int(c.rest & (1<<placeBits - 1))
			rec := chunks[at/d.e.pool.per].buf[at%d.e.pool.per*d.e.pool.record:]
			if !d.known[at] && d.redundant(&have, d.used(rec), later) {
				d.known[at] = true
			}
		}
	}
}

// stopEvery is after how many look-ups it is looked whether the search is to stop.
const stopEvery = 1 << 12

// stopped tells that the search is to stop: then it may leave candidates out.
func (d *disk[S]) stopped() bool { return d.e.stop.Load() != 0 }

// redundant tells whether a candidate is known by an element of a run.
func (d *disk[S]) redundant(have *fpset.Element, used uint64, later bool) bool {
	if d.e.chains != nil {
		return d.e.chains.Redundant(have.Value, used, later)
	}
	return later || !have.Announced()
}

// flush makes runs of the elements of the visited set in memory, and fewer of all runs if they are many.
func (d *disk[S]) flush() {
	var union func(a, b uint32) uint32
	if d.e.chains != nil {
		union = d.e.chains.Union
	}
	d.inParallel(parts, func(_ *worker[S], i int) {
		p := &d.parts[i]
		err := d.flushPart(p, i, union)
		if err == nil && len(p.runs) > mostRuns {
			err = d.merge(p, union)
		}
		if err != nil && !errors.Is(err, runs.ErrStopped) {
			d.failed(err)
		}
	})
}

// flushPart makes a run of the i-th part of the visited set in memory.
func (d *disk[S]) flushPart(p *part, i int, union func(a, b uint32) uint32) error {
	w, err := runs.NewWriter(d.space, union != nil)
	if err != nil {
		return err
	}
	const segments = fpset.Segments / parts
	for s := i * segments; s < (i+1)*segments && !d.stopped(); s++ {
		p.buffer = d.e.visited.Take(s, p.buffer, w.Add)
	}
	run, err := w.Close()
	switch {
	case err != nil:
		return err
	case run.Len() == 0:
		run.Close()
	default:
		p.runs = append(p.runs, run)
	}
	return nil
}

// merge merges the newest runs of a part, as many as are small beside those after them: the last at any rate. So there are
// few runs, and an element is written about as often as the runs grow to a multiple of their size.
func (d *disk[S]) merge(p *part, union func(a, b uint32) uint32) error {
	from, after := len(p.runs)-1, p.runs[len(p.runs)-1].Len()
	for k := from - 1; k >= 0; k-- {
		if n := p.runs[k].Len(); k == len(p.runs)-2 || n <= 2*after {
			from = k
		}
		after += p.runs[k].Len()
	}
	merged, err := runs.Merge(d.space, p.runs[from:], union, d.stopped)
	if err == nil {
		p.runs = append(p.runs[:from], merged)
	}
	return err
}
