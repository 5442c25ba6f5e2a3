package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// minAddressSpace is what must be left of a limit on address space: the heap of Go grows by 64 MiB at a time, and a
// program of Go ends with a crash where that cannot be had.
const minAddressSpace = 256 << 20

// addressSpaceLeft is how many bytes this process may still map within RLIMIT_AS (ulimit -v).
func addressSpaceLeft() int64 {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_AS, &limit); err != nil || limit.Cur > math.MaxInt64 {
		return math.MaxInt64
	}
	data, err := os.ReadFile("/proc/self/statm") // the first number: pages that are mapped
	if err != nil {
		return math.MaxInt64
	}
	first, _, _ := bytes.Cut(data, []byte(" "))
	pages, err := strconv.ParseInt(string(first), 10, 64)
	if err != nil {
		return math.MaxInt64
	}
	return int64(limit.Cur) - pages*int64(os.Getpagesize())
}

// checkAddressSpace says what to do where a limit on address space is too small for a program of Go.
func checkAddressSpace() error { return enoughAddressSpace(addressSpaceLeft()) }

func enoughAddressSpace(left int64) error {
	if left < minAddressSpace {
		return fmt.Errorf("the limit on address space (ulimit -v) leaves %d MiB, and %d are needed beside what Go reserves and does not use; "+
			"raise it, or limit memory with a container or --memory", max(left, 0)>>20, minAddressSpace>>20)
	}
	return nil
}
