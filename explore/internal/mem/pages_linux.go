package mem

import (
	"syscall"
	"unsafe"
)

const (
	page     = 4096
	hugePage = 2 << 20
	smallMax = 64 << 10 // allocations below this come from the ordinary heap
)

// Alloc returns n zero bytes, aligned for any word and, if there are many, in
// huge pages. It panics if the system refuses the address space, as the
// runtime does for make.
func Alloc(n int) Block {
	if n < smallMax {
		return Block{Bytes: heap(n)}
	}
	n = (n + page - 1) &^ (page - 1)
	room := n
	if n >= hugePage {
		room += hugePage // to begin at a huge page
	}
	m, err := syscall.Mmap(-1, 0, room, syscall.PROT_READ|syscall.PROT_WRITE,
		syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE)
	if err != nil {
		panic("mem: cannot map memory for the visited set: " + err.Error())
	}
	noteMapped(int64(n))
	if n < hugePage {
		return Block{Bytes: m, mapped: true}
	}
	skip := -int(uintptr(unsafe.Pointer(&m[0]))) & (hugePage - 1)
	b := m[skip : skip+n : skip+n]
	unmap(m[:skip])
	unmap(m[skip+n:])
	_ = syscall.Madvise(b, syscall.MADV_HUGEPAGE) // only a hint
	return Block{Bytes: b, mapped: true}
}

// unmap gives back the whole pages within b. It does not use syscall.Munmap,
// which knows only whole mappings.
func unmap(b []byte) (n int64) {
	if len(b) == 0 {
		return 0
	}
	begin := uintptr(unsafe.Pointer(&b[0]))
	from, to := (begin+page-1)&^(page-1), (begin+uintptr(len(b)))&^(page-1)
	if from >= to {
		return 0
	}
	_, _, _ = syscall.Syscall(syscall.SYS_MUNMAP, from, to-from, 0)
	return int64(to - from)
}
