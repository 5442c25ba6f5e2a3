package fpset

import (
	"unsafe"

	"golang.org/x/exp/constraints"
)

// This is the only file of the package with unsafe.

// addressOf returns the address of a slot, for prefetch, which is the only one
// to use it. Nothing is ever read or written there: it need not stay valid.
func addressOf[T constraints.Unsigned](slot *T) uintptr { return uintptr(unsafe.Pointer(slot)) }
