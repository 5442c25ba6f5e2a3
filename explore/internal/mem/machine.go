package mem

import (
	"bufio"
	"os"
	"path"
	"strconv"
	"strings"
)

// fallback is assumed where the system does not say how much memory it has.
const fallback = 4 << 30

// Machine returns the bytes of memory this process may hope for: those of the
// machine, or of its control group, or one around that, if that has fewer.
func Machine() int64 { return machine("/") }

// machine is Machine with the files of the system below a folder.
func machine(root string) int64 {
	total := int64(fallback)
	if n, ok := memTotal(path.Join(root, "proc/meminfo")); ok {
		total = n
	}
	for _, file := range limitFiles(root) {
		if b, err := os.ReadFile(file); err == nil {
			if n, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil && n > 0 {
				total = min(total, n)
			}
		}
	}
	return total
}

// limitFiles lists the files that may hold a limit for this process: those of
// its control groups and of all around them, in both versions of the interface.
// A container sees its own group as the outermost, whatever its name says.
func limitFiles(root string) []string {
	const fs = "sys/fs/cgroup"
	files := []string{path.Join(root, fs, "memory.max"), path.Join(root, fs, "memory/memory.limit_in_bytes")}
	groups, err := os.ReadFile(path.Join(root, "proc/self/cgroup"))
	if err != nil {
		return files
	}
	for line := range strings.Lines(string(groups)) {
		// A line is number:controllers:path, without controllers in version 2.
		part := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(part) < 3 {
			continue
		}
		for group := path.Clean("/" + part[2]); group != "/"; group = path.Dir(group) {
			switch {
			case part[1] == "":
				files = append(files, path.Join(root, fs, group, "memory.max"), path.Join(root, fs, "unified", group, "memory.max"))
			case strings.Contains(","+part[1]+",", ",memory,"):
				files = append(files, path.Join(root, fs, "memory", group, "memory.limit_in_bytes"))
			}
		}
	}
	return files
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
