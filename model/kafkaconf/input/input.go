// Package input is the one place where kcheck reads files that people name. It reads regular files, and standard input
// where that is asked for, up to a limit that is checked before anything is parsed, and it can be interrupted: neither a
// device nor a pipe nor an enormous file can hold the program up or fill the memory.
package input

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Stdin is the name by which people ask for standard input.
const Stdin = "-"

// The sizes, in bytes, of what is read at most: far beyond what people write, far below what would hurt.
const (
	// MaxText is for configurations, specs and lists.
	MaxText = 1 << 20
	// MaxJSON is for configurations in JSON: a plan of Terraform has everything else in it, too.
	MaxJSON = 32 << 20
	// MaxResult is for results of kcheck itself.
	MaxResult = 64 << 20
)

// chunk is how much is read between two looks at the context.
const chunk = 64 << 10

// Configuration reads a spec or a configuration file: up to [MaxJSON] where it begins as JSON does, up to [MaxText]
// otherwise. The error is a [fs.PathError] whose cause is a sentence for the user.
func Configuration(ctx context.Context, name string) ([]byte, error) {
	return read(ctx, name, func(head []byte) int64 {
		if IsJSON(head) {
			return MaxJSON
		}
		return MaxText
	})
}

// Result reads a result of kcheck, up to [MaxResult].
func Result(ctx context.Context, name string) ([]byte, error) {
	return read(ctx, name, func([]byte) int64 { return MaxResult })
}

// IsJSON says whether a text begins as a JSON document does. A bracket begins an array only where a value follows: in
// "[default]" it begins a section. Two braces begin a template.
func IsJSON(data []byte) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\uFEFF")))
	for bytes.HasPrefix(text, []byte("//")) { // a comment, as some write them into JSON
		_, rest, _ := bytes.Cut(text, []byte("\n"))
		text = bytes.TrimSpace(rest)
	}
	if len(text) == 0 || text[0] != '[' {
		return len(text) > 0 && text[0] == '{' && !bytes.HasPrefix(text, []byte("{{"))
	}
	inner := bytes.TrimSpace(text[1:])
	return len(inner) > 0 && bytes.IndexByte([]byte(`{"[]-0123456789`), inner[0]) >= 0
}

// Cause is what is wrong with a file, without its name.
func Cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// read reads a file of at most as many bytes as its beginning allows.
func read(ctx context.Context, name string, limit func(head []byte) int64) ([]byte, error) {
	data, err := readAll(ctx, name, limit)
	if err != nil && !errors.As(err, new(*fs.PathError)) {
		err = &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return data, err
}

func readAll(ctx context.Context, name string, limit func(head []byte) int64) ([]byte, error) {
	if name == Stdin {
		return readStream(ctx, interruptible{ctx, os.Stdin}, -1, limit)
	}
	// A named pipe is not waited for when it is opened, and is refused when it turns out to be one.
	f, err := os.OpenFile(name, os.O_RDONLY|withoutWaiting, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("is %s; name a regular file, or %s for standard input", kindOf(info.Mode()), Stdin)
	}
	return readStream(ctx, f, info.Size(), limit)
}

// readStream reads a stream to its end. size is its size as far as it is known; -1 where it is not.
func readStream(ctx context.Context, r io.Reader, size int64, limit func(head []byte) int64) ([]byte, error) {
	data, buffer := []byte(nil), make([]byte, chunk)
	most := int64(-1) // not known before the first piece
	for {
		if err := ctx.Err(); err != nil {
			return nil, errors.New("reading was interrupted")
		}
		n, err := r.Read(buffer)
		data = append(data, buffer[:n]...)
		if most < 0 && n > 0 {
			most = limit(data)
		}
		switch {
		case most >= 0 && size > most:
			return nil, fmt.Errorf("has %d bytes; at most %d are read", size, most)
		case most >= 0 && int64(len(data)) > most:
			return nil, fmt.Errorf("has more than the %d bytes that are read", most)
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return nil, err
		}
	}
}

// interruptible is a stream that a context can interrupt while nothing comes.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader. The piece that comes after an interruption is lost.
func (i interruptible) Read(p []byte) (int, error) {
	type piece struct {
		n   int
		err error
	}
	own, done := make([]byte, len(p)), make(chan piece, 1)
	go func() {
		n, err := i.r.Read(own)
		done <- piece{n, err}
	}()
	select {
	case got := <-done:
		return copy(p, own[:got.n]), got.err
	case <-i.ctx.Done():
		return 0, errors.New("reading was interrupted")
	}
}

// kindOf names a kind of file.
func kindOf(mode fs.FileMode) string {
	for _, kind := range []struct {
		bit  fs.FileMode
		name string
	}{{fs.ModeDir, "a folder"}, {fs.ModeNamedPipe, "a named pipe"}, {fs.ModeSocket, "a socket"}, {fs.ModeDevice, "a device"}} {
		if mode&kind.bit != 0 {
			return kind.name
		}
	}
	return "no regular file"
}
