package explore

import "github.com/kcheck/kcheck/explore/internal/mem"

// DefaultMemory is what Options.Memory is when it is 0: half of the memory of the machine, or of the container. A
// program that runs several checks at once gives each its share.
func DefaultMemory() int64 { return mem.Machine() / 2 }

// LimitProcess limits what is resident of the whole process to limit bytes: it tells Go's garbage collector how much
// that leaves to the heap, and returns how much it leaves to checks, as Options.Memory. Several checks at once share
// that. The error says how much the program needs if limit is less. The limit 0 is none.
func LimitProcess(limit int64) (memory int64, err error) { return mem.LimitProcess(limit) }
