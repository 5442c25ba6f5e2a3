package scratch

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
)

// What is put away comes back, pages that are given up are used again, and a limit holds.
func TestPages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	space, err := Open(dir, 3*64)
	if err != nil {
		t.Fatal(err)
	}
	f, err := space.Create(64)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 && runtime.GOOS != "windows" {
		t.Errorf("%v would be left if the process were killed: %v", left, err)
	}
	page := func(c byte) []byte { return bytes.Repeat([]byte{c}, 50) }
	for i := range 3 {
		if n, err := f.Put(page(byte(i))); err != nil || n != i {
			t.Fatalf("page %d: %d, %v", i, n, err)
		}
	}
	if _, err := f.Put(page(9)); !errors.Is(err, ErrFull) {
		t.Errorf("a page beyond the limit: %v", err)
	}
	f.Free(1)
	if n, err := f.Put(page(9)); err != nil || n != 1 {
		t.Errorf("a page that was given up: %d, %v", n, err)
	}
	got := make([]byte, 50)
	for i, want := range []byte{0, 9, 2} {
		if err := f.Get(i, got); err != nil || !bytes.Equal(got, page(want)) {
			t.Errorf("page %d: %v, %v", i, got, err)
		}
	}
	if _, err := f.f.WriteAt([]byte{77}, 70); err != nil {
		t.Fatal(err)
	}
	if err := f.Get(1, got); err == nil || !strings.Contains(err.Error(), "is damaged at byte 64") {
		t.Errorf("a page that was changed: %v", err)
	}
}

// A page that could not be written takes nothing of the limit, and its place is taken by the next.
func TestPageNotWritten(t *testing.T) {
	t.Parallel()
	space, err := Open(t.TempDir(), 64)
	if err != nil {
		t.Fatal(err)
	}
	f, err := space.Create(64)
	if err != nil {
		t.Fatal(err)
	}
	good := f.f
	if f.f, err = os.Open(os.DevNull); err != nil { // which is not open for writing
		t.Fatal(err)
	}
	if _, err := f.Put([]byte("a")); err == nil || errors.Is(err, ErrFull) {
		t.Errorf("a page that cannot be written: %v", err)
	}
	_ = f.f.Close()
	f.f = good
	if n, err := f.Put([]byte("b")); err != nil || n != 0 {
		t.Errorf("the next page: %d, %v", n, err)
	}
	f.Close()
	if space.Close(); space.used.Load() != 0 {
		t.Errorf("%d bytes are counted after the end", space.used.Load())
	}
}
