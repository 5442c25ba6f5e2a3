package explore

import "time"

// ProgressEvery changes how often progress is reported until the function it
// returns is called.
func ProgressEvery(d time.Duration) (undo func()) {
	old := progressEvery
	progressEvery = d
	return func() { progressEvery = old }
}

// Sabotage breaks the engine until the function it returns is called.
func Sabotage(noBarrier bool, hashMask, skipEvery uint64, overPrune bool) (undo func()) {
	sabotaged = sabotage{noBarrier, hashMask, skipEvery, overPrune}
	return func() { sabotaged = sabotage{} }
}

// Left estimates, after each level of these sizes, how many states are still to
// come; -1 if it cannot be said.
func Left(sizes []int) (left []float64) {
	var g growth
	for _, n := range sizes {
		g.add(n)
		x, ok := g.left()
		if !ok {
			x = -1
		}
		left = append(left, x)
	}
	return left
}

// DiskFullAt has checks with a disk go there with so many elements, and with more than one chunk of a frontier, until the
// function that it returns is called.
func DiskFullAt(elements int64) (undo func()) {
	diskFullAt = elements
	return func() { diskFullAt = 0 }
}
