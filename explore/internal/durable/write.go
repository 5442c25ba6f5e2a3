// Package durable writes files of checksummed frames, whole or not at all, and reads them again.
//
//	file  = magic frame* end
//	frame = length 4, CRC-32C of the content 4, content
//	end   = a frame of length 0, whose checksum is the number of bytes before it, modulo 2^32
//
// Numbers are little-endian. A file that lacks its end was cut off.
package durable

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
)

const (
	magic      = "explore\x01"
	frameBytes = 256 << 10 // of content, at most
	headBytes  = 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Writer writes one file. The first error stays, and what is written after it is dropped.
type Writer struct {
	f     *os.File
	buf   []byte // the head of the frame being filled, and its content so far
	total int64
	err   error
}

// Replace writes a file whole or not at all: what it had before stays until the new content is on the disk, also when the
// process is killed.
func Replace(name string, fill func(w *Writer)) error {
	temporary := name + ".tmp"
	w, err := Create(temporary)
	if err != nil {
		return err
	}
	fill(w)
	err = w.Close(true)
	if err == nil {
		err = os.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	if dir, err := os.Open(filepath.Dir(name)); err == nil { // that the name lasts too; not every system can do it
		_ = dir.Sync()
		_ = dir.Close()
	}
	return nil
}

// Create begins a file, in place of what it may have had.
func Create(name string) (*Writer, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	w := &Writer{f: f, buf: make([]byte, headBytes, headBytes+frameBytes)}
	w.put([]byte(magic))
	return w, nil
}

// Close ends the file and returns the first error. With sync it waits until the disk has it.
func (w *Writer) Close(sync bool) error {
	w.flush()
	var end [headBytes]byte
	binary.LittleEndian.PutUint32(end[4:], uint32(w.total))
	w.put(end[:])
	if sync && w.err == nil {
		w.err = w.f.Sync()
	}
	if err := w.f.Close(); w.err == nil {
		w.err = err
	}
	return w.err
}

func (w *Writer) put(b []byte) {
	if w.err == nil {
		_, w.err = w.f.Write(b)
		w.total += int64(len(b))
	}
}

// flush writes the frame being filled.
func (w *Writer) flush() {
	content := w.buf[headBytes:]
	if len(content) == 0 {
		return
	}
	binary.LittleEndian.PutUint32(w.buf, uint32(len(content)))
	binary.LittleEndian.PutUint32(w.buf[4:], crc32.Checksum(content, castagnoli))
	w.put(w.buf)
	w.buf = w.buf[:headBytes]
}

// Raw writes bytes, whose number the reader has to know.
func (w *Writer) Raw(b []byte) {
	for len(b) > 0 {
		n := min(len(b), cap(w.buf)-len(w.buf))
		w.buf = append(w.buf, b[:n]...)
		b = b[n:]
		if len(w.buf) == cap(w.buf) {
			w.flush()
		}
	}
}

// Uint writes a number.
func (w *Writer) Uint(n uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	w.Raw(b[:])
}

// JSON writes a value as JSON.
func (w *Writer) JSON(v any) {
	b, err := json.Marshal(v)
	if err != nil && w.err == nil {
		w.err = err
	}
	w.Uint(uint64(len(b)))
	w.Raw(b)
}
