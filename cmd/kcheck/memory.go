package main

import (
	"fmt"
	"math"
	"runtime/debug"
	"strings"

	"github.com/dustin/go-humanize"
)

// minMemory is the least memory that a search can work with.
const minMemory = 1 << 20

// parseMemory reads an amount of memory such as 4GiB; nothing is 0, the engine's default. GB is 10^9 and GiB 2^30 bytes.
func parseMemory(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	n, err := humanize.ParseBytes(strings.TrimSpace(s))
	switch {
	case err != nil || n > math.MaxInt64:
		return 0, fmt.Errorf("%q is not an amount of memory; write for example 512MiB or 4GiB", s)
	case n < minMemory:
		return 0, fmt.Errorf("%s is too little; the least is 1MiB", s)
	}
	return int64(n), nil
}

// limitMemory keeps the garbage collector from letting the process grow far beyond what the search may use: the limit
// of the search, and an eighth and 64 MiB for everything around it.
func limitMemory(search int64) {
	if search > 0 {
		debug.SetMemoryLimit(search + search/8 + 64<<20)
	}
}
