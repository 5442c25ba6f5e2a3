package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"github.com/kcheck/kcheck/explore"
)

// A question is answered by several searches. Each has a checkpoint of its own, in a folder below that of the question,
// which is named by everything that the search depends on. So a question that is asked again takes what searches have
// found that had ended, and goes on with the one that had not.

// ownCheckpoint is the checkpoint of one search; nil where there is none to be made. A search that shows its states to
// others as it goes is made again: they would miss some.
func ownCheckpoint(k *Check, o *options) *explore.Checkpoint {
	if o.Checkpoint == nil || o.Strategy != explore.BFS || o.Lattice.Beyond != nil || o.Expanded != nil {
		return nil
	}
	own := *o.Checkpoint
	own.Question = fmt.Sprintf("%s; %s counting %v of %#v", own.Question, k.Guarantee.Name, k.Counted, k.Model.Config())
	names := ""
	for _, p := range k.Properties {
		names += fmt.Sprintf("%q %t, ", p.Name, p.GoesOn)
	}
	sum := sha256.Sum256(fmt.Appendln(nil, own.Question, names, o.Budget, o.MaxFaults, o.Exhaust, o.FaultSets, o.Lattice.NoTrace,
		o.MaxDepth, o.MaxStates, o.Dominance, o.NoSymmetry, o.Seed, o.Coverage, len(k.Witnesses), o.WitnessTrace))
	own.Dir = filepath.Join(own.Dir, hex.EncodeToString(sum[:8]))
	own.Keep, own.Restore = k.SaveLimits, k.RestoreLimits
	return &own
}

// naming is a checkpoint whose question names what Lattice.Within allows, which is a function.
func naming(c *explore.Checkpoint, allowed ...any) *explore.Checkpoint {
	if c == nil {
		return nil
	}
	own := *c
	own.Question = fmt.Sprintf("%s; within %v", c.Question, allowed)
	return &own
}
