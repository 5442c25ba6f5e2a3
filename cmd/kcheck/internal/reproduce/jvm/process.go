package jvm

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Process is a program that runs, in a process group of its own.
type Process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	exited chan struct{}
}

// Start starts a program. Every line that it writes, on either stream, is handed to a function,
// which several goroutines may call.
func (h *Home) Start(p Program, line func(text string)) (*Process, error) {
	cmd := h.command(context.Background(), p)
	cmd.SysProcAttr = ownGroup()
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	errors, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	proc := &Process{cmd: cmd, in: in, exited: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the process ends with the thread that starts it: see ownGroup
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		var both sync.WaitGroup
		both.Go(func() { readLines(out, line) })
		both.Go(func() { readLines(errors, line) })
		both.Wait()
		_ = cmd.Wait()
		close(proc.exited)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return proc, nil
}

func readLines(in io.Reader, line func(text string)) {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 1<<16), 1<<22)
	for lines.Scan() {
		line(lines.Text())
	}
}

// Write writes to the standard input of the process.
func (p *Process) Write(data []byte) (int, error) { return p.in.Write(data) }

// Exited is closed when the process has ended and its last line is read.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Running says whether the process runs. A process that was never started does not.
func (p *Process) Running() bool {
	if p == nil {
		return false
	}
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// Signal sends a signal to the process and its children.
func (p *Process) Signal(s syscall.Signal) {
	if p.Running() {
		signalGroup(p.cmd.Process.Pid, s)
	}
}

// Pause stops the process and its children from running until Resume. Where a system has no such signal it does nothing.
func (p *Process) Pause() {
	if p.Running() {
		pauseGroup(p.cmd.Process.Pid)
	}
}

// Resume lets a paused process go on.
func (p *Process) Resume() {
	if p.Running() {
		resumeGroup(p.cmd.Process.Pid)
	}
}

// Kill ends the process at once, as a crash does, and waits for its end.
func (p *Process) Kill() {
	if p.Running() {
		p.Signal(syscall.SIGKILL)
		<-p.exited
	}
}

// AwaitExit waits until the process has ended.
func (p *Process) AwaitExit(limit time.Duration) error {
	select {
	case <-p.exited:
		return nil
	case <-time.After(limit):
		return fmt.Errorf("not stopped within %v", limit)
	}
}

// Log keeps the lines that a process writes.
type Log struct {
	mu    sync.Mutex
	lines []string
}

// Add appends a line.
func (l *Log) Add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
}

// Mark is the number of lines so far.
func (l *Log) Mark() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.lines)
}

// Since are the lines after a mark.
func (l *Log) Since(mark int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.lines[min(mark, len(l.lines)):])
}

// LastWords is the line that tells best why a process ended: its last error, or its last line.
func (l *Log) LastWords() string {
	lines := l.Since(0)
	for _, line := range slices.Backward(lines) {
		if strings.Contains(line, " ERROR ") || strings.Contains(line, " FATAL ") || strings.HasPrefix(line, "Error: ") {
			return line
		}
	}
	if len(lines) == 0 {
		return "it wrote nothing"
	}
	return lines[len(lines)-1]
}
