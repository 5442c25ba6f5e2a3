package durable

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// content is what the tests write: longer than a frame.
var content = bytes.Repeat([]byte("0123456789abcde"), 50_000)

func written(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	err := Replace(name, func(w *Writer) {
		w.Uint(7)
		w.JSON(map[string]int{"a": 1})
		w.Raw(content)
	})
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func read(name string) error {
	r, err := Open(name)
	if err != nil {
		return err
	}
	n := r.Uint()
	var m map[string]int
	r.JSON(&m)
	got := make([]byte, len(content))
	r.Raw(got)
	r.End()
	if err := r.Close(); err != nil {
		return err
	}
	if n != 7 || m["a"] != 1 || !bytes.Equal(got, content) {
		return errors.New("something else was read than was written")
	}
	return nil
}

func TestWrittenIsRead(t *testing.T) {
	t.Parallel()
	name := written(t)
	if err := read(name); err != nil {
		t.Fatal(err)
	}
	if files, _ := filepath.Glob(name + "*"); len(files) != 1 {
		t.Errorf("%v are left", files)
	}
}

// Whichever byte is another, and wherever the file is cut off, it is damaged.
func TestDamage(t *testing.T) {
	t.Parallel()
	name := written(t)
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	places := []int{0, 7, 8, 11, 12, 16, 40, 300_000, len(whole) - 9, len(whole) - 8, len(whole) - 1}
	for _, i := range places {
		bent := bytes.Clone(whole)
		bent[i] ^= 4
		for what, b := range map[string][]byte{"bent": bent, "cut off": whole[:i]} {
			if err := os.WriteFile(name, b, 0o600); err != nil {
				t.Fatal(err)
			}
			var damaged *DamagedError
			if err := read(name); !errors.As(err, &damaged) || damaged.File != name {
				t.Errorf("%s at byte %d: %v", what, i, err)
			}
		}
	}
}

// A file that cannot be written leaves the one before.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs /dev/full")
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	if err := os.WriteFile(name, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/full", name+".tmp"); err != nil {
		t.Fatal(err)
	}
	if err := Replace(name, func(w *Writer) { w.Raw(content) }); err == nil {
		t.Error("a full disk is no error")
	}
	if b, err := os.ReadFile(name); err != nil || string(b) != "before" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestLock(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	release, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(dir); runtime.GOOS == "linux" && (err == nil || !strings.Contains(err.Error(), "another process uses the folder "+dir)) {
		t.Errorf("a folder is locked twice: %v", err)
	}
	release()
	release, err = Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	release()
}
