package fleet

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/spread"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Fleet is the topics of a cluster or a folder, by configuration.
type Fleet struct {
	// Topics is how many different topics there are. A topic that several applications use may be in several
	// configurations.
	Topics     int      `json:"topics"`
	Guarantees []string `json:"guarantees"`
	Classes    []*Class `json:"fleet"` // the worst first, once they are filled in

	topics map[string]bool
	byKey  map[class]*Class
	units  []spread.Unit
	asked  map[question]int // index of the unit
}

// Class is everything that has one configuration.
type Class struct {
	// Configuration names it, see [kafkaconf.ConfigurationID].
	Configuration string `json:"configuration"`
	Kafka         string `json:"kafka"`
	Members
	Verdicts map[string]verdict.Verdict `json:"verdicts"` // by guarantee
	// Faults are those of the counterexample, by guarantee, where there is one.
	Faults map[string]map[string]int `json:"faults"`
	// Counterexamples are what is behind the verdicts that are violated, by guarantee.
	Counterexamples map[string]verdict.Counterexample `json:"counterexamples"`
	Reasons         map[string]string                 `json:"reasons"`
	// Settings are those that the model reads and that are not the same in the whole fleet.
	Settings []verdict.Setting `json:"settings"`

	all   []verdict.Setting
	units map[string]int // by guarantee
}

// Members are what has a configuration.
type Members struct {
	Topics       []string `json:"topics"`
	Applications []string `json:"applications"`
	Groups       []string `json:"groups"`
}

// class is what one class is told from another by.
type class struct {
	id         string
	config     model.Config
	guarantees string
}

// question is what is asked once.
type question struct {
	config    model.Config
	guarantee string
	counted   model.Counted
}

// New is an empty fleet.
func New() *Fleet {
	return &Fleet{Guarantees: []string{}, Classes: []*Class{}, topics: map[string]bool{}, byKey: map[class]*Class{}, asked: map[question]int{}}
}

// Add adds members with their configuration.
func (f *Fleet) Add(resolved *kafkaconf.Resolved, members Members) {
	for _, t := range members.Topics {
		f.topics[t] = true
	}
	f.Topics = len(f.topics)
	key := class{resolved.ID(), resolved.Config, strings.Join(resolved.Guarantees, ",")}
	c := f.byKey[key]
	if c == nil {
		c = f.newClass(key, resolved)
	}
	c.Topics, c.Applications, c.Groups = union(c.Topics, members.Topics), union(c.Applications, members.Applications), union(c.Groups, members.Groups)
}

// newClass begins a class and asks its questions.
func (f *Fleet) newClass(key class, resolved *kafkaconf.Resolved) *Class {
	c := &Class{Configuration: key.id, Kafka: resolved.Config.Kafka.String(), Members: Members{[]string{}, []string{}, []string{}},
		Verdicts: map[string]verdict.Verdict{}, Faults: map[string]map[string]int{}, Counterexamples: map[string]verdict.Counterexample{},
		Reasons: map[string]string{}, Settings: []verdict.Setting{}, units: map[string]int{}}
	f.byKey[key] = c
	f.Classes = append(f.Classes, c)
	for _, q := range verdict.Questions(resolved) {
		c.all = q.Settings
		if !slices.Contains(f.Guarantees, q.Guarantee) {
			f.Guarantees = append(f.Guarantees, q.Guarantee)
		}
		if len(q.Refused) > 0 {
			c.Verdicts[q.Guarantee], c.Reasons[q.Guarantee] = verdict.Refused, strings.Join(q.Refused, "; ")
			continue
		}
		c.Verdicts[q.Guarantee], c.Reasons[q.Guarantee] = verdict.Inconclusive, "not explored"
		id := question{q.Config, q.Guarantee, q.Counted}
		n, known := f.asked[id]
		if !known {
			n = len(f.units)
			f.asked[id] = n
			f.units = append(f.units, spread.Unit{Question: q})
		}
		c.units[q.Guarantee] = n
	}
	return c
}

// union adds what is not there yet, in order.
func union(list, more []string) []string {
	list = append(slices.Clone(list), more...)
	slices.Sort(list)
	return slices.Compact(list)
}

// Units are the questions, each once.
func (f *Fleet) Units() []spread.Unit { return f.units }

// Fill fills in the verdicts: the answers of the units, in their order. A class without an answer stays inconclusive.
func (f *Fleet) Fill(answers []*spread.Answer) {
	for _, c := range f.Classes {
		for g, n := range c.units {
			if answers[n] == nil || answers[n].Check == nil {
				continue
			}
			a := answers[n].Check
			c.Verdicts[g], c.Reasons[g] = a.Verdict, a.Reason
			if a.Verdict == verdict.Violated {
				c.Faults[g] = a.Faults
				c.Counterexamples[g] = verdict.Counterexample{Faults: a.Faults, Reason: a.Reason, Steps: a.Steps, Fates: a.Fates}
			}
		}
	}
	f.tellApart()
	slices.SortStableFunc(f.Classes, f.compare)
}

// tellApart notes the settings in which classes differ.
func (f *Fleet) tellApart() {
	values := map[string]map[string]bool{}
	for _, c := range f.Classes {
		for _, s := range c.all {
			if values[s.Key] == nil {
				values[s.Key] = map[string]bool{}
			}
			values[s.Key][s.Value] = true
		}
	}
	for _, c := range f.Classes {
		c.Settings = slices.DeleteFunc(slices.Clone(c.all), func(s verdict.Setting) bool { return !s.Read || len(values[s.Key]) < 2 })
	}
}

// severity orders verdicts, the worst first.
var severity = map[verdict.Verdict]int{verdict.Violated: 0, verdict.Refused: 1, verdict.Inconclusive: 2, verdict.Vacuous: 3, verdict.Holds: 4}

// compare orders classes: by their worst verdict, then by how many faults it takes, then by how many guarantees are
// violated, then by how many topics it is about.
func (f *Fleet) compare(a, b *Class) int {
	return cmp.Or(slices.Compare(f.badness(a), f.badness(b)), cmp.Compare(len(b.Faults), len(a.Faults)), cmp.Compare(len(b.Topics), len(a.Topics)),
		cmp.Compare(a.Configuration, b.Configuration), slices.Compare(a.Topics, b.Topics))
}

// badness is how bad a class is: its worst verdict and how many faults that takes.
func (f *Fleet) badness(c *Class) []int {
	worst := []int{len(severity), 0}
	for g, v := range c.Verdicts {
		if own := []int{severity[v], Size(c.Faults[g])}; slices.Compare(own, worst) < 0 {
			worst = own
		}
	}
	return worst
}

// Size is the number of faults of a set.
func Size(faults map[string]int) int {
	n := 0
	for _, k := range faults {
		n += k
	}
	return n
}

// Loss is what is violated, in one number of faults, for one guarantee.
type Loss struct {
	Guarantee string
	// Faults is the number of faults that it takes; Sets are the sets, where there is one it is all of them.
	Faults  int
	Sets    []map[string]int
	Classes int
	Topics  int
}

// Losses sums up what is violated: for each guarantee, what takes the fewest faults first.
func (f *Fleet) Losses() []Loss {
	var list []Loss
	for _, g := range f.Guarantees {
		bySize := map[int]*Loss{}
		topics := map[int]map[string]bool{}
		for _, c := range f.Classes {
			if c.Verdicts[g] != verdict.Violated {
				continue
			}
			n := Size(c.Faults[g])
			if bySize[n] == nil {
				bySize[n], topics[n] = &Loss{Guarantee: g, Faults: n}, map[string]bool{}
			}
			l := bySize[n]
			l.Classes++
			if !slices.ContainsFunc(l.Sets, func(s map[string]int) bool { return verdict.FaultSet(s) == verdict.FaultSet(c.Faults[g]) }) {
				l.Sets = append(l.Sets, c.Faults[g])
			}
			for _, t := range c.Topics {
				topics[n][t] = true
			}
			l.Topics = len(topics[n])
		}
		for n := range 100 {
			if bySize[n] != nil {
				list = append(list, *bySize[n])
			}
		}
	}
	return list
}
