package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWriteFile checks that a file is replaced whole, keeps its permissions and the links that lead to it, and that
// nothing else is left in its folder.
func TestWriteFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, link := filepath.Join(dir, "result.json"), filepath.Join(dir, "latest.json")
	if err := os.WriteFile(file, []byte("old and long"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("result.json", link); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{file, link, filepath.Join(dir, "new.json")} {
		if err := checkWritable(name); err != nil {
			t.Fatal(err)
		}
		if err := writeFile(name, []byte("new")); err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(name); err != nil || string(data) != "new" {
			t.Errorf("%s has %q, %v", name, data, err)
		}
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is no link any more")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("permissions are %v", info.Mode())
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 3 {
		t.Errorf("the folder has %v", entries)
	}
	for _, bad := range []string{dir, filepath.Join(dir, "nowhere", "x")} {
		if checkWritable(bad) == nil || writeFile(bad, nil) == nil {
			t.Errorf("%s can be written", bad)
		}
	}
}

// TestOutputIsNoInput checks that no command writes over a file that it reads, by whatever name.
func TestOutputIsNoInput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	spec := filepath.Join(dir, "spec.yaml")
	text := "guarantee: order\nproducer: p.properties\nfaults: {}\nscope: {messages: 1}\n"
	for name, data := range map[string]string{"spec.yaml": text, "p.properties": "acks=1\n", "w.yaml": "waivers: []\n", "r.json": "{}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	hard := filepath.Join(dir, "hard")
	if err := os.Link(spec, hard); err != nil {
		t.Skip(err)
	}
	properties := filepath.Join(dir, "p.properties")
	for _, args := range [][]string{
		{"check", spec, "--output", spec}, {"check", spec, "--output", hard}, {"check", spec, "--output", properties},
		{"check", dir, "--output", spec}, {"check", "--producer", properties, "--output", properties},
		{"check", spec, "--waivers", filepath.Join(dir, "w.yaml"), "--output", filepath.Join(dir, "w.yaml")},
		{"check", spec, "--baseline", filepath.Join(dir, "r.json"), "--output", filepath.Join(dir, "r.json")},
		{"trace", filepath.Join(dir, "r.json"), "--output", filepath.Join(dir, "r.json")},
		{"resilience", spec, "--output", spec}, {"repair", spec, "--output", properties}, {"diff", spec, spec, "--output", spec},
		{"matrix", spec, "--vary", "producer.acks=1,all", "--output", spec}, {"init", properties, "--output", properties},
	} {
		before := snapshot(t, dir)
		status, _, errs := kcheck(args...)
		if status != 2 || !strings.Contains(errs, "--output") {
			t.Errorf("%v: exit status %d, %s", args, status, errs)
		}
		if after := snapshot(t, dir); after != before {
			t.Errorf("%v changed the folder:\n%s\n%s", args, before, after)
		}
	}
}

// snapshot is a folder with all that its files have in them.
func snapshot(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, _ := os.ReadFile(filepath.Join(dir, e.Name()))
		b.WriteString(e.Name() + "=" + string(data) + "\n")
	}
	return b.String()
}

// TestReadOnce checks that a file is read once, so that a question is about one state of it, and that reading ends with
// the context.
func TestReadOnce(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "p.properties")
	if err := os.WriteFile(file, []byte("acks=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	f := newFiles(ctx)
	first, _ := f.configuration(file)
	if err := os.WriteFile(file, []byte("acks=all\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again, _ := f.configuration(file); string(again) != string(first) {
		t.Errorf("read again: %q", again)
	}
	cancel()
	if _, err := f.configuration(file + "x"); err == nil {
		t.Error("reading goes on after an interruption")
	}
}
