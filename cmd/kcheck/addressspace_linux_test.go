package main

import (
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestAddressSpace runs the program with too little address space, which it says, and with enough.
func TestAddressSpace(t *testing.T) {
	t.Parallel()
	if left := addressSpaceLeft(); left != math.MaxInt64 {
		t.Skipf("the test itself has a limit: %d bytes are left", left)
	}
	for limit, want := range map[string]string{"800000": "(ulimit -v)", "4000000": "kcheck"} {
		cmd := exec.Command("sh", "-c", `ulimit -v "$1" && exec "$0" version`, os.Args[0], limit)
		cmd.Env = append(os.Environ(), "KCHECK_TEST_RUN=1")
		out, _ := cmd.CombinedOutput()
		if !strings.Contains(string(out), want) || strings.Contains(string(out), "(ulimit -v)") != (limit == "800000") {
			t.Errorf("ulimit -v %s: %s", limit, out)
		}
	}
}
