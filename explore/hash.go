package explore

import (
	"encoding/binary"
	"math/bits"
)

// hasher turns the bytes of a state and a used vector into two hashes. It runs
// two lanes with different constants, each of which folds 16 bytes at a time by
// a multiplication of 64 by 64 bits, and mixes them in the end.
type hasher struct {
	a, b, c, d uint64
	mask       uint64 // all ones; tests weaken the hash with it
}

// weakened tells whether a test has weakened the hash.
func (h *hasher) weakened() bool { return h.mask != ^uint64(0) }

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

// sum returns the two hashes of one state.
func (h *hasher) sum(s []byte, used uint64) (pos, fp uint64) {
	p, f := h.begin(used)
	for ; len(s) >= 16; s = s[16:] {
		p, f = h.mix(p, f, binary.LittleEndian.Uint64(s), binary.LittleEndian.Uint64(s[8:]))
	}
	if len(s) >= 8 {
		p, f = h.mix(p, f, binary.LittleEndian.Uint64(s), tail(s[8:]))
	} else if len(s) > 0 {
		p, f = h.mix(p, f, 0, tail(s))
	}
	return h.end(p, f)
}

// begin, mix and end are the parts of sum.
func (h *hasher) begin(used uint64) (p, f uint64) {
	if used != 0 {
		return fold(used^h.c, h.b), fold(used^h.a, h.d)
	}
	return h.d, h.c
}

func (h *hasher) mix(p, f, x, y uint64) (uint64, uint64) {
	return fold(x^h.a^p, y^h.c), fold(x^h.d, y^h.b^f)
}

func (h *hasher) end(p, f uint64) (pos, fp uint64) {
	pos, fp = finish(p^h.b, f^h.c)
	return pos & h.mask, fp & h.mask
}

// finish mixes the two lanes by one multiplication. The outermost bits of a
// product are not random enough alone, those in the middle of a lane are.
func finish(p, f uint64) (pos, fp uint64) {
	hi, lo := bits.Mul64(p, f)
	return hi ^ bits.RotateLeft64(p, 32), lo ^ bits.RotateLeft64(f, 32)
}

// tail returns the last 0 to 7 bytes as a word.
func tail(s []byte) (y uint64) {
	for i, c := range s {
		y |= uint64(c) << (8 * i)
	}
	return y
}
