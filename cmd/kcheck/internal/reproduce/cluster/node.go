package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/jvm"
)

// ServiceNode is the node that is controller and keeps the internal topics; no fault ever meets it.
const ServiceNode = 100

// Node is one Kafka process: a broker, or the controller. It may be down.
type Node struct {
	ID  int
	Log jvm.Log // what it has logged in all its lives

	home                    *jvm.Home
	dir                     string
	logging                 jvm.Logging
	client, broker, control int // the ports of its listeners, behind the proxies
	process                 *jvm.Process
	ending                  bool // asked to stop, and perhaps not there yet
}

// data is its log directory.
func (n *Node) data() string { return filepath.Join(n.dir, "data") }

// config is its properties file.
func (n *Node) config() string { return filepath.Join(n.dir, "server.properties") }

// Start starts the process, once an earlier one that was asked to stop has ended.
func (n *Node) Start() error {
	if n.ending {
		if err := n.AwaitEnd(); err != nil {
			return err
		}
	}
	p, err := n.home.Start(jvm.Program{Class: "kafka.Kafka", Args: []string{n.config()}, Dir: n.dir, MinHeapMB: 96, MaxHeapMB: 256,
		Logging: n.logging}, n.Log.Add)
	if err == nil {
		n.process = p
	}
	return err
}

// Running says whether the process runs and was not asked to stop.
func (n *Node) Running() bool { return !n.ending && n.process.Running() }

// Kill ends the process at once, as a crash does.
func (n *Node) Kill() {
	n.process.Kill()
	n.ending = false
}

// Pause stops the process from running until [Node.Resume], as a long garbage collection does.
func (n *Node) Pause() { n.process.Pause() }

// Resume lets a paused process go on.
func (n *Node) Resume() { n.process.Resume() }

// Terminate asks the process to stop, as an operator does.
func (n *Node) Terminate() {
	n.ending = true
	n.process.Signal(syscall.SIGTERM)
}

// AwaitEnd waits until the process has stopped.
func (n *Node) AwaitEnd() error {
	if err := n.process.AwaitExit(StartLimit); err != nil {
		return fmt.Errorf("node %d: %w", n.ID, err)
	}
	n.ending = false
	return nil
}

// Ended is the error of a node that does not run, with its last words; nil if it runs.
func (n *Node) Ended() error {
	if n.Running() {
		return nil
	}
	return fmt.Errorf("node %d has ended: %s", n.ID, n.Log.LastWords())
}

// writeConfig writes properties in a fixed order.
func writeConfig(file string, values map[string]string) error {
	var lines []string
	for k, v := range values {
		lines = append(lines, k+"="+v+"\n")
	}
	slices.Sort(lines)
	return os.WriteFile(file, []byte(strings.Join(lines, "")), 0o644)
}
