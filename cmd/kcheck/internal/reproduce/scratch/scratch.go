// Package scratch makes the temporary directories of clusters and players. What a kcheck that was killed has left of them the next
// one removes, on Linux.
package scratch

import (
	"os"
	"path/filepath"
)

// prefix is how the names of the directories, and of the locks beside them, begin.
const prefix = "kcheck-reproduce-"

// suffix is what a lock's name has more than that of its directory.
const suffix = ".lock"

// Dir is a temporary directory, with a lock beside it that is held until the process ends.
type Dir struct {
	Path string
	lock *os.File
}

// New removes what processes that have ended have left, and makes a new directory. [Dir.Remove] removes it.
func New() (*Dir, error) {
	if sweeps {
		sweep(os.TempDir())
	}
	for {
		lock, err := os.CreateTemp("", prefix+"*"+suffix)
		if err != nil {
			return nil, err
		}
		if !tryLock(lock) || !isThere(lock) { // another process took it for one that was left
			lock.Close()
			continue
		}
		d := &Dir{Path: dirOf(lock.Name()), lock: lock}
		if err := os.Mkdir(d.Path, 0o700); err != nil {
			d.Remove()
			return nil, err
		}
		return d, nil
	}
}

// Remove removes the directory and everything in it. There may be none.
func (d *Dir) Remove() {
	if d == nil {
		return
	}
	_ = os.RemoveAll(d.Path)
	_ = d.lock.Close()
	_ = os.Remove(d.lock.Name())
}

// dirOf is the directory that a lock is beside.
func dirOf(lock string) string { return lock[:len(lock)-len(suffix)] }

// isThere says that a file has not been removed since it was opened.
func isThere(f *os.File) bool {
	opened, err := f.Stat()
	if err != nil {
		return false
	}
	now, err := os.Lstat(f.Name())
	return err == nil && os.SameFile(opened, now)
}

// sweep removes the directories whose lock nobody holds. What cannot be removed stays.
func sweep(in string) {
	locks, _ := filepath.Glob(filepath.Join(in, prefix+"*"+suffix))
	for _, name := range locks {
		if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() {
			continue
		}
		lock, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if tryLock(lock) && isThere(lock) {
			(&Dir{Path: dirOf(name), lock: lock}).Remove()
			continue
		}
		_ = lock.Close()
	}
}
