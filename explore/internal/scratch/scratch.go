// Package scratch keeps what does not fit into memory in files of pages, for as long as a process needs it. The checksums
// of the pages stay in memory: what comes back is what was put away, or an error.
package scratch

import (
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// ErrFull is wrapped by the errors about a disk without room, or a limit that was reached.
var ErrFull = errors.New("no room on the disk")

// Space is a folder for files, with a limit on their bytes.
type Space struct {
	dir   string
	limit int64
	used  atomic.Int64

	closing sync.WaitGroup
	left    atomic.Int64 // files being closed whose names are still there
}

// Open returns the space in a folder, which is made where there is none, and may be used by others too. The limit 0 is none.
func Open(dir string, limit int64) (*Space, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	if limit == 0 {
		limit = math.MaxInt64
	}
	return &Space{dir: dir, limit: limit}, nil
}

// File is a file of pages, known by number. It may be used by one goroutine at a time.
type File struct {
	space *Space
	f     *os.File
	page  int
	gone  bool // its name is removed already
	sums  []uint32
	free  []int
}

// Create returns a new file of pages of at most that many bytes.
func (s *Space) Create(page int) (*File, error) {
	f, err := os.CreateTemp(s.dir, "explore-*")
	if err != nil {
		return nil, full(err)
	}
	gone := os.Remove(f.Name()) == nil // where that can be done, the file ends with the process, however that ends
	return &File{space: s, f: f, page: page, gone: gone}, nil
}

// full wraps ErrFull where a disk has no room.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}

// Put puts a page away and returns its number.
func (f *File) Put(b []byte) (int, error) {
	if len(f.free) == 0 {
		if f.space.used.Add(int64(f.page)) > f.space.limit {
			f.space.used.Add(-int64(f.page))
			return 0, fmt.Errorf("%w: the limit of %d bytes is reached", ErrFull, f.space.limit)
		}
		f.free, f.sums = append(f.free, len(f.sums)), append(f.sums, 0)
	}
	last := len(f.free) - 1
	i := f.free[last]
	if _, err := f.f.WriteAt(b, int64(i)*int64(f.page)); err != nil {
		return 0, full(err)
	}
	f.free, f.sums[i] = f.free[:last], crc32.Checksum(b, castagnoli)
	return i, nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Get brings back what was put away as page i, of the same length.
func (f *File) Get(i int, b []byte) error {
	if _, err := f.f.ReadAt(b, int64(i)*int64(f.page)); err != nil {
		return fmt.Errorf("%s cannot be read at byte %d: %w", f.f.Name(), i*f.page, err)
	}
	if crc32.Checksum(b, castagnoli) != f.sums[i] {
		return fmt.Errorf("%s is damaged at byte %d: the disk gives back something else than was written", f.f.Name(), i*f.page)
	}
	return nil
}

// Free gives up page i.
func (f *File) Free(i int) { f.free = append(f.free, i) }

// Close gives up the file. The system waits, for seconds on a slow disk, until what it is just writing of the file is
// written; so that is done beside everything else.
func (f *File) Close() {
	f.space.used.Add(-int64(f.page) * int64(len(f.sums)))
	if !f.gone {
		f.space.left.Add(1)
	}
	f.space.closing.Go(func() {
		_ = f.f.Close()
		if !f.gone {
			_ = os.Remove(f.f.Name())
			f.space.left.Add(-1)
		}
	})
}

// patience is how long Close waits for files that leave nothing behind.
const patience = 200 * time.Millisecond

// Close waits until the files that were given up are closed, of those without a name only for a moment.
func (s *Space) Close() {
	done := make(chan struct{})
	go func() {
		s.closing.Wait()
		close(done)
	}()
	if s.left.Load() > 0 {
		<-done
		return
	}
	select {
	case <-done:
	case <-time.After(patience):
	}
}
