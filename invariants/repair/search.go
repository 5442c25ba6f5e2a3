package repair

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/kcheck/kcheck/invariants/counterfactual"
	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Options says how to look for repairs.
type Options struct {
	verdict.Options
	// MaxChanges is the largest number of changes of a repair; 0 is 3.
	MaxChanges int
	// Alternatives is how many repairs to look for; 0 is 3. All have the same number of changes. Repairs that change other
	// settings are preferred to those that change the same ones to dearer values.
	Alternatives int
	// Parts are the parts that may be changed; none is all.
	Parts []kafkaconf.Part
	// Report, if set, is called now and then.
	Report func(Progress)

	flips bool // also values that are no repair
}

// Progress says how far the enumeration is.
type Progress struct {
	Changes     int // the number of changes of the sets being looked at
	Done, Sets  int // of that number
	Checks      int // full checks so far
	Found       int
	Elapsed     time.Duration
	ElapsedSize time.Duration // since the first set of that number
}

// Left estimates the time that sets of this number of changes still take; 0 when nothing is known.
func (p Progress) Left() time.Duration {
	if p.Done == 0 {
		return 0
	}
	return time.Duration(float64(p.ElapsedSize) / float64(p.Done) * float64(p.Sets-p.Done))
}

// Repair is a set of changes under which every guarantee holds.
type Repair struct {
	Changes  []Change                   `json:"changes"`
	Verdicts map[string]verdict.Verdict `json:"verdicts"`
	Costs    []string                   `json:"costs"`
	Cost     int                        `json:"cost"`
	// Patch is the change of the user's own files; Notes say what is not in a file.
	Patch string   `json:"patch"`
	Notes []string `json:"notes,omitempty"`
	// Leaves is the risk that is left, where risks were asked for; see [Result.AddRisk].
	Leaves *risk.Weight `json:"risk,omitempty"`
}

// Result is what was found.
type Result struct {
	Repairs []Repair `json:"repairs"`
	// Verdicts are those of the configuration as it is.
	Verdicts map[string]verdict.Verdict `json:"verdicts"`
	// Has is the risk of the configuration as it is, where risks were asked for.
	Has *risk.Weight `json:"risk,omitempty"`
	// Complete says that all sets of fewer changes were dismissed, and, where there is no repair, all sets.
	Complete bool `json:"complete"`
	// MaxChanges is the largest number of changes that was looked at.
	MaxChanges int `json:"max_changes"`
	// Sets and Checks count the sets of changes that were looked at and those that took a full check.
	Sets   int `json:"sets"`
	Checks int `json:"checks"`
	// Breaking is, where nothing helps, the smallest set of faults that violates a guarantee whatever is changed.
	Breaking *Breaking `json:"breaking,omitempty"`

	weighed []string
}

// Breaking is a set of faults that nothing in the lattice helps against, and what it does to the configuration as it is:
// a counterexample that may need only some of them, where something helps against those.
type Breaking struct {
	Set       map[string]int `json:"fault_set"`
	Guarantee string         `json:"guarantee"`
	verdict.Counterexample
}

// Search looks for the cheapest repairs of one question. What is wrong with the request is in the problems. When ctx
// ends, what was found so far is returned, with Complete false.
func Search(ctx context.Context, request kafkaconf.Request, o Options) (*Result, kafkaconf.Problems, error) {
	resolved, err := kafkaconf.Load(request)
	problems := kafkaconf.ProblemsOf(resolved, err)
	if resolved == nil {
		return nil, problems, nil
	}
	o.MaxChanges, o.Alternatives = cmp.Or(o.MaxChanges, 3), cmp.Or(o.Alternatives, 3)
	s := newSearch(ctx, request, resolved, o)
	s.out.Verdicts = map[string]verdict.Verdict{}
	holds, err := s.asItIs()
	if err != nil || holds {
		s.out.Complete = err == nil
		return s.out, problems, err
	}
	if err := s.enumerate(); err != nil {
		return nil, problems, err
	}
	if len(s.out.Repairs) == 0 && s.out.Complete {
		err = s.breaking()
	}
	for i := range s.out.Repairs {
		s.finish(&s.out.Repairs[i])
	}
	return s.out, problems, err
}

// search is an enumeration of sets of changes.
type search struct {
	ctx      context.Context
	request  kafkaconf.Request
	resolved *kafkaconf.Resolved
	o        Options
	budget   model.Budget
	changes  []Change // the candidates
	stories  []counterfactual.Story
	known    map[identity]bool // whether every guarantee holds
	open     bool              // a set was left undecided
	begin    time.Time
	last     time.Time
	out      *Result
}

// identity is what two sets of changes must share to have the same verdict.
type identity struct {
	config  model.Config
	counted model.Counted
}

func newSearch(ctx context.Context, request kafkaconf.Request, resolved *kafkaconf.Resolved, o Options) *search {
	return &search{ctx: ctx, request: request, resolved: resolved, o: o, budget: resolved.Config.Faults,
		changes: candidates(request, resolved, o), known: map[identity]bool{}, begin: time.Now(),
		out: &Result{Repairs: []Repair{}, MaxChanges: o.MaxChanges}}
}

// asItIs checks the configuration itself and says whether every guarantee holds already.
func (s *search) asItIs() (bool, error) {
	all := true
	for _, q := range verdict.Deciding(s.resolved) {
		v, err := s.full(q)
		if err != nil {
			return false, err
		}
		s.out.Verdicts[q.Guarantee] = v
		all = all && v == verdict.Holds
	}
	return all, nil
}

// enumerate looks at all sets of one change, then of two, until there is a repair.
func (s *search) enumerate() error {
	s.out.Complete = true
	for size := 1; size <= s.o.MaxChanges && len(s.out.Repairs) == 0; size++ {
		sets := s.setsOf(size)
		f := found{most: s.o.Alternatives}
		begin := time.Now()
		for i, set := range sets {
			if s.ctx.Err() != nil {
				s.out.Complete = false
				break
			}
			if f.passes(set) {
				continue
			}
			holds, err := s.try(set)
			if err != nil {
				return err
			}
			s.out.Sets++
			if holds {
				f.add(s.repair(set))
			}
			if f.enough() {
				break
			}
			s.report(Progress{Changes: size, Done: i + 1, Sets: len(sets), Found: f.count(), ElapsedSize: time.Since(begin)})
		}
		s.out.Repairs = f.repairs()
	}
	s.out.Complete = s.out.Complete && !s.open
	return nil
}

// report tells of the progress, at most ten times a second.
func (s *search) report(p Progress) {
	if now := time.Now(); s.o.Report != nil && now.Sub(s.last) >= 100*time.Millisecond {
		s.last = now
		p.Checks, p.Elapsed = s.out.Checks, now.Sub(s.begin)
		s.o.Report(p)
	}
}

// setsOf lists the sets of so many changes of different settings, the cheapest first.
func (s *search) setsOf(size int) [][]Change {
	var sets [][]Change
	var choose func(from int, set []Change)
	choose = func(from int, set []Change) {
		if len(set) == size {
			sets = append(sets, slices.Clone(set))
			return
		}
		for i := from; i < len(s.changes); i++ {
			if n := len(set); n == 0 || set[n-1].setting != s.changes[i].setting {
				choose(i+1, append(set, s.changes[i]))
			}
		}
	}
	choose(0, nil)
	slices.SortStableFunc(sets, func(a, b []Change) int { return cmp.Compare(cost(a), cost(b)) })
	return sets
}
