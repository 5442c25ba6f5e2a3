// Package cache keeps answers in a folder, so that a question that was answered is not asked again.
//
// An entry is named by everything that its answer depends on: the question with its behaviours, and the build of kcheck
// (see [Key]). It is written whole or not at all, and it carries a checksum: what is damaged is left out, with a word,
// and answered anew. The folder may be deleted at any time, and several processes may share it.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Store is a folder of answers. A nil Store has none and takes none. It may be used by several goroutines.
type Store struct {
	dir   string
	build string
	warn  func(message string)
	full  sync.Once // what is wrong with the folder is said once
}

// Open opens a folder, and makes it where there is none. build names the program: answers of another one are not looked
// at. warn is told what is wrong with entries, one sentence each.
func Open(dir, build string, warn func(message string)) (*Store, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, cause(err)
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return nil, cause(err)
	}
	return &Store{dir: dir, build: build, warn: warn}, errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// cause is what is wrong, without the name of the file.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// Key names an entry by what its answer depends on: values that can be written as JSON. The empty key, of a nil Store or
// of what cannot be written, names no entry.
func (s *Store) Key(parts ...any) string {
	if s == nil {
		return ""
	}
	data, err := json.Marshal(append([]any{s.build}, parts...))
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// file is where an entry is.
func (s *Store) file(key string) string { return filepath.Join(s.dir, key[:2], key[2:]+".json") }

// Get reads an entry into a value, and says whether it is there and whole.
func (s *Store) Get(key string, into any) bool {
	if s == nil || key == "" {
		return false
	}
	data, err := os.ReadFile(s.file(key))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.warn(fmt.Sprintf("%s: %v; it is left out", s.file(key), cause(err)))
		}
		return false
	}
	sum, body, _ := bytes.Cut(data, []byte("\n"))
	if string(sum) != checksum(body) || json.Unmarshal(body, into) != nil {
		s.warn(fmt.Sprintf("%s: the entry is damaged; it is left out and answered anew", s.file(key)))
		return false
	}
	return true
}

// Put writes an entry. That it cannot is said once, and is no error: the answer is there.
func (s *Store) Put(key string, value any) {
	if s == nil || key == "" {
		return
	}
	if err := s.put(key, value); err != nil {
		s.full.Do(func() { s.warn(fmt.Sprintf("%s: an entry cannot be written: %v", s.dir, cause(err))) })
	}
}

// put writes an entry to a file beside its own, which then takes its place.
func (s *Store) put(key string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	file := s.file(key)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%s\n%s", checksum(body), body)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// checksum tells a whole entry from a damaged one.
func checksum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
