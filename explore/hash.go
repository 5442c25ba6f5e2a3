package explore

import (
	"encoding/binary"
	"math/bits"
)

// hasher turns the bytes of a state and a used vector into two hashes. It runs
// two lanes with different constants, each of which folds 16 bytes at a time by
// a multiplication of 64 by 64 bits.
type hasher struct {
	a, b, c, d uint64
	mask       uint64 // all ones; tests weaken the hash with it
}

func newHasher(seed uint64) hasher {
	// The constants are the output of a splitmix64 generator, made odd.
	next := func() uint64 {
		seed += 0x9e3779b97f4a7c15
		z := seed
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return (z ^ z>>31) | 1
	}
	return hasher{next(), next(), next(), next(), ^uint64(0)}
}

// fold multiplies and adds the halves of the product together.
func fold(x, y uint64) uint64 {
	hi, lo := bits.Mul64(x, y)
	return hi ^ lo
}

// sum returns the two hashes.
func (h *hasher) sum(s []byte, used uint64) (pos, fp uint64) {
	p, f := h.d, h.c
	if used != 0 {
		p, f = fold(used^h.c, h.b), fold(used^h.a, h.d)
	}
	for len(s) >= 16 {
		x, y := binary.LittleEndian.Uint64(s), binary.LittleEndian.Uint64(s[8:])
		p = fold(x^h.a^p, y^h.c)
		f = fold(x^h.d, y^h.b^f)
		s = s[16:]
	}
	if len(s) > 0 {
		x, y := tail(s)
		p = fold(x^h.a^p, y^h.c)
		f = fold(x^h.d, y^h.b^f)
	}
	p = fold(p^h.b, h.d)
	f = fold(f^h.c, h.a)
	return p & h.mask, f & h.mask
}

// tail returns the last 1 to 15 bytes as two words.
func tail(s []byte) (x, y uint64) {
	if len(s) >= 8 {
		x = binary.LittleEndian.Uint64(s)
		s = s[8:]
	}
	for i, c := range s {
		y |= uint64(c) << (8 * i)
	}
	return x, y
}
