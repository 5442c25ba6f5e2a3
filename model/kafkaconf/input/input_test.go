//go:build unix

package input

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// file writes a file for a test.
func file(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	json := append([]byte(" \n{"), bytes.Repeat([]byte(" "), MaxText)...)
	for name, want := range map[string][]byte{"small": []byte("acks=1\n"), "empty": nil, "json": json} {
		got, err := Configuration(context.Background(), file(t, name, want))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

// TestRefused checks that what is no regular file, or too large, is refused at once and in a sentence.
func TestRefused(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	huge := filepath.Join(t.TempDir(), "huge") // without a block on the disk
	if err := os.WriteFile(huge, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 1<<40); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"/dev/zero": "is a device; name a regular file, or - for standard input",
		pipe:        "is a named pipe; name a regular file",
		".":         "is a folder",
		huge:        "has 1099511627776 bytes; at most 1048576 are read",
		"nowhere":   "no such file or directory",
		file(t, "blanks", bytes.Repeat([]byte(" "), MaxText+1)): "has 1048577 bytes; at most",
	} {
		begin := time.Now()
		data, err := Configuration(context.Background(), name)
		if err == nil || len(data) > 0 || !strings.HasPrefix(Cause(err), want) {
			t.Errorf("%s: %d bytes, %v, want %s", name, len(data), err, want)
		}
		if took := time.Since(begin); took > time.Second {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

// TestInterrupted checks that an interruption ends the reading of a file and the waiting for a stream.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	never, end := ioPipe(t)
	defer end()
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := readStream(ctx, interruptible{ctx, never}, -1, func([]byte) int64 { return MaxText }); err == nil {
		t.Error("waiting was not interrupted")
	}
	if _, err := Configuration(ctx, file(t, "small", []byte("acks=1\n"))); err == nil || Cause(err) != "reading was interrupted" {
		t.Errorf("reading was not interrupted: %v", err)
	}
}

// ioPipe is a stream to which nothing is written.
func ioPipe(t *testing.T) (*os.File, func()) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return r, func() { w.Close(); r.Close() }
}

// TestGrowing checks the limit on a stream whose size is not known.
func TestGrowing(t *testing.T) {
	t.Parallel()
	blanks := strings.NewReader(strings.Repeat(" ", MaxText+10))
	_, err := readStream(context.Background(), blanks, -1, func([]byte) int64 { return MaxText })
	if err == nil || err.Error() != "has more than the 1048576 bytes that are read" {
		t.Error(err)
	}
}
