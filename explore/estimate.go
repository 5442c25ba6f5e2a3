package explore

import "math"

// growth watches the sizes of the levels of a layer. Their logarithms are close
// to a parabola: a level is larger than the one before by a factor that falls
// from level to level, beyond 1 at the widest, until nothing is left. That tells
// how many states are still to come, to within a factor of two when the widest
// level is near, and a tenth soon after it.
type growth struct {
	sizes [factors + 1]float64 // of the last levels, logarithms
	n     int                  // levels so far
}

const (
	factors    = 4   // of growth that are looked at
	fastGrowth = 1.3 // with a larger factor the end is too far away to tell
	farAway    = 1e4 // levels, likewise
)

// add notes the size of the next level.
func (g *growth) add(size int) {
	copy(g.sizes[:], g.sizes[1:])
	g.sizes[factors] = math.Log(float64(max(1, size)))
	g.n++
}

// left estimates how many states the levels after the last will have together.
// It is not ok if that cannot be said.
func (g *growth) left() (states float64, ok bool) {
	if g.n <= factors {
		return 0, false
	}
	// The line nearest to the factors' logarithms: at x, which is 0 for the
	// last of them, it is mean + slope * (x - middle).
	const middle = -(factors - 1) / 2.0
	var mean, slope, square float64
	for i := range factors {
		y, dx := g.sizes[i+1]-g.sizes[i], float64(i-factors+1)-middle
		mean += y / factors
		slope += dx * y
		square += dx * dx
	}
	slope /= square
	if last := g.sizes[factors] - g.sizes[factors-1]; slope >= 0 || last > math.Log(fastGrowth) {
		return 0, false
	}
	size := g.sizes[factors]
	for x := 1.0; x < farAway; x++ {
		if size += mean + slope*(x-middle); size < 0 {
			return states, true
		}
		states += math.Exp(size)
	}
	return 0, false
}

// estimate notes the size of the level that will be expanded next and estimates
// the number of states of this layer and those before.
func (e *engine[S]) estimate() {
	e.growth.add(e.level.n)
	total := uint64(0)
	if left, ok := e.growth.left(); ok {
		total = e.distinct.Load() + uint64(left)
	}
	e.expected.Store(total)
}
