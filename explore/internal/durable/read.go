package durable

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// DamagedError says that a file is not as it was written.
type DamagedError struct {
	File   string
	Offset int64  // of the frame in question
	What   string // what is wrong with it
}

// Error names the file and the place.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("%s is damaged at byte %d: %s", e.File, e.Offset, e.What)
}

// mostJSON is the longest value that JSON reads: the length of one that is longer was not written by this package.
const mostJSON = 1 << 30

// Reader reads a file that a Writer has written. The first error stays, and what is read after it is zero.
type Reader struct {
	f    *os.File
	in   *bufio.Reader
	buf  []byte // content of the frame
	rest []byte // what of it is not yet read
	at   int64  // of the next frame
	err  error
}

// Open opens a file and looks whether it is one of these.
func Open(name string) (*Reader, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	r := &Reader{f: f, in: bufio.NewReaderSize(f, frameBytes), at: int64(len(magic))}
	var begin [len(magic)]byte
	if _, err := io.ReadFull(r.in, begin[:]); err != nil || string(begin[:]) != magic {
		_ = f.Close()
		return nil, &DamagedError{name, 0, "it does not begin as such a file does"}
	}
	return r, nil
}

// Close closes the file and returns the first error.
func (r *Reader) Close() error {
	if err := r.f.Close(); r.err == nil {
		r.err = err
	}
	return r.err
}

// Err returns the first error.
func (r *Reader) Err() error { return r.err }

func (r *Reader) damaged(what string) {
	if r.err == nil {
		r.err = &DamagedError{r.f.Name(), r.at, what}
	}
	r.rest = nil
}

// next reads the next frame. It returns false at the end of the file, and after an error.
func (r *Reader) next() bool {
	if r.err != nil {
		return false
	}
	var head [headBytes]byte
	if !r.full(head[:]) {
		return false
	}
	n, sum := binary.LittleEndian.Uint32(head[:]), binary.LittleEndian.Uint32(head[4:])
	if n == 0 {
		if sum != uint32(r.at) {
			r.damaged("frames are missing before the end")
		}
		return false
	}
	if n > frameBytes {
		r.damaged("a frame is too long")
		return false
	}
	if uint32(cap(r.buf)) < n {
		r.buf = make([]byte, frameBytes)
	}
	r.buf = r.buf[:n]
	if !r.full(r.buf) {
		return false
	}
	if crc32.Checksum(r.buf, castagnoli) != sum {
		r.damaged("the checksum does not agree")
		return false
	}
	r.at += headBytes + int64(n)
	r.rest = r.buf
	return true
}

// full fills b from the file.
func (r *Reader) full(b []byte) bool {
	_, err := io.ReadFull(r.in, b)
	switch {
	case err == nil:
		return true
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		r.damaged("it is cut off")
	case r.err == nil:
		r.err = err
	}
	return false
}

// Raw fills b. After an error b is zero.
func (r *Reader) Raw(b []byte) {
	for len(b) > 0 {
		if len(r.rest) == 0 && !r.next() {
			if r.err == nil {
				r.damaged("it ends too soon")
			}
			clear(b)
			return
		}
		n := copy(b, r.rest)
		b, r.rest = b[n:], r.rest[n:]
	}
}

// Uint reads a number.
func (r *Reader) Uint() uint64 {
	var b [8]byte
	r.Raw(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

// JSON reads a value that was written as JSON.
func (r *Reader) JSON(v any) {
	n := r.Uint()
	if n > mostJSON {
		r.damaged("a length is wrong")
	}
	if r.err != nil {
		return
	}
	b := make([]byte, n)
	r.Raw(b)
	if r.err == nil {
		if err := json.Unmarshal(b, v); err != nil {
			r.damaged(err.Error())
		}
	}
}

// End checks that everything was read.
func (r *Reader) End() {
	if len(r.rest) > 0 || r.next() {
		r.damaged("there is more than was to be read")
	}
}
