package scratch

import (
	"os"
	"path/filepath"
	"testing"
)

// TestWhatAKilledProcessLeftIsRemoved: the directory of a process that has ended goes, that of one that runs stays.
func TestWhatAKilledProcessLeftIsRemoved(t *testing.T) {
	if !sweeps {
		t.Skip("nothing is removed on this system")
	}
	t.Setenv("TMPDIR", t.TempDir())
	running, err := New()
	if err != nil {
		t.Fatal(err)
	}
	killed, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(killed.Path, "data"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	killed.lock.Close() // as the kernel does
	next, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[*Dir]bool{running: true, killed: false, next: true} {
		if _, err := os.Stat(dir.Path); (err == nil) != want {
			t.Errorf("%s: %v", dir.Path, err)
		}
	}
	running.Remove()
	next.Remove()
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
