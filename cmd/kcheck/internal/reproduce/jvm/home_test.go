package jvm

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// distribution is a directory that looks like Apache Kafka 4.1.1.
func distribution(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "libs"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "libs", "kafka_2.13-4.1.1.jar"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fakeJDK makes JAVA_HOME a directory with programs of a JDK that do nothing.
func fakeJDK(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"java", "javac"} {
		if err := os.WriteFile(filepath.Join(dir, "bin", name), []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("JAVA_HOME", dir)
}

// TestPlayableReleases: 0.8 with its own clients, and everything from 0.10.2 on.
func TestPlayableReleases(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{"0.8.2.2": true, "0.9.0.1": false, "0.10.0.1": false, "0.10.2.2": true, "0.11.0.3": true,
		"1.1.1": true, "2.6.3": true, "4.4.0": true} {
		h := &Home{Version: version}
		if err := h.playable(); (err == nil) != want {
			t.Errorf("%s: %v", version, err)
		}
	}
}

func TestWithoutADistributionItSaysWhatItNeeds(t *testing.T) {
	for _, dir := range []string{"", "/no/such/directory", t.TempDir()} {
		_, err := OpenHome(dir)
		if !errors.Is(err, ErrMissing) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", dir, err)
		}
	}
}

func TestWithoutJavaItSaysWhatItNeeds(t *testing.T) {
	dir := distribution(t)
	t.Setenv("PATH", "")
	t.Setenv("JAVA_HOME", "")
	if _, err := OpenHome(dir); !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "a JDK, 17 or later") {
		t.Errorf("without Java: %v", err)
	}
}

// TestARelativeDirectoryIsMadeAbsolute: brokers run in directories of their own.
func TestARelativeDirectoryIsMadeAbsolute(t *testing.T) {
	fakeJDK(t)
	dir := distribution(t)
	t.Chdir(filepath.Dir(dir))
	h, err := OpenHome(filepath.Base(dir))
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(h.Dir) || !strings.HasPrefix(h.classPath(), h.Dir) || h.Line() != "4.1" {
		t.Errorf("directory %s, class path %s, line %s", h.Dir, h.classPath(), h.Line())
	}
}
