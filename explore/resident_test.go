package explore_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
)

// What a child process of TestResidentMemory is told by its environment.
const (
	limitVariable = "EXPLORE_TEST_LIMIT"
	modeVariable  = "EXPLORE_TEST_MODE"
)

func TestMain(m *testing.M) {
	if os.Getenv(limitVariable) != "" {
		fillMemory()
		return
	}
	if os.Getenv(checkpointVariable) != "" {
		checkWithCheckpoint()
		return
	}
	os.Exit(m.Run())
}

// fillMemory explores until the limit is reached, and prints how it ended and
// the most that was resident.
func fillMemory() {
	var limit int64
	fmt.Sscan(os.Getenv(limitVariable), &limit)
	memory, err := explore.LimitProcess(limit)
	if err != nil {
		fmt.Println(err)
		return
	}
	o := explore.Options[examples.Commit]{Memory: memory}
	switch os.Getenv(modeVariable) {
	case "exact":
		o.Exact = true
	case "depth first":
		o.Strategy = explore.DFS
	}
	r, err := explore.Check(context.Background(), explore.Spec[examples.Commit]{Model: examples.NewTwoPhase(12), Options: o})
	if err != nil {
		fmt.Println(err)
		return
	}
	status, _ := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	var kib int64
	fmt.Sscan(peak, &kib)
	fmt.Println("peak", kib<<10, r.Stats.Distinct, r.Stopped)
}

// TestResidentMemory: whatever is stored, the process stays within a tenth of
// its limit, and ends as out of memory.
func TestResidentMemory(t *testing.T) {
	if raceDetector {
		t.Skip("skipped: the race detector has memory of its own")
	}
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells what was resident")
	}
	for limit, modes := range map[int64][]string{64 << 20: {"fingerprints", "exact", "depth first"}, 200 << 20: {"fingerprints"}} {
		if testing.Short() && limit > 64<<20 {
			continue
		}
		for _, mode := range modes {
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), fmt.Sprint(limitVariable, "=", limit), modeVariable+"="+mode)
			out, err := child.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			var peak, states int64
			if n, _ := fmt.Sscanf(string(out), "peak %d %d", &peak, &states); n != 2 || !strings.Contains(string(out), "out of memory") {
				t.Errorf("%d MiB, %s: %s", limit>>20, mode, out)
				continue
			}
			if peak > limit+limit/10 || peak < limit/2 {
				t.Errorf("%d MiB, %s: %.1f MiB were resident, with %d states", limit>>20, mode, float64(peak)/(1<<20), states)
			}
			t.Logf("%d MiB, %s: %.1f MiB resident, %d states", limit>>20, mode, float64(peak)/(1<<20), states)
		}
	}
}
