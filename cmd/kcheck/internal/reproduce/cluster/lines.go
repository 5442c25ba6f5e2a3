package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Line is a line of a node's own log.
type Line struct {
	Node string `json:"node"` // b1, or controller
	Line string `json:"line"`
}

// Marks are the lengths of all nodes' logs at one moment.
type Marks map[int]int

// Marks are the present lengths.
func (c *Cluster) Marks() Marks {
	m := Marks{}
	for id, n := range c.nodes {
		m[id] = n.Log.Mark()
	}
	return m
}

// What of a node's log stands beside a step: at most so many lines, of at most so many characters.
const (
	maxLines = 6
	maxLine  = 300
)

// The lines that tell something: of a partition's life, and of a node's.
var (
	aboutPartition = regexp.MustCompile(`(?i)leader|ISR|fenc|truncat|recover|shut ?down|started|epoch|high ?watermark|transaction|coordinator|producer`)
	aboutNode      = regexp.MustCompile(`(?i)fenced|unfenc|shut down completed|Kafka Server started|starting controlled shutdown|unclean`)
)

// LinesSince are the telling lines after some marks: those about a topic's partitions, and those of a node's life.
func (c *Cluster) LinesSince(marks Marks, topic string) []Line {
	var all []Line
	for _, id := range c.IDs() {
		name, n := fmt.Sprintf("b%d", id), 0
		if id == ServiceNode {
			name = "controller"
		}
		for _, line := range c.nodes[id].Log.Since(marks[id]) {
			if n < maxLines && len(line) < maxLine && tells(line, topic) {
				n++
				all = append(all, Line{name, line})
			}
		}
	}
	return all
}

func tells(line, topic string) bool {
	return aboutNode.MatchString(line) ||
		aboutPartition.MatchString(line) && (strings.Contains(line, topic+"-") || strings.Contains(line, topic+" "))
}

var sessionEnded = regexp.MustCompile(`Fencing broker (\d+) .*session has timed out`)

// SessionsEnded counts, by broker, the sessions with the controller that have run out since some marks; with ZooKeeper also
// those that an orderly shutdown has ended.
func (c *Cluster) SessionsEnded(since Marks) map[int]int {
	ended := map[int]int{}
	for _, line := range c.nodes[ServiceNode].Log.Since(since[ServiceNode]) {
		if m := sessionEnded.FindStringSubmatch(line); m != nil {
			b, _ := strconv.Atoi(m[1])
			ended[b]++
		}
		for _, b := range deletedBrokers(line) {
			ended[b]++
		}
	}
	return ended
}

// bindFailed says whether a line tells that a node could not listen on its port.
func bindFailed(line string) bool { return strings.Contains(line, "Address already in use") }

// DumpVariable is the environment variable that names a directory for the complete logs of nodes and clients, for those who
// look for a mistake in this program.
const DumpVariable = "KCHECK_REPRODUCE_LOGS"

// Dump writes what the nodes logged to the directory that [DumpVariable] names, if it names one.
func (c *Cluster) Dump() {
	dir := os.Getenv(DumpVariable)
	if dir == "" {
		return
	}
	if c.zoo != nil {
		_ = os.WriteFile(filepath.Join(dir, "zookeeper.log"), []byte(strings.Join(c.zoo.log.Since(0), "\n")+"\n"), 0o644)
	}
	for id, n := range c.nodes {
		text := strings.Join(n.Log.Since(0), "\n") + "\n"
		_ = os.WriteFile(filepath.Join(dir, fmt.Sprintf("node-%d.log", id)), []byte(text), 0o644)
	}
}
