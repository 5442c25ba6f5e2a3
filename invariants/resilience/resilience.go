package resilience

import (
	"context"
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// MaxSets bounds how many sets of faults a question may have.
const MaxSets = 200_000

// Bound says which sets of faults are looked at.
type Bound struct {
	// UpTo is the largest number of faults of a set.
	UpTo int
	// Kinds is how often each kind may occur; nil is UpTo of each.
	Kinds *model.Budget
	// Overlap bounds how many brokers are away at a time.
	Overlap model.Bound
	// Groups, where it is more than 1, cuts the search in independent parts, see [Bound.Parts].
	Groups int `json:",omitempty"`
}

// Budget is how often each kind may occur.
func (b Bound) Budget() model.Budget {
	if b.Kinds != nil {
		return *b.Kinds
	}
	var all model.Budget
	for i := range all {
		all[i] = uint8(b.UpTo)
	}
	return all
}

// counts is the budget as the engine takes it, no kind more often than faults in all.
func (b Bound) counts() []int {
	var counts []int
	for _, n := range b.Budget() {
		counts = append(counts, min(int(n), b.UpTo))
	}
	return counts
}

// Result is what breaks one guarantee of one configuration, and what does not.
type Result struct {
	Spec      string `json:"spec"`
	About     string `json:"about,omitempty"`
	Guarantee string `json:"guarantee"`
	Counted   string `json:"counted,omitempty"`
	Kafka     string `json:"kafka"`
	UpTo      int    `json:"up_to"`
	// Verdict is holds when no set within the bound violates the guarantee, violated when one does, and otherwise as
	// the verdict of a check.
	Verdict verdict.Verdict `json:"verdict"`
	Reason  string          `json:"reason"`
	// Complete says that there are no other minimal sets within the bound. Otherwise that is so for sets of at most
	// Decided faults.
	Complete bool `json:"complete"`
	Decided  int  `json:"decided_up_to"`
	// Minimal are the minimal sets, by number of faults, then steps.
	Minimal []verdict.Counterexample `json:"minimal_fault_sets"`
	// Survives are the maximal sets within the bound under which the guarantee is not violated.
	Survives []map[string]int `json:"survives"`
	// Undecided are sets that a limit of the model leaves open.
	Undecided []map[string]int  `json:"undecided,omitempty"`
	Kinds     []Kind            `json:"kinds"`
	Settings  []verdict.Setting `json:"settings"`
	Scope     verdict.Scope     `json:"scope"`
	Notes     []string          `json:"notes"`
	Stats     verdict.Stats     `json:"stats"`
}

// Kind is what a configuration makes of one kind of fault.
type Kind struct {
	Fault string `json:"fault"`
	// Tolerated is how many occurrences, and no other faults, leave the guarantee intact, up to Most.
	Tolerated int `json:"tolerated"`
	Most      int `json:"most"`
	// Survives is Any, AnyOneAtATime, or Tolerated as far as is known.
	Survives string `json:"survives,omitempty"`
	// Applies says that the fault can happen in this configuration, as far as it was looked at.
	Applies bool `json:"applies"`
	// Sets is the number of minimal sets that it is in.
	Sets int `json:"sets"`
	// Undecided says that more than Tolerated occurrences were not decided.
	Undecided bool `json:"undecided,omitempty"`
}

// Sets is the number of sets within the bound.
func (b Bound) Sets() int { return countSets(b.counts(), b.UpTo) }

// Check says what is wrong with a bound, its groups left aside.
func (b Bound) Check() error {
	if b.UpTo < 0 || b.UpTo > model.MaxOccurrences {
		return fmt.Errorf("%d is not a number of faults between 0 and %d", b.UpTo, model.MaxOccurrences)
	}
	if n := b.Sets(); n > MaxSets {
		return fmt.Errorf("there are %d sets of up to %d faults, more than the %d that kcheck lists; name fewer kinds with --faults, or a smaller --up-to",
			n, b.UpTo, MaxSets)
	}
	return nil
}

// Analyze finds the minimal sets of faults for one question. Its fault budget is ignored. A search that is cut short, by
// ctx or by a limit in the options, gives the partial result and no error.
func Analyze(ctx context.Context, q verdict.Question, bound Bound, o verdict.Options) (Result, error) {
	results, err := AnalyzeAll(ctx, []verdict.Question{q}, bound, o)
	if err != nil {
		return blank(&q, bound), err
	}
	return results[0], nil
}

// AnalyzeAll is Analyze for several questions. The guarantees of one configuration share work.
func AnalyzeAll(ctx context.Context, questions []verdict.Question, bound Bound, o verdict.Options) ([]Result, error) {
	s, err := newSearch(questions, bound)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(questions))
	for i := range questions {
		parts := make([]*Findings, bound.Parts())
		for part := range parts {
			found, err := s.find(ctx, i, part, o)
			if err != nil {
				return nil, err
			}
			parts[part] = &found
		}
		results[i] = Conclude(questions[i], bound, parts)
	}
	return results, nil
}

// options translates a part of the question for the engine.
func options(q *verdict.Question, part Bound, o verdict.Options) explore.Options[model.State] {
	e := explore.Options[model.State]{Seed: o.Seed, Workers: o.Workers, Memory: o.Memory, Disk: o.Disk, Budget: part.counts(),
		MaxFaults: part.UpTo, Coverage: true}
	if o.Progress != nil {
		e.Progress, e.ProgressEvery = func(p explore.Progress) { o.Progress(q, p) }, o.ProgressEvery
	}
	return e
}

// blank is a result that says what was asked.
func blank(q *verdict.Question, bound Bound) Result {
	r := Result{Spec: q.Spec, About: q.About, Guarantee: q.Guarantee, Kafka: q.Config.Kafka.String(), UpTo: bound.UpTo,
		Verdict: verdict.Inconclusive, Decided: -1, Minimal: []verdict.Counterexample{}, Survives: []map[string]int{},
		Kinds: []Kind{}, Settings: append([]verdict.Setting{}, q.Settings...), Notes: append([]string{}, q.Notes...),
		Scope: verdict.Scope{Messages: q.Config.Scope.Messages, Replicas: q.Config.Topic.Replicas}}
	if g, err := invariants.Lookup(q.Guarantee); err == nil {
		r.Counted = g.Counted(q.Counted, q.Config.App.OutputKafka)
	}
	return r
}

// conclude gives the verdict and the reason.
func (r *Result) conclude(found *Findings) {
	n := len(r.Minimal)
	switch {
	case n > 0 && len(r.Minimal[0].Faults) == 0:
		r.Verdict, r.Reason = verdict.Violated, "it is violated without any fault: "+r.Minimal[0].Reason
	case n > 0:
		r.Verdict = verdict.Violated
		r.Reason = fmt.Sprintf("%s %s it", plural(n, "minimal set of faults", "minimal sets of faults"),
			map[bool]string{true: "violates", false: "violate"}[n == 1])
	case !r.Complete:
		r.Verdict = verdict.Inconclusive
	case len(found.Unreached) > 0:
		r.Verdict = verdict.Vacuous
		r.Reason = "what the guarantee speaks about never happens: there is no run within the scope in which " + found.Unreached[0]
	default:
		r.Verdict, r.Reason = verdict.Holds, fmt.Sprintf("no %s violate it", plural(r.UpTo, "fault", "faults of any kinds"))
	}
	if !r.Complete {
		r.Notes = append(r.Notes, cutShort(found.Stopped, r.Decided))
		if r.Reason == "" {
			r.Reason = r.Notes[len(r.Notes)-1]
		}
	}
	if len(r.Minimal) > 0 && len(r.Minimal[0].Faults) == 0 {
		return
	}
	var never []string
	for _, k := range r.Kinds {
		if !k.Applies {
			never = append(never, k.Fault)
		}
	}
	if r.Complete && len(never) > 0 && r.UpTo > 0 {
		r.Notes = append(r.Notes, "faults that cannot happen, or are not seen, in this configuration: "+strings.Join(never, ", "))
	}
}

// cutShort says why not all sets were decided, and which were.
func cutShort(why explore.StopReason, decided int) string {
	reason := map[explore.StopReason]string{explore.Canceled: "interrupted", explore.Deadline: "the time limit was reached",
		explore.OutOfMemory: "the memory limit was reached", explore.OutOfDisk: "there was no room left on the disk", explore.BoundReached: "a limit of the model leaves some sets open"}[why]
	if reason == "" {
		reason = "the search ended (" + why.String() + ")"
	}
	if decided < 0 {
		return reason + " before all runs without a fault were explored"
	}
	return fmt.Sprintf("%s; all sets of up to %s are decided", reason, plural(decided, "fault", "faults"))
}

// plural writes a number with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
