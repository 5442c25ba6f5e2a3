package mem

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

// TestMachine: the limit is the least of those of the machine, of the control
// group, and of the groups around it, in both versions of the interface.
func TestMachine(t *testing.T) {
	const meminfo = "MemTotal:        8388608 kB\n" // 8 GiB
	for _, c := range []struct {
		name  string
		files map[string]string
		want  int64
	}{
		{"nothing known", nil, fallback},
		{"machine", map[string]string{"proc/meminfo": meminfo}, 8 << 30},
		{"container, version 2", map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "1073741824\n"}, 1 << 30},
		{"no limit", map[string]string{"proc/meminfo": meminfo, "sys/fs/cgroup/memory.max": "max\n"}, 8 << 30},
		{"a slice around the group", map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/ci.slice/job\n",
			"sys/fs/cgroup/ci.slice/memory.max": "2147483648\n", "sys/fs/cgroup/ci.slice/job/memory.max": "max\n"}, 2 << 30},
		{"version 1", map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "5:cpu:/x\n4:cpuset,memory:/docker/7\n",
			"sys/fs/cgroup/memory/docker/7/memory.limit_in_bytes": "536870912\n"}, 512 << 20},
		{"version 1, no limit", map[string]string{"proc/meminfo": meminfo, "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 8 << 30},
	} {
		root := t.TempDir()
		for name, text := range c.files {
			file := filepath.Join(root, name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got := machine(root); got != c.want {
			t.Errorf("%s: %d bytes, want %d", c.name, got, c.want)
		}
	}
}

// TestLimitProcess: what is too little is refused with the figure; what tables
// take, Go's heap may not.
func TestLimitProcess(t *testing.T) {
	defer func() { _, _ = LimitProcess(0) }()
	if _, err := LimitProcess(1 << 20); err == nil || !strings.Contains(err.Error(), "this program needs") {
		t.Errorf("a megabyte is enough: %v", err)
	}
	const limit = 1 << 30
	tables, err := LimitProcess(limit)
	if err != nil || tables < limit/2 || tables > limit-leastHeap {
		t.Fatalf("%d bytes are left, %v", tables, err)
	}
	before := debug.SetMemoryLimit(-1)
	block := Alloc(1 << 28)
	if block.mapped && debug.SetMemoryLimit(-1) != before-1<<28 {
		t.Errorf("with 2^28 bytes mapped Go's heap may have %d, and %d before", debug.SetMemoryLimit(-1), before)
	}
	if block.Free(); debug.SetMemoryLimit(-1) != before {
		t.Errorf("Go's heap may have %d in the end, and %d before", debug.SetMemoryLimit(-1), before)
	}
}
