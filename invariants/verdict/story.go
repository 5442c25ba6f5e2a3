package verdict

import "github.com/kcheck/kcheck/model"

// This file has the parts of a result that tell a story to people. All of them are left out where there is nothing to
// tell, so that a result has the same shape as before for programs that do not ask.

// Schema names the JSON Schema that a report follows; specs/schema has it.
const Schema = "https://github.com/kcheck/kcheck/specs/schema/result-1.json"

// Action documents one action of a trace: the same for every step of it.
type Action struct {
	Summary   string `json:"summary"`
	Guard     string `json:"guard"`     // when it can happen: why a step of it was allowed
	Abstracts string `json:"abstracts"` // what it leaves out of what Kafka does
	Source    string `json:"source"`    // the Kafka classes, documentation and KIPs that it follows
}

// Signal is what a step sends from one lane of a sequence diagram to another; To is empty for a step within one lane.
type Signal struct {
	From  string `json:"from"`
	To    string `json:"to,omitempty"`
	Label string `json:"label"`
	Lost  bool   `json:"lost,omitempty"` // it never arrives, or only after its sender has stopped waiting
}

// Value is one named part of a state.
type Value struct {
	What  string      `json:"what"`
	Value string      `json:"value"` // in words
	Kind  model.Kind  `json:"kind,omitempty"`
	Is    model.Value `json:"is"`
}

// Ledger says of every message where it stood after each step.
type Ledger struct {
	Columns []Column `json:"columns"`
	Rows    []Row    `json:"rows"`
}

// Column is one question that a ledger asks of every message.
type Column struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Note  string `json:"note,omitempty"` // why the column is empty, where the model cannot answer
}

// Row is one message.
type Row struct {
	Message string `json:"message"`
	Broken  bool   `json:"broken,omitempty"` // the guarantee is broken for this message
	// Cells has for each column the values in the order in which the cell took them.
	Cells [][]Entry `json:"cells"`
}

// Entry is a value that a cell has from a step on; step 0 is the beginning, and an empty value is "no longer".
type Entry struct {
	Step  int    `json:"step"`
	Value string `json:"value"`
}

// At is the value of a cell after a step, and empty where it has none.
func At(cell []Entry, step int) string {
	value := ""
	for _, e := range cell {
		if e.Step > step {
			break
		}
		value = e.Value
	}
	return value
}

// Needed says of one fault of a counterexample what happens without it.
type Needed struct {
	Fault string `json:"fault"`
	// Without is the budget of the check: the faults of the counterexample, one occurrence of this one left out.
	Without map[string]int `json:"without"`
	Verdict Verdict        `json:"verdict"`
	// By says how that is known: "checked again", or "the search itself", which looks at every run with fewer faults
	// before it looks at one with more.
	By       string `json:"by"`
	Distinct uint64 `json:"distinct,omitempty"` // states of the check
}

// How it is known that a fault is needed.
const (
	ByCheck  = "checked again"
	BySearch = "the search itself"
)

// Branch is a run that goes with a counterexample up to some step, and then ends well.
type Branch struct {
	Shared int `json:"shared"` // how many steps the two runs have in common
	// Latest says that with step Shared+1 it is too late: from no later state of the counterexample does a run without
	// another fault end well.
	Latest bool   `json:"latest,omitempty"`
	Steps  []Step `json:"steps"` // from step Shared+1 on
	// Fates says what becomes of each message.
	Fates []string `json:"fates"`
}

// Showing is a run that shows a guarantee at work, with a fault where the budget has one that makes a difference.
type Showing struct {
	Steps  []Step         `json:"steps"`
	Faults map[string]int `json:"faults"`
	Fates  []string       `json:"fates"`
	Ledger *Ledger        `json:"ledger,omitempty"`
}

// Waiver is a decision of people to live with a violation until a day.
type Waiver struct {
	Reason  string `json:"reason"`
	Expires string `json:"expires"` // the last day on which it counts, as 2027-01-31
	Expired bool   `json:"expired,omitempty"`
}
