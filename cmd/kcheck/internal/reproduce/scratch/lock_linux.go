package scratch

import (
	"os"
	"syscall"
)

// sweeps says that what others have left can be told from what they use: the kernel ends the locks of a process that is killed.
const sweeps = true

// tryLock locks a file for as long as it is open here; false where it is locked.
func tryLock(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
