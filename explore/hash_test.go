package explore

import (
	"encoding/binary"
	"math"
	"math/bits"
	"testing"
)

// structured returns states as models have them: few bits set, near each other.
func structured(n int) [][]byte {
	var all [][]byte
	for i := range uint64(n) {
		b := binary.LittleEndian.AppendUint64(nil, i&0xff|i>>8<<32)
		b = binary.LittleEndian.AppendUint64(b, i%7)
		b = binary.LittleEndian.AppendUint64(b, i<<48)
		all = append(all, b[:8*(1+i%3)])
	}
	return all
}

// Any 32 bits of the hashes collide as often as random numbers do.
func TestHashCollisions(t *testing.T) {
	const n = 300_000
	states := structured(n)
	expected := float64(n) * float64(n) / math.Exp2(33)
	for seed := range uint64(3) {
		h := newHasher(seed)
		for _, part := range []struct {
			name string
			of   func(pos, fp uint64) uint32
		}{
			{"pos, upper", func(pos, _ uint64) uint32 { return uint32(pos >> 32) }},
			{"fp, lower", func(_, fp uint64) uint32 { return uint32(fp) }},
			{"fp, upper", func(_, fp uint64) uint32 { return uint32(fp >> 32) }},
			{"both", func(pos, fp uint64) uint32 { return uint32(pos>>48)<<16 | uint32(fp>>48) }},
		} {
			seen := make(map[uint32]bool, n)
			for i, s := range states {
				pos, fp := h.sum(s, uint64(i%5))
				seen[part.of(pos, fp)] = true
			}
			// The states with i%3 equal but different i%5 may coincide in
			// bytes, never in both; so all n are different.
			collisions := float64(n - len(seen))
			if math.Abs(collisions-expected) > 6*math.Sqrt(expected)+6 {
				t.Errorf("seed %d, %s: %.0f collisions, expected %.1f", seed, part.name, collisions, expected)
			}
		}
	}
}

// Flipping one bit of a state flips every bit of the hashes half of the time.
func TestHashAvalanche(t *testing.T) {
	h := newHasher(1)
	const n = 2000
	for bit := range 128 {
		flips := 0
		for i := range uint64(n) {
			b := binary.LittleEndian.AppendUint64(nil, i)
			b = binary.LittleEndian.AppendUint64(b, i*i%97)
			p1, f1 := h.sum(b, 0)
			b[bit/8] ^= 1 << (bit % 8)
			p2, f2 := h.sum(b, 0)
			flips += bits.OnesCount64(p1^p2) + bits.OnesCount64(f1^f2)
		}
		if mean := float64(flips) / n / 128; math.Abs(mean-0.5) > 0.02 {
			t.Errorf("bit %d flips %.3f of the bits", bit, mean)
		}
	}
}

// Words and bytes, one state or many: the hashes are the same.
func TestSums(t *testing.T) {
	type odd [5]uint8
	checkSums(t, []odd{{1, 2, 3, 4, 5}, {}, {255, 254, 253, 252, 251}}, 5)
	type small [16]uint8
	checkSums(t, []small{{1, 2, 3}, {15: 1}, {7: 9, 8: 9}}, 16)
	checkSums(t, []small{{1, 2, 3}, {15: 1}, {7: 9, 8: 9}}, 8)
	type large [40]uint8
	for size := 1; size <= 40; size++ {
		var states []large
		for i := range 4 {
			var s large
			for k := range size {
				s[k] = uint8(k*k + 37*i + i*k)
			}
			states = append(states, s)
		}
		checkSums(t, states, size)
	}
}

func checkSums[S comparable](t *testing.T, states []S, size int) {
	t.Helper()
	h := newHasher(7)
	var succ []Successor[S]
	for i := range states {
		succ = append(succ, Successor[S]{State: states[i], ID: TransitionID(i)})
	}
	pos, fp, index := make([]uint64, len(succ)), make([]uint64, len(succ)), make([]uint32, len(succ))
	if k := sieve(&h, succ, size, new(recent), pos, fp, index); k != len(succ) {
		t.Errorf("of %d states %d were not met before", len(succ), k)
	}
	for i := range states {
		if p, f := h.sum(bytesOf(&states[i])[:size], 0); pos[i] != p || fp[i] != f || index[i] != uint32(i) {
			t.Errorf("%v, the first %d bytes: %x %x, one by one %x %x", states[i], size, pos[i], fp[i], p, f)
		}
		for used := range uint64(2) {
			p1, f1 := sumOf(&h, &states[i], size, used)
			if p2, f2 := h.sum(bytesOf(&states[i])[:size], used); p1 != p2 || f1 != f2 {
				t.Errorf("%v, the first %d bytes, used %d: %x %x, as bytes %x %x", states[i], size, used, p1, f1, p2, f2)
			}
		}
	}
}

// What is met again is dropped, with the same used vector and layer only.
func TestRecent(t *testing.T) {
	h := newHasher(3)
	succ := []Successor[uint64]{{State: 1}, {State: 2}, {State: 1}, {State: 2}, {State: 3}}
	pos, fp, index := make([]uint64, 5), make([]uint64, 5), make([]uint32, 5)
	if k := sieve(&h, succ, 8, new(recent), pos, fp, index); k != 3 || index[0] != 0 || index[1] != 1 || index[2] != 4 {
		t.Errorf("kept %v", index[:k])
	}
	r := new(recent)
	for i, want := range []int{1, 1, 1, 0, 0, 0} {
		i %= 3
		if got := r.add(uint64(i)<<1, label(5, uint64(i), i == 2)); got != want {
			t.Errorf("element %d: %d, want %d", i, got, want)
		}
	}
}

func TestTail(t *testing.T) {
	h := newHasher(0)
	seen := map[[2]uint64]int{}
	for n := 1; n < 40; n++ {
		b := make([]byte, n)
		for i := range b {
			b[i] = 1
			pos, fp := h.sum(b, 0)
			if k, ok := seen[[2]uint64{pos, fp}]; ok && k == n {
				t.Errorf("length %d: equal hashes", n)
			}
			seen[[2]uint64{pos, fp}] = n
		}
	}
}

// Each bit of the hashes is set half of the time.
func TestHashBitsAreFair(t *testing.T) {
	const n = 20000
	for seed := range uint64(3) {
		h := newHasher(seed)
		var ones [128]int
		for _, s := range structured(n) {
			pos, fp := h.sum(s, 0)
			for i := range 64 {
				ones[i] += int(pos >> i & 1)
				ones[64+i] += int(fp >> i & 1)
			}
		}
		for i, k := range ones {
			if dev := math.Abs(float64(k)/n - 0.5); dev > 0.02 {
				t.Errorf("seed %d: bit %d is set in %.3f of the hashes", seed, i, float64(k)/n)
			}
		}
	}
}
