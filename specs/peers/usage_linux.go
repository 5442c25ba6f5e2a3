package peers

import (
	"os"
	"syscall"
)

// peakBytes returns the most memory that a process had resident.
func peakBytes(p *os.ProcessState) int64 {
	if u, ok := p.SysUsage().(*syscall.Rusage); ok {
		return u.Maxrss << 10
	}
	return 0
}
