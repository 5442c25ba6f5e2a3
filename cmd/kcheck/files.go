package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf/input"
)

// files reads the files of one command, each once, and never the one that it will write. It may be used by several
// goroutines.
type files struct {
	ctx    context.Context
	output string // the file of --output; empty for none

	mu    sync.Mutex
	seen  map[string]content
	clash bool // something is read that would be written over
}

// content is what was read of a file.
type content struct {
	data []byte
	err  error
}

// newFiles reads until ctx ends.
func newFiles(ctx context.Context) *files { return &files{ctx: ctx, seen: map[string]content{}} }

// configuration reads a spec, a configuration or another file that people write.
func (f *files) configuration(name string) ([]byte, error) { return f.read(name, input.Configuration) }

// result reads a saved result.
func (f *files) result(name string) ([]byte, error) { return f.read(name, input.Result) }

// read reads a file, or remembers it.
func (f *files) read(name string, read func(context.Context, string) ([]byte, error)) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c, known := f.seen[name]; known {
		return c.data, c.err
	}
	var c content
	if f.isOutput(name) {
		f.clash = true
		c.err = &fs.PathError{Op: "read", Path: name, Err: errors.New("is the file of --output; write the result to another one")}
	} else {
		c.data, c.err = read(f.ctx, name)
	}
	f.seen[name] = c
	return c.data, c.err
}

// isOutput says whether a file is the one that will be written, by whatever name.
func (f *files) isOutput(name string) bool {
	if f.output == "" || name == input.Stdin {
		return false
	}
	in, err := os.Stat(name)
	if err != nil || !in.Mode().IsRegular() {
		return false
	}
	out, err := os.Stat(f.output)
	return err == nil && os.SameFile(in, out)
}

// write writes the file of --output, unless it is one that was to be read.
func (f *files) write(name string, data []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.clash {
		return status(verdict.ExitError)
	}
	if err := writeFile(name, data); err != nil {
		return fmt.Errorf("--output: %s: %s", name, plain(err))
	}
	return nil
}

// plain is what is wrong with a file, without its name, which stands before it anyway.
func plain(err error) string { return input.Cause(err) }

// checkWritable says why a file cannot be written, before any work is done. It leaves no trace.
func checkWritable(name string) error {
	target, direct, err := targetOf(name)
	if err != nil || direct {
		return err
	}
	f, err := beside(target)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// writeFile writes a file whole or not at all: to a temporary file beside it that then takes its place. What is no
// regular file, such as /dev/stdout, is written to as it is.
func writeFile(name string, data []byte) error {
	target, direct, err := targetOf(name)
	if err != nil {
		return err
	}
	if direct {
		return os.WriteFile(target, data, 0o666)
	}
	f, err := beside(target)
	if err != nil {
		return err
	}
	if err := fill(f, target, data); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// fill writes a temporary file and puts it in its place.
func fill(f *os.File, target string, data []byte) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if old, err := os.Stat(target); err == nil {
		if err := os.Chmod(f.Name(), old.Mode().Perm()); err != nil {
			return err
		}
	}
	return os.Rename(f.Name(), target)
}

// targetOf is the file behind a name, links followed, and whether it is written to as it is.
func targetOf(name string) (target string, direct bool, err error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return name, false, nil
	case err != nil:
		return name, false, err
	case info.IsDir():
		return name, false, errors.New("is a folder; name a file in it")
	case !info.Mode().IsRegular():
		return name, true, nil
	}
	target, err = filepath.EvalSymlinks(name)
	return target, false, err
}

// beside makes a temporary file beside another, with the permissions that a new file has.
func beside(target string) (*os.File, error) {
	for {
		name := filepath.Join(filepath.Dir(target), fmt.Sprintf(".%s.%d", filepath.Base(target), rand.Uint32()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}
