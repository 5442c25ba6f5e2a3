package mem

import (
	"unsafe"

	"golang.org/x/exp/constraints"
)

// This file and pages_linux.go are the only ones of the package with unsafe.
// The conversions are sound because heap and mapped memory are aligned to at
// least eight bytes and the element types have no pointers.

// Block is memory got from Alloc.
type Block struct {
	Bytes  []byte
	mapped bool // not part of the garbage collector's heap
}

// Part returns a part of the block, which may be freed alone if it consists of
// whole pages.
func (b Block) Part(from, n int) Block {
	return Block{Bytes: b.Bytes[from : from+n : from+n], mapped: b.mapped}
}

// Free gives the block back, unless the garbage collector will.
func (b Block) Free() {
	if b.mapped {
		noteMapped(-unmap(b.Bytes))
	}
}

// heap returns n zero bytes aligned to eight.
func heap(n int) []byte {
	if n == 0 {
		return nil
	}
	w := make([]uint64, (n+7)/8)
	return unsafe.Slice((*byte)(unsafe.Pointer(&w[0])), n)
}

// View returns the block as a slice of words of some size, for which it must
// be aligned.
func View[T constraints.Unsigned](b Block) []T {
	var w T
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b.Bytes))), len(b.Bytes)/int(unsafe.Sizeof(w)))
}
