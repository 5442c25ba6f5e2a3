package explore

import (
	"fmt"
	"reflect"
	"runtime"
	"unsafe"
)

// This is the only file of the package that uses unsafe.

// bytesOf returns the bytes of *s without copying them. It is sound because
// checkLayout has made sure that S holds no pointers and no padding: every
// byte is part of the value, and equal values have equal bytes.
func bytesOf[S comparable](s *S) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(s)), unsafe.Sizeof(*s))
}

// sizeOf returns the bytes of a T.
func sizeOf[T any]() int64 {
	var t T
	return int64(unsafe.Sizeof(t))
}

// wordLoads says that a word of a state can be loaded as it lies there, also
// where it is not aligned, which gives the same as binary.LittleEndian.Uint64.
const wordLoads = runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"

// sumOf hashes the first size bytes of a state and a used vector, as hasher.sum
// does.
func sumOf[S comparable](h *hasher, s *S, size int, used uint64) (pos, fp uint64) {
	if !wordLoads || size < 8 {
		return h.sum(bytesOf(s)[:size], used)
	}
	p, f := h.begin(used)
	at := unsafe.Pointer(s)
	i := 0
	for ; i+16 <= size; i += 16 {
		p, f = h.mix(p, f, load(at, i), load(at, i+8))
	}
	if i < size {
		x, y := lastWords(at, i, size)
		p, f = h.mix(p, f, x, y)
	}
	return h.end(p, f)
}

// load returns the word that is i bytes behind s.
func load(s unsafe.Pointer, i int) uint64 { return *(*uint64)(unsafe.Add(s, i)) }

// lastWords returns the 1 to 15 bytes from i to size, of at least 8 bytes, as
// the two words that hasher.sum makes of them.
func lastWords(s unsafe.Pointer, i, size int) (x, y uint64) {
	if i+8 <= size {
		x, i = load(s, i), i+8
	}
	if i < size {
		y = load(s, size-8) >> (8 * uint(8-(size-i)))
	}
	return x, y
}

// rawSum is a hash of one lane, of the first size bytes of a state, which are at
// least 8, and a used vector.
func rawSum[S comparable](h *hasher, s *S, size int, used uint64) uint64 {
	p := used*h.b ^ h.d
	at := unsafe.Pointer(s)
	i := 0
	for ; i+16 <= size; i += 16 {
		p = fold(load(at, i)^h.a^p, load(at, i+8)^h.c)
	}
	if i < size {
		x, y := lastWords(at, i, size)
		p = fold(x^h.a^p, y^h.c)
	}
	return p
}

// sieve hashes the first size bytes of the states of all successors, as
// hasher.sum does, and puts the hashes and numbers of those that were not met a
// short while ago into pos, fp and index. It returns how many these are. It is a
// loop without calls.
func sieve[S comparable](h *hasher, succ []Successor[S], size int, recent *recent, pos, fp []uint64, index []uint32) (k int) {
	if !wordLoads || size < 8 || h.weakened() {
		for j := range succ {
			p, f := h.sum(bytesOf(&succ[j].State)[:size], 0)
			pos[k], fp[k], index[k] = p, f, uint32(j)
			k += recent.add(p, f)
		}
		return k
	}
	if len(succ) == 0 {
		return 0
	}
	a, b, c, d := h.a, h.b, h.c, h.d
	pos, fp, index = pos[:len(succ)], fp[:len(succ)], index[:len(succ)]
	at, stride := unsafe.Pointer(&succ[0].State), unsafe.Sizeof(succ[0])
	for j := range succ {
		p, f := d, c
		i := 0
		for ; i+16 <= size; i += 16 {
			x, y := load(at, i), load(at, i+8)
			p, f = fold(x^a^p, y^c), fold(x^d, y^b^f)
		}
		if i < size {
			x, y := lastWords(at, i, size)
			p, f = fold(x^a^p, y^c), fold(x^d, y^b^f)
		}
		p, f = finish(p^b, f^c)
		pos[k], fp[k], index[k] = p, f, uint32(j)
		k += recent.add(p, f)
		if j+1 < len(succ) {
			at = unsafe.Add(at, stride)
		}
	}
	return k
}

// stateSize checks the layout of S and returns how many of its leading bytes
// are in use.
func stateSize[S comparable](m Model[S]) (int, error) {
	t := reflect.TypeFor[S]()
	if err := checkLayout(t, t.String()); err != nil {
		return 0, err
	}
	size := int(t.Size())
	if size == 0 {
		return 0, fmt.Errorf("state type %s has no fields", t)
	}
	z, ok := m.(Sizer)
	if !ok {
		return size, nil
	}
	n := z.StateSize()
	if n <= 0 || n%8 != 0 || n > size {
		return 0, fmt.Errorf("StateSize returns %d; it must be a positive multiple of 8 and at most %d, the size of %s", n, size, t)
	}
	return n, nil
}

// checkLayout returns an error that names the first part of t whose bytes do
// not identify its value. path is how the user would write that part.
func checkLayout(t reflect.Type, path string) error {
	switch t.Kind() {
	case reflect.Bool,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return nil
	case reflect.Array:
		if t.Len() == 0 {
			return nil
		}
		return checkLayout(t.Elem(), path+"[i]")
	case reflect.Struct:
		return checkStruct(t, path)
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return fmt.Errorf("state type: %s is a %s; use integers, since equal floating-point numbers may differ in their bytes", path, t)
	}
	return fmt.Errorf("state type: %s is a %s; a state must be a value of fixed size without pointers (booleans, integers, arrays and structs of them)", path, t)
}

func checkStruct(t reflect.Type, path string) error {
	end := uintptr(0)
	for i := range t.NumField() {
		f := t.Field(i)
		name := path + "." + f.Name
		if f.Offset != end {
			return fmt.Errorf("state type: %d bytes of padding before %s; reorder the fields from large to small or add a named field", f.Offset-end, name)
		}
		if f.Name == "_" {
			return fmt.Errorf("state type: %s is a blank field, which == ignores; give it a name", name)
		}
		if err := checkLayout(f.Type, name); err != nil {
			return err
		}
		end = f.Offset + f.Type.Size()
	}
	if end != t.Size() {
		return fmt.Errorf("state type: %d bytes of padding at the end of %s; add a named field of that size", t.Size()-end, path)
	}
	return nil
}
