package explore

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// Checkpoint has a check write down how far it is, and go on from there when it is made again: after Ctrl-C, a deadline,
// an end by force, or with more memory. What comes of it is the same as without, but for times and bytes. It needs the
// strategy BFS.
//
// A checkpoint is written whole or not at all, from time to time and when the context of the check ends. A check that is
// killed loses what it did since then. At the end what was found takes its place: the same check, made again, answers at
// once. A checkpoint of another check, or of a version of this package that writes others, is an error and says what
// differs; so is one that is damaged.
type Checkpoint struct {
	// Dir is the folder of the checkpoint, which is made where there is none. Each check needs one of its own.
	Dir string
	// Question names what Check cannot compare: what the model, the properties and the functions in the options depend
	// on, and the version of the program. A check with another Question does not go on from the checkpoint.
	Question string
	// Every is the time from one checkpoint to the next; 0 means ten minutes.
	Every time.Duration
	// Failed, if set, is told when a checkpoint could not be written, such as to a full disk. The one before is still
	// there, and the check goes on. If it is nil, the check ends with the error.
	Failed func(error)
	// Continued, if set, is told that the check goes on from a checkpoint, with this many distinct states, that was
	// written at that time.
	Continued func(distinct uint64, written time.Time)
	// Keep and Restore, if set, are for what functions in the options note outside of the check: what Keep returns is
	// part of the checkpoint, and given to Restore when it is gone on from.
	Keep    func() []byte
	Restore func([]byte)
}

// checkpointEvery is what Checkpoint.Every is when it is 0.
const checkpointEvery = 10 * time.Minute

// checkpointFormat is the version of what is written. It changes with the layout of the file, with that of tables and
// frontiers, and with the hash function.
const checkpointFormat = 1

// errOtherCheckpoint is wrapped by the errors about checkpoints that cannot be gone on from.
var errOtherCheckpoint = errors.New("name another folder, or delete it to begin anew")

// fact is one of the things that a check and the checkpoint that it goes on from have in common.
type fact struct{ Name, Value string }

// facts are what a checkpoint is about, in the order in which a difference is told.
func (p *problem[S]) facts() []fact {
	var zero S
	o := &p.opt
	fs := []fact{
		{"the format", fmt.Sprintf("%d, %s", checkpointFormat, runtime.GOARCH)},
		{"the question", o.Checkpoint.Question},
		{"the type of a state", fmt.Sprintf("%T of %d bytes, %s", zero, p.size, digest(fmt.Sprintf("%#v", zero)))},
		{"the table of transitions", digest(fmt.Sprintf("%+v", p.table))},
		{"the initial states", digest(fmt.Sprintf("%#v", p.model.Initial(nil)))},
		{"Options.Budget", fmt.Sprint(o.Budget)},
		{"Options.MaxFaults", fmt.Sprint(o.MaxFaults)},
		{"Options.Dominance", fmt.Sprint(o.Dominance)},
		{"Options.Exact", fmt.Sprint(o.Exact)},
		{"Options.Exhaust", fmt.Sprint(o.Exhaust)},
		{"Options.FaultSets", fmt.Sprint(o.FaultSets)},
		{"Options.MaxDepth", fmt.Sprint(o.MaxDepth)},
		{"Options.MaxStates", fmt.Sprint(o.MaxStates)},
		{"Options.Seed", fmt.Sprint(o.Seed)},
		{"the use of symmetry", fmt.Sprint(p.canon != nil)},
		{"Options.WitnessTrace", fmt.Sprint(o.WitnessTrace)},
		{"the counting of each transition", fmt.Sprint(o.Coverage)},
		{"whether there is a bound", fmt.Sprint(o.Bound != nil, o.Lattice.Within != nil)},
	}
	for _, q := range p.props {
		kind := fmt.Sprint(q.Invariant != nil, q.StepInvariant != nil, q.Quiescent != nil, q.Stuck != nil, q.GoesOn)
		fs = append(fs, fact{"a property", q.Name + " " + digest(kind)})
	}
	for _, w := range p.wits {
		fs = append(fs, fact{"a witness", w.Name})
	}
	return fs
}

// digest is short for something long.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

// differ says which fact a checkpoint does not share with the check.
func differ(file string, have, want []fact) error {
	for i := range max(len(have), len(want)) {
		var a, b fact
		if i < len(have) {
			a = have[i]
		}
		if i < len(want) {
			b = want[i]
		}
		if a != b {
			name := b.Name
			if name == "" {
				name = a.Name
			}
			return fmt.Errorf("%s is of another check: %s is %q there and %q here; %w", file, name, a.Value, b.Value, errOtherCheckpoint)
		}
	}
	return nil
}

// checkCheckpoint says which options exclude a checkpoint.
func (p *problem[S]) checkCheckpoint() error {
	o := &p.opt
	switch c := o.Checkpoint; {
	case c == nil:
		return nil
	case c.Dir == "":
		return errors.New("Options.Checkpoint.Dir is empty; name a folder")
	case o.Strategy != BFS:
		return errors.New("Options.Checkpoint needs the strategy BFS")
	case o.Lattice.Beyond != nil || o.Expanded != nil:
		return errors.New("Options.Checkpoint excludes Lattice.Beyond and Options.Expanded: what these were shown is not part of a checkpoint")
	case o.Lattice.Within != nil && c.Question == "":
		return errors.New("Options.Checkpoint.Question is empty; it has to name what Lattice.Within allows")
	}
	return nil
}
