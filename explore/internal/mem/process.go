package mem

import (
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// What a process needs beside tables and frontiers.
const (
	outsideMargin = 8 << 20  // code that has not been run yet, stacks of threads
	leastHeap     = 12 << 20 // of Go's heap: buffers of the workers, what the program has in hand
	heapShare     = 16       // and this part of the limit
	mostHeap      = 256 << 20
	leastTables   = 4 << 20 // with less there is no use in beginning
)

// process is the limit of the whole process, and what of it is neither Go's heap
// nor mapped by Alloc: code, the runtime's own, libraries.
var process struct {
	mu             sync.Mutex
	limit, outside int64
}

// mapped is how many bytes Alloc has mapped.
var mapped atomic.Int64

// LimitProcess has Go's garbage collector keep what is resident of the process
// within limit bytes, provided that no more than tables bytes are booked by
// Reserve. It returns an error if limit is less than what the process needs. The
// limit 0 is none.
func LimitProcess(limit int64) (tables int64, err error) {
	process.mu.Lock()
	defer process.mu.Unlock()
	if limit == 0 {
		process.limit = 0
		debug.SetMemoryLimit(math.MaxInt64)
		return 0, nil
	}
	heap := goMemory()
	outside := max(0, resident()-heap-mapped.Load()) + outsideMargin
	heap = max(heap+leastHeap/2, leastHeap, min(limit/heapShare, mostHeap))
	if need := outside + heap + leastTables; limit < need {
		return 0, fmt.Errorf("%d MiB are too little: this program needs %d MiB before it has stored much", limit>>20, (need+1<<20-1)>>20)
	}
	process.limit, process.outside = limit, outside
	limitHeap()
	return limit - outside - heap, nil
}

// limitHeap leaves to Go's heap what is left of the limit.
func limitHeap() {
	if process.limit > 0 {
		debug.SetMemoryLimit(max(leastHeap, process.limit-process.outside-mapped.Load()))
	}
}

// noteMapped notes that n more bytes are mapped, or if n is negative fewer.
func noteMapped(n int64) {
	mapped.Add(n)
	process.mu.Lock()
	defer process.mu.Unlock()
	limitHeap()
}

// goMemory returns the bytes that the limit of Go's collector is about.
func goMemory() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64() - s[1].Value.Uint64())
}

// resident returns the bytes of the process that are resident, or 0 where the
// system does not say.
func resident() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
