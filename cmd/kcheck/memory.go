package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/dustin/go-humanize"
)

// parseMemory reads an amount of memory such as 4GiB; nothing is 0, the engine's default. GB is 10^9 and GiB 2^30 bytes.
func parseMemory(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	n, err := humanize.ParseBytes(strings.TrimSpace(s))
	switch {
	case err != nil || n > math.MaxInt64:
		return 0, fmt.Errorf("%q is not an amount of memory; write for example 512MiB or 4GiB", s)
	case n == 0:
		return 0, errors.New("no memory is too little; write for example 512MiB or 4GiB")
	}
	return int64(n), nil
}
