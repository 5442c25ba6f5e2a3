//go:build unix && !aix && !solaris && !illumos

package durable

import (
	"os"
	"syscall"
)

// lock takes a lock on a file that lasts until it is closed or the process ends.
func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == syscall.EWOULDBLOCK {
		return errTaken
	}
	return err
}
