package explore

import (
	"encoding/binary"
	"sync"
	"sync/atomic"

	"github.com/kcheck/kcheck/explore/internal/mem"
)

// A frontier holds the states of a level that are still to be expanded, as
// records of fixed length in chunks without pointers:
//
//	[ bytes of the state in use | used vector, with a budget | origin, in a trace search ]
const (
	chunkBytes = 64 << 10
	blockLen   = 64 // records a worker takes at a time
)

// chunk is a piece of a frontier.
type chunk struct {
	buf  []byte
	n    int          // records
	left atomic.Int32 // blocks not yet worked off
	page int          // where it is on disk, if buf is nil
}

// chunkPool recycles chunks.
type chunkPool struct {
	record int // bytes of a record
	per    int // records of a chunk
	mem    *mem.Account

	mu    sync.Mutex
	free  []*chunk
	made  int         // chunks
	slabs []mem.Block // of which the chunks are parts

	most int          // chunks in use, before some have to go to disk; 0: no limit
	brim *atomic.Bool // set when there are more
}

// slabChunks is how many chunks are made at once, when there are many.
const slabChunks = 16

func newChunkPool(record int, account *mem.Account) *chunkPool {
	return &chunkPool{record: record, per: max(blockLen, chunkBytes/record), mem: account}
}

// blocks returns how many blocks a full chunk has.
func (p *chunkPool) blocks() int { return (p.per + blockLen - 1) / blockLen }

// bytes returns the size of a chunk.
func (p *chunkPool) bytes() int { return p.per * p.record }

// over tells that so many chunks are in use that some should go to disk.
func (p *chunkPool) over() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.made-len(p.free) > p.most/2
}

// get returns an empty chunk; ok is false if there is no memory for it by the
// account, which is for the caller to act on.
func (p *chunkPool) get() (c *chunk, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.most > 0 && p.made-len(p.free) >= p.most {
		p.brim.Store(true)
	}
	if n := len(p.free); n > 0 {
		c = p.free[n-1]
		p.free = p.free[:n-1]
		c.n = 0
		return c, true
	}
	p.makeSlab(min(max(p.made, 1), slabChunks))
	if n := len(p.free); n > 0 {
		c = p.free[n-1]
		p.free = p.free[:n-1]
		return c, true
	}
	return &chunk{buf: make([]byte, p.bytes())}, false
}

// makeSlab makes n chunks, outside of Go's heap if they are many. Without memory
// for them it makes one, or none.
func (p *chunkPool) makeSlab(n int) {
	bytes := p.bytes()
	for ; !p.mem.Reserve(int64(n * bytes)); n = 1 {
		if n == 1 {
			return
		}
	}
	slab := mem.Alloc(n * bytes)
	p.slabs = append(p.slabs, slab)
	p.made += n
	for i := range n {
		p.free = append(p.free, &chunk{buf: slab.Bytes[i*bytes : (i+1)*bytes : (i+1)*bytes]})
	}
}

// close gives the memory of all chunks back. They must not be used any more.
func (p *chunkPool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mem.Release(int64(p.made * p.bytes()))
	for _, s := range p.slabs {
		s.Free()
	}
	p.slabs, p.free, p.made = nil, nil, 0
}

func (p *chunkPool) put(c *chunk) {
	p.mu.Lock()
	p.free = append(p.free, c)
	p.mu.Unlock()
}

// frontier is a list of chunks.
type frontier struct {
	chunks []*chunk
	n      int // records
	// sizes are the records of each chunk while the frontier is worked off: a chunk that is done with is filled again,
	// so its own count tells nothing about the blocks that other workers have yet to look at.
	sizes []int
}

// begin prepares the frontier to be worked off.
func (f *frontier) begin() {
	f.sizes = make([]int, len(f.chunks))
	for i, c := range f.chunks {
		f.sizes[i] = c.n
		c.left.Store(int32((c.n + blockLen - 1) / blockLen))
	}
}

// add appends a chunk. Its records are moved into the last chunk if there is
// room, so that many small levels do not take a chunk each.
func (f *frontier) add(c *chunk, p *chunkPool) {
	f.n += c.n
	if k := len(f.chunks); k > 0 {
		last := f.chunks[k-1]
		if last.buf != nil && last.n+c.n <= p.per {
			copy(last.buf[last.n*p.record:], c.buf[:c.n*p.record])
			last.n += c.n
			p.put(c)
			return
		}
	}
	f.chunks = append(f.chunks, c)
}

// from returns what is left of a frontier that was worked off up to a block. The chunks
// before it are back in the pool, and may have been filled again.
func (p *chunkPool) from(f frontier, block int) frontier {
	i, done := block/p.blocks(), block%p.blocks()*blockLen
	if i >= len(f.chunks) {
		return frontier{}
	}
	if done >= f.sizes[i] {
		i, done = i+1, 0
	}
	rest := frontier{chunks: f.chunks[i:]}
	if done > 0 {
		c := f.chunks[i]
		copy(c.buf, c.buf[done*p.record:c.n*p.record])
		c.n -= done
	}
	for _, c := range rest.chunks {
		rest.n += c.n
	}
	return rest
}

// prepend puts another frontier before f.
func (f *frontier) prepend(g frontier) {
	if g.n > 0 {
		f.chunks, f.n = append(g.chunks, f.chunks...), g.n+f.n
	}
	f.sizes = nil
}

// output is a chunk being filled by one worker, and the full ones before it.
type output struct {
	full []*chunk
	last *chunk
}

// put appends a record; ok is false if the memory for it ran out.
func (o *output) put(p *chunkPool, state []byte, used uint64, usedLen int, origin uint64) (ok bool) {
	ok = true
	if o.last == nil || o.last.n == p.per {
		if o.last != nil {
			o.full = append(o.full, o.last)
		}
		o.last, ok = p.get()
	}
	rec := o.last.buf[o.last.n*p.record:][:p.record]
	n := copy(rec, state)
	if usedLen > 0 {
		binary.LittleEndian.PutUint64(rec[n:], used)
		n += 8
	}
	if n < len(rec) {
		binary.LittleEndian.PutUint64(rec[n:], origin)
	}
	o.last.n++
	return ok
}

// drain moves everything to the end of f, in order.
func (o *output) drain(f *frontier, p *chunkPool) {
	for _, c := range o.full {
		f.add(c, p)
	}
	if o.last != nil && o.last.n > 0 {
		f.add(o.last, p)
	} else if o.last != nil {
		p.put(o.last)
	}
	o.full, o.last = o.full[:0], nil
}
