package resilience

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/describe"
)

// Findings are what the search of one part of the lattice found. They are all that [Conclude] needs of it, and can be
// written as JSON and read again.
type Findings struct {
	Sets      []Found               `json:"sets"`
	Untraced  bool                  `json:"untraced,omitempty"` // there was no time or memory for some counterexample
	Complete  bool                  `json:"complete"`
	Stopped   explore.StopReason    `json:"stopped,omitempty"` // why it is not complete
	Decided   int                   `json:"decided_up_to"`
	Open      [][]int               `json:"open,omitempty"`      // sets that a limit of the model leaves open, by kind
	Unreached []string              `json:"unreached,omitempty"` // see [plan.FaultSets.Unreached]
	Fired     [model.NumFaults]bool `json:"fired"`
	Notes     []string              `json:"notes"` // of the model
	Stats     verdict.Stats         `json:"stats"`
}

// Found is a minimal set with its counterexample.
type Found struct {
	Faults []int `json:"by_kind"`
	Length int   `json:"length"` // steps of the counterexample, also where they are not known
	verdict.Counterexample
}

// search looks for the fault sets of several questions, of which those about one configuration share work.
type search struct {
	questions []verdict.Question
	bound     Bound
	checks    []*invariants.Check // nil for a question that Kafka refuses
	lattices  map[model.Config]*plan.Lattices
}

// newSearch prepares the checks.
func newSearch(questions []verdict.Question, bound Bound) (*search, error) {
	if err := errors.Join(bound.Check(), bound.CheckGroups()); err != nil {
		return nil, err
	}
	s := &search{questions: questions, bound: bound, checks: make([]*invariants.Check, len(questions)), lattices: map[model.Config]*plan.Lattices{}}
	together := map[model.Config][]*invariants.Check{}
	for i := range questions {
		q := &questions[i]
		if len(q.Refused) > 0 {
			continue
		}
		check, err := invariants.Prepare(q.Guarantee, bound.applied(q.Config), q.Counted)
		if err != nil {
			return nil, err
		}
		s.checks[i] = check
		together[q.Config] = append(together[q.Config], check)
	}
	for config, checks := range together {
		s.lattices[config] = plan.NewLattices(checks...)
	}
	return s, nil
}

// find searches a part for a question.
func (s *search) find(ctx context.Context, i, part int, o verdict.Options) (Findings, error) {
	check, q := s.checks[i], &s.questions[i]
	if check == nil {
		return Findings{Sets: []Found{}, Decided: -1}, nil
	}
	bound := s.bound.Part(part)
	key, known := o.Cache.Key("fault sets", check.Model.Config(), q.Guarantee, q.Counted, bound.counts(), bound.UpTo, o.Seed), Findings{}
	if o.Cache.Get(key, &known) {
		return known, nil
	}
	found, err := s.lattices[q.Config].Find(ctx, check, options(q, bound, o))
	if err != nil {
		return Findings{}, err
	}
	f := Findings{Sets: []Found{}, Complete: found.Complete, Stopped: found.Stopped, Decided: found.Decided, Open: found.Open,
		Unreached: found.Unreached, Fired: found.Fired, Notes: describe.Notes(check.Model), Stats: statsOf(found)}
	for _, set := range found.Sets {
		told, err := verdict.Tell(set.About, set.Violation)
		if err != nil {
			return f, err
		}
		f.Sets = append(f.Sets, Found{set.Faults, set.Violation.Steps, told})
		f.Untraced = f.Untraced || set.Violation.Untraced
	}
	if f.Complete && !f.Untraced {
		o.Cache.Put(key, &f)
	}
	return f, nil
}

// statsOf are the counters of a search.
func statsOf(found *plan.FaultSets) verdict.Stats {
	s := found.Stats
	return verdict.Stats{Distinct: s.Distinct, Generated: s.Generated, Depth: s.Depth, Seconds: s.Duration.Seconds(), Bytes: uint64(s.Bytes),
		Workers: s.Workers, Complete: found.Complete, Exhausted: found.Complete, CollisionProbability: s.CollisionProbability}
}

// FindPart searches one part of the lattice, of those that [Bound.Parts] counts.
func FindPart(ctx context.Context, q verdict.Question, bound Bound, part int, o verdict.Options) (Findings, error) {
	s, err := newSearch([]verdict.Question{q}, bound)
	if err != nil {
		return Findings{}, err
	}
	return s.find(ctx, 0, part, o)
}

// Conclude makes the result of a question of what was found in the parts of its lattice; nil is a part of which nothing
// is known.
func Conclude(q verdict.Question, bound Bound, parts []*Findings) Result {
	r := blank(&q, bound)
	if len(q.Refused) > 0 {
		r.Verdict, r.Reason = verdict.Refused, strings.Join(q.Refused, "; ")
		return r
	}
	found := joined(parts)
	r.Notes = append(r.Notes, found.Notes...)
	r.Complete, r.Decided, r.Stats = found.Complete, found.Decided, found.Stats
	var minimal [][]int
	for _, set := range found.Sets {
		minimal = append(minimal, set.Faults)
		r.Minimal = append(r.Minimal, set.Counterexample)
	}
	for _, set := range found.Open {
		r.Undecided = append(r.Undecided, verdict.FaultMap(set))
	}
	lattice := lattice{budget: bound.counts(), upTo: r.Decided, minimal: minimal}
	r.Survives = lattice.survivors()
	r.Kinds = lattice.kinds(found, r.UpTo)
	r.conclude(found)
	return r
}

// joined puts the findings of the parts together, in the order of [plan.FaultSets].
func joined(parts []*Findings) *Findings {
	all := &Findings{}
	for i, p := range parts {
		if p == nil {
			p = &Findings{Decided: -1, Stopped: explore.Canceled}
		}
		if i == 0 {
			*all = *p
			all.Sets, all.Open = slices.Clone(p.Sets), slices.Clone(p.Open)
			continue
		}
		all.add(p)
	}
	slices.SortFunc(all.Sets, func(a, b Found) int {
		return cmp.Or(cmp.Compare(sum(a.Faults), sum(b.Faults)), cmp.Compare(a.Length, b.Length), slices.Compare(b.Faults, a.Faults))
	})
	all.Open = slices.DeleteFunc(all.Open, func(set []int) bool {
		return slices.ContainsFunc(all.Sets, func(s Found) bool { return subset(s.Faults, set) })
	})
	if len(all.Sets) > 0 {
		all.Unreached = nil
		if sum(all.Sets[0].Faults) == 0 { // then it is violated whatever else happens
			all.Sets, all.Open, all.Complete = all.Sets[:1], nil, true
		}
	}
	return all
}

// sum is the number of faults of a set.
func sum(set []int) int {
	n := 0
	for _, k := range set {
		n += k
	}
	return n
}

// add adds the findings of one more part.
func (f *Findings) add(p *Findings) {
	for _, set := range p.Sets {
		if !slices.ContainsFunc(f.Sets, func(s Found) bool { return slices.Equal(s.Faults, set.Faults) }) {
			f.Sets = append(f.Sets, set)
		}
	}
	for _, set := range p.Open {
		if !slices.ContainsFunc(f.Open, func(s []int) bool { return slices.Equal(s, set) }) {
			f.Open = append(f.Open, set)
		}
	}
	if !p.Complete && f.Complete {
		f.Stopped = p.Stopped
	}
	f.Complete, f.Decided = f.Complete && p.Complete, min(f.Decided, p.Decided)
	f.Unreached = slices.DeleteFunc(slices.Clone(f.Unreached), func(w string) bool { return !slices.Contains(p.Unreached, w) })
	for i, fired := range p.Fired {
		f.Fired[i] = f.Fired[i] || fired
	}
	if f.Notes == nil {
		f.Notes = p.Notes
	}
	s := &f.Stats
	s.Distinct, s.Generated, s.Depth = s.Distinct+p.Stats.Distinct, s.Generated+p.Stats.Generated, max(s.Depth, p.Stats.Depth)
	s.Seconds, s.Bytes, s.Workers = s.Seconds+p.Stats.Seconds, max(s.Bytes, p.Stats.Bytes), max(s.Workers, p.Stats.Workers)
	s.CollisionProbability += p.Stats.CollisionProbability
	s.Complete, s.Exhausted = f.Complete, f.Complete
}
