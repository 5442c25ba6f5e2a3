//go:build !linux

package peers

import "os"

// peakBytes returns 0: only Linux is known to count in kilobytes.
func peakBytes(*os.ProcessState) int64 { return 0 }
