package examples

import "math/bits"

// queue is a first-in first-out queue of up to eight numbers from 1 to 15, the
// oldest in the lowest bits. The zero value is empty.
type queue uint32

const elementBits = 4

func (q queue) len() int { return (bits.Len32(uint32(q)) + elementBits - 1) / elementBits }

// at returns element i, or 0 behind the end.
func (q queue) at(i int) int { return int(q >> (elementBits * i) & 15) }

func (q queue) head() int { return q.at(0) }

func (q queue) tail() queue { return q >> elementBits }

func (q queue) push(v int) queue { return q | queue(v)<<(elementBits*q.len()) }

// without returns q without element i.
func (q queue) without(i int) queue {
	older := q & (1<<(elementBits*i) - 1)
	return older | q>>(elementBits*(i+1))<<(elementBits*i)
}

func (q queue) contains(v int) bool {
	for ; q != 0; q = q.tail() {
		if q.head() == v {
			return true
		}
	}
	return false
}
