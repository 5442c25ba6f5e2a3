package explore

// Sabotage breaks the engine until the function it returns is called.
func Sabotage(noBarrier bool, hashMask, skipEvery uint64, overPrune bool) (undo func()) {
	sabotaged = sabotage{noBarrier, hashMask, skipEvery, overPrune}
	return func() { sabotaged = sabotage{} }
}
