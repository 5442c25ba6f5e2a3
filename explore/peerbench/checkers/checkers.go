// Package checkers runs other model checkers on the models of specs/peers that
// are the same as two of package explore/examples: TwoPhase and ReplicatedLog.
// Its tests compare numbers of states and transitions; command
// explore/peerbench compares speed. See README.md of specs/peers.
package checkers

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kcheck/kcheck/specs/peers"
)

// Instance is a model with its constants, and the size of its space.
type Instance struct {
	Model     string // "twophase" or "replog"
	Constants []Constant
	// States and Transitions are how many there are, the initial state counted
	// as a transition; 0 if unknown.
	States, Transitions uint64
}

// Constant is a named parameter of a model.
type Constant struct {
	Name  string
	Value int
}

// TwoPhase is two-phase commit with n resource managers.
func TwoPhase(n int, states, transitions uint64) Instance {
	return Instance{"twophase", []Constant{{"N", n}}, states, transitions}
}

// Log is the replicated log.
func Log(messages, attempts, epochs, crashes int, states, transitions uint64) Instance {
	c := []Constant{{"MESSAGES", messages}, {"ATTEMPTS", attempts}, {"EPOCHS", epochs}, {"CRASHES", crashes}}
	return Instance{"replog", c, states, transitions}
}

// Args returns the model and its constants as words.
func (in Instance) Args() []string {
	args := []string{in.Model}
	for _, c := range in.Constants {
		args = append(args, strconv.Itoa(c.Value))
	}
	return args
}

// String returns the instance in one word, such as replog-2-1-3-2.
func (in Instance) String() string { return strings.Join(in.Args(), "-") }

// Peer is a model checker in one mode.
type Peer struct {
	Name string
	// Threads says with how many threads it can run, at most.
	Threads int
	// Find returns the version, or an error that says what is missing.
	Find func() (version string, err error)
	// Build makes a command that explores an instance. The directory is empty
	// and the command will run in it.
	Build func(ctx context.Context, dir string, in Instance, threads int) (argv []string, err error)
	// States and Transitions find the numbers in what the command prints.
	// Uncounted is how many initial states the latter leaves out.
	States, Transitions *regexp.Regexp
	Uncounted           uint64
}

// Outcome is what a run found and took.
type Outcome struct {
	States, Transitions uint64
	Elapsed             time.Duration
	CPU                 time.Duration // of all threads; on a loaded machine it tells more
	Bytes               int64         // the most memory that was resident; 0 if unknown
}

// Program is a checker ready to run.
type Program struct {
	peer *Peer
	dir  string
	argv []string
}

// Prepare builds what is needed to run the peer, in a new folder below dir.
func (p *Peer) Prepare(ctx context.Context, dir string, in Instance, threads int) (*Program, error) {
	dir, err := os.MkdirTemp(dir, "peer")
	if err != nil {
		return nil, err
	}
	argv, err := p.Build(ctx, dir, in, threads)
	if err != nil {
		return nil, fmt.Errorf("%s, %s: %w", p.Name, in, err)
	}
	return &Program{p, dir, argv}, nil
}

// Run runs the program to its end.
func (p *Program) Run(ctx context.Context) (Outcome, error) {
	cmd := exec.CommandContext(ctx, p.argv[0], p.argv[1:]...)
	cmd.Dir = p.dir
	begin := time.Now()
	out, err := cmd.CombinedOutput()
	o := Outcome{Elapsed: time.Since(begin)}
	if err != nil {
		return o, fmt.Errorf("%s: %w\n%s", p.peer.Name, err, tail(out))
	}
	o.Bytes = PeakBytes(cmd.ProcessState)
	o.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if o.States, err = number(p.peer.States, out); err != nil {
		return o, fmt.Errorf("%s: %w", p.peer.Name, err)
	}
	if o.Transitions, err = number(p.peer.Transitions, out); err != nil {
		return o, fmt.Errorf("%s: %w", p.peer.Name, err)
	}
	o.Transitions += p.peer.Uncounted
	return o, nil
}

// number returns what the last match of the expression says.
func number(re *regexp.Regexp, out []byte) (uint64, error) {
	all := re.FindAllSubmatch(out, -1)
	if len(all) == 0 {
		return 0, fmt.Errorf("no number of states in its output:\n%s", tail(out))
	}
	x, err := strconv.ParseFloat(string(all[len(all)-1][1]), 64)
	return uint64(x), err
}

// tail returns the end of an output.
func tail(out []byte) []byte {
	return bytes.TrimSpace(out[max(0, len(out)-2000):])
}

// copySource copies files of specs/peers.
func copySource(dir string, names ...string) error {
	for _, name := range names {
		b, err := peers.Sources.ReadFile(name)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// command runs a command in a folder.
func command(ctx context.Context, dir string, argv ...string) error {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(argv, " "), err, tail(out))
	}
	return nil
}

// firstLine returns the first line that a command prints about its version.
func firstLine(argv ...string) (string, error) {
	if _, err := exec.LookPath(argv[0]); err != nil {
		return "", fmt.Errorf("%s is not installed", argv[0])
	}
	out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput()
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if err != nil && line == "" {
		return "", fmt.Errorf("%s does not run: %w", argv[0], err)
	}
	return strings.TrimSpace(line), nil
}
