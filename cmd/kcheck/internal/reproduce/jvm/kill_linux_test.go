package jvm

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startsAndWaits, in the environment of a test process, has it be a kcheck that starts a broker and waits.
const startsAndWaits = "KCHECK_TEST_STARTS_AND_WAITS"

// TestNothingIsLeftRunningBehindAKilledKcheck kills a process that has started a broker, in its own group and paused, with
// SIGKILL.
func TestNothingIsLeftRunningBehindAKilledKcheck(t *testing.T) {
	if os.Getenv(startsAndWaits) != "" {
		startPausedAndWait(t)
		return
	}
	fakeJDK(t)
	java := filepath.Join(os.Getenv("JAVA_HOME"), "bin", "java")
	if err := os.WriteFile(java, []byte("#!/bin/sh\ntrap '' HUP\necho $$\nexec sleep 600\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	kcheck := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	kcheck.Env = append(os.Environ(), startsAndWaits+"="+distribution(t))
	out, err := kcheck.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := kcheck.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	broker, _ := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || broker == 0 || !runs(broker) {
		t.Fatalf("the broker's process: %q, error %v", line, err)
	}
	_ = kcheck.Process.Kill()
	_ = kcheck.Wait()
	for end := time.Now().Add(10 * time.Second); runs(broker); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			_ = syscall.Kill(broker, syscall.SIGKILL)
			t.Fatal("the broker runs on")
		}
	}
}

// startPausedAndWait starts a program, says its process id, pauses it, and waits to be killed.
func startPausedAndWait(t *testing.T) {
	h, err := OpenHome(os.Getenv(startsAndWaits))
	if err != nil {
		t.Fatal(err)
	}
	said := make(chan string, 1)
	p, err := h.Start(Program{Class: "kafka.Kafka", MaxHeapMB: 1}, func(text string) { said <- text })
	if err != nil {
		t.Fatal(err)
	}
	pid := <-said
	p.Pause()
	os.Stdout.WriteString(pid + "\n")
	time.Sleep(time.Minute)
}

// runs says whether a process runs, or could; one that has ended and that nobody has waited for does not.
func runs(pid int) bool {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err == nil && !strings.Contains(string(status), ") Z ")
}
