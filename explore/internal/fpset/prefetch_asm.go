//go:build (amd64 || arm64) && !purego

package fpset

// prefetch asks for the cache lines at these addresses. A load that misses the
// cache holds up everything behind it until the reorder buffer is full, after a
// few elements; a prefetch does not wait.
//
//go:noescape
func prefetch(addresses []uintptr)
