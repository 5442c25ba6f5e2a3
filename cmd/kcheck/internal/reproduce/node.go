package reproduce

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// serviceNode is the node that is controller and keeps the internal topics; no fault ever meets it.
const serviceNode = 100

// node is one Kafka process: a broker, or the controller.
type node struct {
	id                      int
	home                    *Home
	dir                     string
	client, broker, control int // its real ports
	cmd                     *exec.Cmd
	exited                  chan struct{}
	log                     *brokerLog
}

// data is its log directory.
func (n *node) data() string { return filepath.Join(n.dir, "data") }

// config is its properties file.
func (n *node) config() string { return filepath.Join(n.dir, "server.properties") }

// writeConfig writes properties in a fixed order.
func writeConfig(file string, values map[string]string) error {
	var lines []string
	for k, v := range values {
		lines = append(lines, k+"="+v+"\n")
	}
	slices.Sort(lines)
	return os.WriteFile(file, []byte(strings.Join(lines, "")), 0o644)
}

// start starts the process in a process group of its own.
func (n *node) start(logging []string) error {
	args := append(n.home.jvm(), "-Xms96m", "-Xmx256m")
	args = append(append(args, logging...), "-cp", n.home.classPath(), "kafka.Kafka", n.config())
	cmd := exec.Command(n.home.java, args...)
	cmd.Dir = n.dir
	cmd.SysProcAttr = ownGroup()
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		return err
	}
	n.cmd, n.exited = cmd, make(chan struct{})
	done := n.exited
	go func() {
		lines := bufio.NewScanner(out)
		lines.Buffer(make([]byte, 0, 1<<16), 1<<22)
		for lines.Scan() {
			n.log.add(lines.Text())
		}
		cmd.Wait()
		close(done)
	}()
	return nil
}

// running says whether the process runs.
func (n *node) running() bool {
	if n.cmd == nil {
		return false
	}
	select {
	case <-n.exited:
		return false
	default:
		return true
	}
}

// signal sends a signal to the process group.
func (n *node) signal(s syscall.Signal) {
	if n.running() {
		signalGroup(n.cmd.Process.Pid, s)
	}
}

// kill ends the process at once, as a crash does.
func (n *node) kill() {
	if n.running() {
		n.signal(syscall.SIGKILL)
		<-n.exited
	}
}

// waitExit waits until the process has ended.
func (n *node) waitExit(limit time.Duration) error {
	select {
	case <-n.exited:
		return nil
	case <-time.After(limit):
		return fmt.Errorf("node %d has not stopped within %v", n.id, limit)
	}
}

// brokerLog keeps what a node logs.
type brokerLog struct {
	mu    sync.Mutex
	lines []string
}

func (l *brokerLog) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
}

// mark is the number of lines so far.
func (l *brokerLog) mark() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.lines)
}

// since are the lines after a mark.
func (l *brokerLog) since(mark int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.lines[min(mark, len(l.lines)):])
}
