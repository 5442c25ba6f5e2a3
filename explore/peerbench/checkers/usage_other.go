//go:build !linux

package checkers

import "os"

// PeakBytes returns 0: only Linux is known to count in kilobytes.
func PeakBytes(*os.ProcessState) int64 { return 0 }
