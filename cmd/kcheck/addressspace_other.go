//go:build !linux

package main

import "math"

// addressSpaceLeft is how many bytes this process may still map; systems other than Linux do not say.
func addressSpaceLeft() int64 { return math.MaxInt64 }

// checkAddressSpace has nothing to say.
func checkAddressSpace() error { return nil }
