package cache

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// open opens a store that collects what it says.
func open(t *testing.T, dir, build string) (*Store, *[]string) {
	t.Helper()
	said := &[]string{}
	s, err := Open(dir, build, func(m string) { *said = append(*said, m) })
	if err != nil {
		t.Fatal(err)
	}
	return s, said
}

// What was put is there, under its own name and for the same program alone.
func TestStore(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	s, said := open(t, dir, "1")
	key := s.Key("question", 1)
	var got []int
	if s.Get(key, &got) {
		t.Error("an empty store has an entry")
	}
	s.Put(key, []int{1, 2})
	if !s.Get(key, &got) || len(got) != 2 {
		t.Error(got)
	}
	other, _ := open(t, dir, "2")
	if other.Key("question", 1) == key || s.Key("question", 2) == key || s.Key("questio", "n", 1) == key {
		t.Error("two entries have one name")
	}
	if len(*said) > 0 {
		t.Error(*said)
	}
}

// What is damaged is left out, with a word, and can be written again.
func TestDamaged(t *testing.T) {
	t.Parallel()
	s, said := open(t, t.TempDir(), "1")
	key := s.Key("question")
	s.Put(key, "answer")
	whole, err := os.ReadFile(s.file(key))
	if err != nil {
		t.Fatal(err)
	}
	for i, data := range []string{"", string(whole[:len(whole)-1]), strings.Replace(string(whole), "answer", "anwser", 1), "nonsense"} {
		if err := os.WriteFile(s.file(key), []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
		var got string
		if s.Get(key, &got) || len(*said) != i+1 || !strings.Contains((*said)[i], "damaged") {
			t.Errorf("%q: %q, %v", data, got, *said)
		}
	}
	s.Put(key, "answer")
	if got := ""; !s.Get(key, &got) || got != "answer" {
		t.Error(got)
	}
}

// A folder that cannot be written is an error when it is opened, and said once when it becomes so.
func TestUnwritable(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, "1", nil); err == nil {
		t.Error("a file is no folder")
	}
	s, said := open(t, t.TempDir(), "1")
	s.dir = file
	for i := range 3 {
		s.Put(s.Key(i), i)
	}
	if len(*said) != 1 {
		t.Error(*said)
	}
}

// A nil store does nothing.
func TestNil(t *testing.T) {
	t.Parallel()
	var s *Store
	s.Put(s.Key(1), 1)
	if s.Get(s.Key(1), nil) {
		t.Error("a nil store has an entry")
	}
}

// Readers never see a part of an entry.
func TestAtomic(t *testing.T) {
	t.Parallel()
	s, said := open(t, t.TempDir(), "1")
	key := s.Key("question")
	long := strings.Repeat("x", 1<<16)
	s.Put(key, long)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 50 {
				s.Put(key, long)
				got := ""
				if !s.Get(key, &got) || got != long {
					t.Error("a part of an entry")
				}
			}
		})
	}
	group.Wait()
	if len(*said) > 0 {
		t.Error(*said)
	}
}

// FuzzGet feeds anything to the reader of entries: only what has its checksum and its type is an entry.
func FuzzGet(f *testing.F) {
	f.Add([]byte(checksum([]byte(`{"a": 1}`)) + "\n{\"a\": 1}"))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		warned := 0
		s, err := Open(dir, "1", func(string) { warned++ })
		if err != nil {
			t.Fatal(err)
		}
		key := s.Key("question")
		s.Put(key, 1)
		if err := os.WriteFile(s.file(key), data, 0o666); err != nil {
			t.Fatal(err)
		}
		sum, body, _ := strings.Cut(string(data), "\n")
		got := s.Get(key, new(map[string]int))
		if got && sum != checksum([]byte(body)) || got == (warned > 0) {
			t.Errorf("%q: an entry %v, %d warnings", data, got, warned)
		}
	})
}
