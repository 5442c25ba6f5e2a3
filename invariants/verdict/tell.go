package verdict

import (
	"fmt"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
)

// Counterexample is a violation in words.
type Counterexample struct {
	Faults map[string]int `json:"faults"` // what it used
	Reason string         `json:"reason"` // what it shows, in one sentence
	Steps  []Step         `json:"steps"`
	Fates  []string       `json:"fates,omitempty"` // what became of each message
}

// Tell puts a violation into words, after the model has replayed it. check is the one whose model it is a run of.
func Tell(check *invariants.Check, v *explore.Violation[model.State]) (Counterexample, error) {
	res := empty()
	res.Guarantee = check.Guarantee.Name
	if v.Untraced {
		return Counterexample{Faults: faultMap(v.Faults), Reason: untraced(v), Steps: res.Steps}, nil
	}
	if err := (&subject{check}).tell(&res, v); err != nil {
		return Counterexample{}, err
	}
	return Counterexample{Faults: res.Faults, Reason: res.Reason, Steps: res.Steps, Fates: res.Fates}, nil
}

// untraced says why a violation has no steps.
func untraced(v *explore.Violation[model.State]) string {
	why := "memory"
	switch v.UntracedBy {
	case explore.Deadline, explore.Canceled:
		why = "time"
	case explore.OutOfDisk:
		why = "room on the disk"
	}
	if v.Steps == 0 {
		return fmt.Sprintf("it is broken, and there was no %s left to find the steps", why)
	}
	return fmt.Sprintf("it is broken after %d steps, and there was no %s left to find these again", v.Steps, why)
}

// FaultMap names the faults of a set that is counted by kind.
func FaultMap(counts []int) map[string]int { return faultMap(counts) }
