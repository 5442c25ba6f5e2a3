package verdict

import (
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/counterfactual"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Version is the version of kcheck that results name.
const Version = "0.1.0"

// Verdict is the answer to one question.
type Verdict string

// The verdicts. The package documentation says when each is given.
const (
	Holds        Verdict = "holds"
	Violated     Verdict = "violated"
	Vacuous      Verdict = "vacuous"
	Inconclusive Verdict = "inconclusive"
	Refused      Verdict = "refused"
)

// Report is what one run of kcheck found out: the JSON document of --format json.
type Report struct {
	Kcheck   string    `json:"kcheck"`           // version of kcheck
	Schema   string    `json:"schema,omitempty"` // the JSON Schema of the document
	Problems []Problem `json:"problems"`         // what was wrong with the input, every problem and not just the first
	Results  []Result  `json:"results"`          // one per spec and guarantee, in the order asked
	// LeavesOut names what the model does not cover: what no verdict of this report speaks about.
	LeavesOut []string `json:"leaves_out,omitempty"`
	// Actions documents the actions of the traces in this report, by name.
	Actions map[string]Action `json:"actions,omitempty"`
}

// System is one of several systems of which the files were found in a folder.
type System struct {
	Number int      `json:"number"` // from 1, in the order in which they were found
	Files  []string `json:"files"`
}

// Problem is one thing that is wrong with the input, at a place in a file where there is one.
type Problem = kafkaconf.Problem

// Result is the answer for one spec and one guarantee.
type Result struct {
	Spec      string  `json:"spec"`             // the spec as it was named; empty without one
	System    *System `json:"system,omitempty"` // where a folder holds several systems, the one that it is about
	About     string  `json:"about,omitempty"`  // what the spec says it is about
	Guarantee string  `json:"guarantee"`
	Counted   string  `json:"counted,omitempty"` // which messages must not be lost
	Kafka     string  `json:"kafka"`             // the version that was asked about
	Release   string  `json:"release,omitempty"` // the release whose behaviours the brokers have
	Verdict   Verdict `json:"verdict"`
	Expected  Verdict `json:"expected"` // what the spec expects; empty where it expects nothing
	Reason    string  `json:"reason"`   // the verdict in one sentence
	// Headline is the reason with the decisive settings.
	Headline string `json:"headline,omitempty"`
	// Symptom is what can be seen of the violation from outside, Broken the messages for which the guarantee is broken.
	Symptom invariants.Symptom `json:"symptom,omitempty"`
	Broken  []model.MessageID  `json:"broken,omitempty"`
	// Claim says when the guarantee holds.
	Claim string `json:"claim,omitempty"`
	// Configuration names the settings that the model reads, Trace the counterexample: the same on every machine.
	Configuration string `json:"configuration,omitempty"`
	Trace         string `json:"trace,omitempty"`
	// Reproduce is the command that asks the question again.
	Reproduce string `json:"reproduce,omitempty"`
	// Waived says that people have decided to live with the violation, until a day.
	Waived *Waiver `json:"waived,omitempty"`
	// Compared says how the result compares with a baseline: new, as before, better or worse; Against says why.
	Compared Comparison `json:"compared,omitempty"`
	Against  string     `json:"against_baseline,omitempty"`
	// Faults is what the counterexample used; empty without one.
	Faults map[string]int `json:"faults"`
	// Minimal says that no counterexample has fewer faults, nor as many and fewer steps.
	Minimal bool   `json:"minimal,omitempty"`
	Steps   []Step `json:"steps"`
	// Fates says of each message of the counterexample what became of it, one line each.
	Fates []string `json:"fates,omitempty"`
	// Sliced says that the steps without which the guarantee would not break are marked strong.
	Sliced bool `json:"sliced,omitempty"`
	// Lanes are the lanes of a sequence diagram, Initial is the state in which the traces begin.
	Lanes   []string `json:"lanes,omitempty"`
	Initial []Value  `json:"initial,omitempty"`
	Ledger  *Ledger  `json:"ledger,omitempty"`
	// Needed shows for each fault of the counterexample that it does not happen without it.
	Needed []Needed `json:"needed,omitempty"`
	// Branch is the nearest run that keeps the guarantee; Showing, where the guarantee holds, one that shows it at work.
	Branch  *Branch  `json:"branch,omitempty"`
	Showing *Showing `json:"showing,omitempty"`
	// Cause lists, where it was looked for, every single setting or assumption whose change removes the violation: each
	// was checked again with exactly the faults of the counterexample as the budget. Empty: no single change does.
	Cause []Cause `json:"cause,omitzero"`
	// Fix is the cheapest change under which the guarantee holds in the whole budget; nil where none was found.
	Fix *Fix `json:"fix"`
	// RestsOn lists the assumptions of a guarantee that holds under which it would be violated.
	RestsOn []Assumption `json:"rests_on,omitzero"`
	// Beyond lists the smallest sets of faults just above the budget that violate a guarantee that holds.
	Beyond []Beyond `json:"beyond,omitzero"`
	// Dangers are settings of a guarantee that holds of which every guide to Kafka warns, and which the budget does not put to
	// the test.
	Dangers []Danger `json:"dangers,omitempty"`
	// Informational says that the guarantee was not asked for and is told for information: it never decides the exit
	// status.
	Informational bool `json:"informational"`
	// AlsoBrokenBy lists other minimal sets of faults under which the guarantee is violated, where they are known.
	AlsoBrokenBy []map[string]int `json:"also_broken_by,omitempty"`
	// AllSets says that there are no others within the budget.
	AllSets  bool          `json:"all_fault_sets,omitempty"`
	Settings []Setting     `json:"settings"`
	Scope    Scope         `json:"scope"`
	Budget   model.Allowed `json:"budget"`
	Notes    []string      `json:"notes"`
	// CompleteTo says how far a search that was cut short is complete all the same.
	CompleteTo *Extent `json:"complete_to,omitempty"`
	// Coverage counts how often each action fired, with --coverage.
	Coverage map[string]uint64 `json:"coverage,omitempty"`
	Stats    Stats             `json:"stats"`

	noFaults bool                  // none of the faults in the budget can happen
	story    *counterfactual.Story // the counterexample apart from its model
}

// Step is one step of a counterexample.
type Step struct {
	N      int    `json:"n"` // from 1
	Action string `json:"action"`
	Actor  string `json:"actor"`
	Fault  bool   `json:"fault"`
	Text   string `json:"text"` // what happens, in Kafka's words; for people, no program has to read it
	// Params are what the step is about, Outcome is how it ended, where the action has several outcomes.
	Params  model.Params `json:"params"`
	Outcome string       `json:"outcome,omitempty"`
	Changes []Change     `json:"changes"`
	// Kind is the kind of fault, for a step that is one.
	Kind string `json:"kind,omitempty"`
	// Strong says that the guarantee would not break without this step.
	Strong bool `json:"strong,omitempty"`
	// Settings are the keys of the settings that made the step possible, the decisive one first.
	Settings []string `json:"settings,omitempty"`
	Signal   *Signal  `json:"signal,omitempty"`
	// Elsewhere is what else could have happened, some of it; More is how much else there is.
	Elsewhere []Elsewhere `json:"elsewhere,omitempty"`
	More      int         `json:"more_elsewhere,omitempty"`
}

// Change is one part of the state that a step changed: typed, and in words.
type Change struct {
	What   string      `json:"what"`
	Kind   model.Kind  `json:"kind,omitempty"`
	From   model.Value `json:"from"`
	To     model.Value `json:"to"`
	Before string      `json:"before"`
	After  string      `json:"after"`
}

// Setting is one effective setting and where its value comes from: a place in a file, the command line, the default
// of a version, or an assumption of kcheck.
type Setting struct {
	Key    string `json:"key"` // with its part: producer.acks
	Value  string `json:"value"`
	Source string `json:"source"`
	// Read says that the model reads it: it can change a verdict. Other settings are listed because they were given.
	Read bool `json:"read"`
	// Origin says who chose the value.
	Origin Origin `json:"origin,omitempty"`
}

// Origin is who chose the value of a setting.
type Origin string

// The origins.
const (
	Given   Origin = "given"   // the user, in a file or on the command line
	Default Origin = "default" // Kafka, a client or a framework
	Assumed Origin = "assumed" // nobody: kcheck assumes it
)

// Cause is a setting, or an assumption, whose change removes a violation.
type Cause struct {
	Key     string `json:"key"` // with its part
	Value   string `json:"value"`
	Source  string `json:"source"`
	Instead string `json:"instead"` // the cheapest value that removes it

	class int // of the change, as advice
}

// Advisable says that the change which removes a violation is one to make: it has a price, and gives up no protection.
// Others, such as fewer replicas, tell why the violation is possible and are no advice.
func (c *Cause) Advisable() bool {
	for _, p := range kafkaconf.PricedSettings() {
		if !slices.Contains(p.Names, c.Key) {
			continue
		}
		for _, price := range p.Prices {
			if strings.EqualFold(price.Value, c.Instead) {
				return price.Cost.Risk < 2
			}
		}
	}
	return false
}

// Fix is a change of settings under which the guarantee holds in the whole budget.
type Fix struct {
	Changes []FixChange `json:"changes"`
	Costs   []string    `json:"costs"`
	// InPlace is, where the fix takes more copies, and so brokers, the cheapest that does not; nil where none was found.
	InPlace *Fix `json:"in_place,omitempty"`
}

// FixChange is one setting changed by a fix.
type FixChange struct {
	Key    string `json:"key"`
	From   string `json:"from"`
	To     string `json:"to"`
	Source string `json:"source"`
}

// Assumption is an assumed value that a guarantee rests on.
type Assumption struct {
	Key     string         `json:"key"`
	Value   string         `json:"value"`
	Source  string         `json:"source"`
	Instead string         `json:"instead"` // the value under which it is violated
	Verdict Verdict        `json:"verdict"`
	Faults  map[string]int `json:"faults"` // the fewest that it then takes
}

// Beyond is a set of faults above the budget.
type Beyond struct {
	Faults map[string]int `json:"faults"`
}

// Scope is what bounds the runs that were explored.
type Scope struct {
	Messages int `json:"messages"`
	Replicas int `json:"replicas"`
}

// Extent is a part of a scope: every run with at most Faults faults (-1: not even those without a fault), and those
// with one fault more up to Depth steps.
type Extent struct {
	Faults int `json:"faults"`
	Depth  int `json:"depth"`
}

// Stats says what the search did.
type Stats struct {
	Distinct  uint64  `json:"distinct"`  // different states
	Generated uint64  `json:"generated"` // states computed, with repetitions
	Depth     int     `json:"depth"`     // most steps from the initial state
	Seconds   float64 `json:"seconds"`
	Bytes     uint64  `json:"bytes"` // memory of the search
	Workers   int     `json:"workers"`
	// Complete says that the verdict is final: the whole scope was explored, or all of it up to a minimal violation.
	Complete bool `json:"complete"`
	// Exhausted says that the whole scope was explored.
	Exhausted bool `json:"exhausted"`
	// CollisionProbability bounds the chance that a single state was left out; 0 for an exact search.
	CollisionProbability float64 `json:"collision_probability"`
}

// empty returns a result in which no list and no map is null, so that its JSON has the same shape for every verdict.
func empty() Result {
	return Result{
		Faults:   map[string]int{},
		Steps:    []Step{},
		Settings: []Setting{},
		Budget:   map[string]int{},
		Notes:    []string{},
	}
}
