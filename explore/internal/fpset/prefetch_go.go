//go:build (!amd64 && !arm64) || purego

package fpset

// prefetch does nothing: the loads that follow are independent of each other,
// so that at least some of their misses overlap.
func prefetch([]uintptr) {}
