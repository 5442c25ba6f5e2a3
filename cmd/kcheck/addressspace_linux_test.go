package main

import (
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestAddressSpace runs the program within a limit on address space that is large enough.
func TestAddressSpace(t *testing.T) {
	t.Parallel()
	if left := addressSpaceLeft(); left != math.MaxInt64 {
		t.Skipf("the test itself has a limit: %d bytes are left", left)
	}
	cmd := exec.Command("sh", "-c", `ulimit -v 4000000 && exec "$0" version`, os.Args[0])
	cmd.Env = append(os.Environ(), "KCHECK_TEST_RUN=1")
	out, err := cmd.CombinedOutput()
	if strings.Contains(string(out), "fatal error: ") || strings.Contains(string(out), "runtime/cgo: ") {
		t.Skipf("the runtime of Go does not start within this limit here: %.200s", out)
	}
	if err != nil || !strings.Contains(string(out), "kcheck") {
		t.Errorf("ulimit -v 4000000: %v\n%s", err, out)
	}
}

// TestTooLittleAddressSpace checks what is told of a limit that is too small. Within a small one the runtime of Go may end
// before the program begins, so that is not run.
func TestTooLittleAddressSpace(t *testing.T) {
	t.Parallel()
	for left, refused := range map[int64]bool{-1: true, 100 << 20: true, minAddressSpace: false, math.MaxInt64: false} {
		err := enoughAddressSpace(left)
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "ulimit -v") {
			t.Errorf("%d bytes left: %v", left, err)
		}
	}
}
