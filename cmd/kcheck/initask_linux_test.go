package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// openTerminal opens a pseudo-terminal: what a person sees and types, and the terminal itself.
func openTerminal(t *testing.T) (person, terminal *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = person.Close() })
	fd := int(person.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = terminal.Close() })
	return person, terminal
}

// On a real terminal: an answer is taken, Ctrl-D and Ctrl-C leave no file.
func TestInitOnTerminal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, typed string // what is typed at each question
		written     bool
	}{
		{"Enter", "\n", true},
		{"Ctrl-D", "\x04", false},
		{"Ctrl-C", "\x03", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "consumer.properties"), []byte("group.id=g\nenable.auto.commit=false\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			person, terminal := openTerminal(t)
			cmd := exec.Command(os.Args[0], "init", "--output", "kcheck.yaml", "--guarantee", "at-most-once", "--faults", "consumer-crash=1", "--messages", "1")
			cmd.Env, cmd.Dir = append(os.Environ(), "KCHECK_TEST_RUN=1"), dir
			cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
			cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			_ = terminal.Close()
			seen := typeAtPrompts(person, test.typed)
			err := cmd.Wait()
			_, missing := os.Stat(filepath.Join(dir, "kcheck.yaml"))
			if !strings.Contains(seen, "app.commit: ") || (err == nil) != test.written || (missing == nil) != test.written {
				t.Errorf("%v, %v\n%s", err, missing, seen)
			}
			if entries, _ := os.ReadDir(dir); !test.written && len(entries) != 1 {
				t.Errorf("left over: %v", entries)
			}
		})
	}
}

// typeAtPrompts types the same at each prompt until the program has ended, and gives what was on the screen.
func typeAtPrompts(person *os.File, typed string) string {
	var seen, last bytes.Buffer
	chunk := make([]byte, 4096)
	for {
		n, err := person.Read(chunk)
		seen.Write(chunk[:n])
		last.Write(chunk[:n])
		if strings.HasSuffix(last.String(), "> ") {
			last.Reset()
			_, _ = person.WriteString(typed)
		}
		if err != nil { // the terminal is closed
			return seen.String()
		}
	}
}
