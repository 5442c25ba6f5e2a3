package explore

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/kcheck/kcheck/explore/internal/scratch"
)

// With Options.Disk the visited set in memory has a largest size. When it is full its elements become sorted runs on disk,
// and it begins anew. So a state that is not found in memory may still be known: it is a candidate. Candidates are looked
// up in the runs many at a time, in the order of the runs, before they join a level: at the latest when the level is done,
// and before the set in memory, which knows them by then, becomes a run itself. Frontiers that take more than their share
// of the memory go to disk as well, chunk by chunk, and so do the origins of a trace search.
//
// Nothing that is found changes by that. A candidate that turns out to be known was looked at by the properties once more,
// at a place where it breaks nothing that it did not break where it was found first.

// Disk says where a check keeps what does not fit into its memory.
type Disk struct {
	// Dir is the folder for the files, which is made where there is none. They are gone when the check ends; on Unix also
	// when the process is killed. Several checks may have the same folder.
	Dir string
	// Size bounds the bytes of the files; 0 is no bound. Without room there the check ends, see OutOfDisk.
	Size int64
}

// What a part of the memory is for, as shares of all of it.
const (
	visitedShare = 2 // the visited set in memory
	chunkShare   = 4 // frontiers in memory
	lookUpShare  = 5 // looking candidates up
)

// disk is what a search keeps on disk, and how much of it in memory.
type disk[S comparable] struct {
	e       *engine[S]
	space   *scratch.Space
	chunks  *scratch.File // of frontiers
	origins *scratch.File // of a trace search
	parts   [parts]part
	fresh   [2]frontier // candidates: of the level, of the next layer
	portion int         // chunks that are worked off together
	batch   int         // chunks of candidates that are looked up together
	order   []candidate // that are looked up
	known   []bool
}

// checkDisk says which options exclude the disk.
func (p *problem[S]) checkDisk() error {
	o := &p.opt
	switch {
	case o.Disk == nil:
		return nil
	case o.Disk.Dir == "":
		return errors.New("Options.Disk.Dir is empty; name a folder")
	case o.Disk.Size < 0:
		return fmt.Errorf("Options.Disk.Size is %d; it must not be negative", o.Disk.Size)
	case o.Strategy != BFS:
		return errors.New("Options.Disk needs the strategy BFS")
	case o.Exact:
		return errors.New("Options.Disk and Options.Exact exclude each other: what is on disk is fingerprints")
	case o.Checkpoint != nil:
		return errors.New("Options.Disk and Options.Checkpoint exclude each other: what is on disk is not part of a checkpoint")
	}
	return nil
}

// openDisk prepares the search to go to disk.
func (e *engine[S]) openDisk() error {
	o, memory := e.p.opt.Disk, e.account.Limit()
	if least := leastForDisk + int64(chunkShare*8*len(e.workers)*e.pool.bytes()); memory < least {
		return fmt.Errorf("a check that goes to disk needs %d MiB of memory, and has %d: give it more", (least+1<<20-1)>>20, memory>>20)
	}
	space, err := scratch.Open(o.Dir, o.Size)
	if err != nil {
		return onDisk(err)
	}
	d := &disk[S]{e: e, space: space}
	e.disk = d
	if d.chunks, err = space.Create(e.pool.bytes()); err == nil && e.tracer != nil {
		d.origins, err = space.Create(8 * originChunk)
	}
	if err != nil {
		return onDisk(err)
	}
	most := int(memory) / chunkShare / e.pool.bytes()
	e.pool.most, e.pool.brim = most, &e.brim
	d.portion = max(len(e.workers), most/8)
	d.batch = max(1, int(memory)/lookUpShare/(e.pool.per*lookUpBytes))
	e.visited.Bound(memory / visitedShare)
	if diskFullAt > 0 {
		e.visited.FullAt(diskFullAt)
		e.pool.most, d.portion, d.batch = 1, 1, 1
	}
	return nil
}

// onDisk says of an error what it keeps a check from.
func onDisk(err error) error {
	return fmt.Errorf("what does not fit into memory cannot be kept on disk: %w", err)
}

// leastForDisk is the least memory with which a search goes to disk, frontiers apart.
const leastForDisk = 4 << 20

// diskFullAt, in tests, is with how many elements the visited set in memory is full.
var diskFullAt int64

// close gives up the files.
func (d *disk[S]) close() {
	for i := range d.parts {
		for _, r := range d.parts[i].runs {
			r.Close()
		}
	}
	for _, f := range []*scratch.File{d.chunks, d.origins} {
		if f != nil {
			f.Close()
		}
	}
	d.space.Close()
}

// failed stops the search because of the disk.
func (d *disk[S]) failed(err error) {
	if errors.Is(err, scratch.ErrFull) {
		d.e.lost.Store(true)
		d.e.stop.CompareAndSwap(0, int32(OutOfDisk))
		return
	}
	d.e.fail(onDisk(err))
}

// next brings the first chunks of a frontier into memory, and leaves the others.
func (d *disk[S]) next(f frontier) (part, rest frontier) {
	n := min(d.portion, len(f.chunks))
	part.chunks, rest.chunks = f.chunks[:n:n], f.chunks[n:]
	for _, c := range part.chunks {
		d.fetch(c)
		part.n += c.n
	}
	rest.n = f.n - part.n
	return part, rest
}

// fetch brings a chunk into memory, if it is on disk.
func (d *disk[S]) fetch(c *chunk) {
	if c.buf != nil {
		return
	}
	empty, ok := d.e.pool.get()
	if !ok {
		d.e.outOfMemory()
	}
	c.buf = empty.buf
	if err := d.chunks.Get(c.page, c.buf[:c.n*d.e.pool.record]); err != nil {
		d.failed(err)
	}
	d.chunks.Free(c.page)
}

// spill puts chunks on disk while there are too many in memory.
func (d *disk[S]) spill(chunks []*chunk) {
	for _, c := range chunks {
		if !d.e.pool.over() {
			return
		}
		if c.buf == nil {
			continue
		}
		page, err := d.chunks.Put(c.buf[:c.n*d.e.pool.record])
		if err != nil {
			d.failed(err)
			return
		}
		d.e.pool.put(&chunk{buf: c.buf})
		c.buf, c.page = nil, page
	}
}

// settle looks the candidates up, has those that are new join their frontiers, and empties the visited set in memory if it
// is full.
func (d *disk[S]) settle() {
	e := d.e
	depth := int(e.depth.Load()) + 1
	for i := range d.fresh {
		from := d.fresh[i]
		d.fresh[i] = frontier{}
		if from.n == 0 {
			continue
		}
		to := &e.level
		if i == 1 {
			to = e.laterAt(depth)
		}
		before := to.n
		for part := range slices.Chunk(from.chunks, d.batch) {
			d.join(to, part, i == 1)
		}
		if i == 0 {
			e.distinct.Add(uint64(to.n - before))
		}
		d.spill(to.chunks)
	}
	if e.pool.over() { // what is needed last goes first
		for _, list := range [][]frontier{e.later, e.entries, {e.level}} {
			for i := range list {
				d.spill(list[i].chunks)
			}
		}
		d.spill(e.todo.chunks[min(d.portion, len(e.todo.chunks)):])
	}
	if e.visited.Full() {
		d.flush()
	}
	e.brim.Store(false)
}

// keepOrigins puts a chunk of origins on disk.
func (d *disk[S]) keepOrigins(origins []uint64) {
	b := make([]byte, 0, 8*originChunk)
	for _, o := range origins {
		b = binary.LittleEndian.AppendUint64(b, o)
	}
	if _, err := d.origins.Put(b); err != nil {
		d.failed(err)
	}
}

// origin returns from where a node was found.
func (d *disk[S]) origin(t *tracer, node uint64) uint64 {
	if node/originChunk == (t.n-1)/originChunk {
		return t.origins[0][node%originChunk]
	}
	b := make([]byte, 8*originChunk)
	if err := d.origins.Get(int(node/originChunk), b); err != nil {
		d.failed(err)
		return initialOrigin
	}
	return binary.LittleEndian.Uint64(b[node%originChunk*8:])
}
