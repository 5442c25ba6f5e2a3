package main

import (
	"fmt"
	"math"
	"runtime/debug"
	"strconv"
	"strings"
)

// memoryUnits are the units of --memory. As with most tools that take memory limits, a plain K, M, G or T is binary.
var memoryUnits = []struct {
	suffix string
	bytes  float64
}{
	{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"tib", 1 << 40},
	{"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"tb", 1e12},
	{"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30}, {"t", 1 << 40},
	{"b", 1}, {"", 1},
}

// minMemory is the least memory that a search can work with.
const minMemory = 1 << 20

// parseMemory reads an amount of memory such as 4GiB; nothing is 0, the engine's default.
func parseMemory(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	lower := strings.ToLower(strings.TrimSpace(s))
	for _, u := range memoryUnits {
		digits, ok := strings.CutSuffix(lower, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
		if err != nil || math.IsNaN(n) || n < 0 || n*u.bytes >= math.MaxInt64 {
			break
		}
		if n*u.bytes < minMemory {
			return 0, fmt.Errorf("%s is too little; the least is 1MiB", s)
		}
		return int64(n * u.bytes), nil
	}
	return 0, fmt.Errorf("%q is not an amount of memory; write for example 512MiB or 4GiB", s)
}

// limitMemory keeps the garbage collector from letting the process grow far beyond what the search may use: the limit
// of the search, and an eighth and 64 MiB for everything around it.
func limitMemory(search int64) {
	if search > 0 {
		debug.SetMemoryLimit(search + search/8 + 64<<20)
	}
}
