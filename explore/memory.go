package explore

import "github.com/kcheck/kcheck/explore/internal/mem"

// DefaultMemory is what Options.Memory is when it is 0: three quarters of the machine. A program that runs several
// checks at once gives each its share.
func DefaultMemory() int64 { return mem.Machine() / 4 * 3 }
