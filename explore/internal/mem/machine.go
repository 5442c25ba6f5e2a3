package mem

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

// fallback is assumed where the system does not say how much memory it has.
const fallback = 4 << 30

// Machine returns the bytes of memory this process may hope for: those of the
// machine, or of its control group if that has fewer.
func Machine() int64 {
	total := int64(fallback)
	if n, ok := memTotal("/proc/meminfo"); ok {
		total = n
	}
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if b, err := os.ReadFile(file); err == nil {
			if n, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil && n > 0 {
				total = min(total, n)
			}
		}
	}
	return total
}

func memTotal(file string) (int64, bool) {
	f, err := os.Open(file)
	if err != nil {
		return 0, false
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) >= 2 && fields[0] == "MemTotal:" {
			kb, err := strconv.ParseInt(fields[1], 10, 64)
			return kb << 10, err == nil
		}
	}
	return 0, false
}
