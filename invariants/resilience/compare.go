package resilience

import "github.com/kcheck/kcheck/invariants/verdict"

// Difference is what a change of configuration gains and loses.
type Difference struct {
	// Gained are the minimal sets that violate a guarantee under the old configuration and not under the new one.
	Gained []Change `json:"gained"`
	// Lost are the minimal sets that violate a guarantee under the new configuration and not under the old one.
	Lost []Change `json:"lost"`
	// Guarantees are the guarantees that were asked of both, with what each configuration tolerates.
	Guarantees []Compared `json:"guarantees"`
	// Settings are the effective settings that differ, of those that have a bearing on delivery.
	Settings []Changed `json:"settings"`
	// Complete says that all minimal sets of both are known.
	Complete bool `json:"complete"`
}

// Change is a set of faults that makes a difference, and the run that shows it: of the configuration that it violates.
type Change struct {
	System    string `json:"system,omitempty"` // where several systems are compared
	Guarantee string `json:"guarantee"`
	verdict.Counterexample
}

// Compared is one guarantee under both configurations.
type Compared struct {
	System    string          `json:"system,omitempty"`
	Guarantee string          `json:"guarantee"`
	Old       verdict.Verdict `json:"old"`
	New       verdict.Verdict `json:"new"`
	// OldSets and NewSets count the minimal sets.
	OldSets int `json:"old_sets"`
	NewSets int `json:"new_sets"`
}

// Changed is a setting whose effective value differs; empty where a configuration does not have it.
type Changed struct {
	System string `json:"system,omitempty"`
	Key    string `json:"key"`
	From   string `json:"from"`
	To     string `json:"to"`
	Source string `json:"source"` // of the new value
}

// Compare compares what was found out about two configurations: the results of the same guarantees in the same order,
// within the same bound. Only what is known is compared: where one search was cut short, sets that it did not decide are
// neither gained nor lost.
func Compare(before, after []Result) Difference {
	d := Difference{Gained: []Change{}, Lost: []Change{}, Guarantees: []Compared{}, Settings: []Changed{}, Complete: true}
	for i := range before {
		o, n := &before[i], &after[i]
		d.Gained = append(d.Gained, broken(o, n)...)
		d.Lost = append(d.Lost, broken(n, o)...)
		d.Guarantees = append(d.Guarantees, Compared{Guarantee: o.Guarantee, Old: o.Verdict, New: n.Verdict, OldSets: len(o.Minimal), NewSets: len(n.Minimal)})
		d.Complete = d.Complete && o.Complete && n.Complete
	}
	if len(before) > 0 {
		d.Settings = changed(before[0].Settings, after[0].Settings)
	}
	return d
}

// Of names the system that a difference is about.
func (d Difference) Of(system string) Difference {
	for i := range d.Gained {
		d.Gained[i].System = system
	}
	for i := range d.Lost {
		d.Lost[i].System = system
	}
	for i := range d.Guarantees {
		d.Guarantees[i].System = system
	}
	for i := range d.Settings {
		d.Settings[i].System = system
	}
	return d
}

// Join puts the differences of several systems together.
func Join(all ...Difference) Difference {
	d := Difference{Gained: []Change{}, Lost: []Change{}, Guarantees: []Compared{}, Settings: []Changed{}, Complete: true}
	for _, one := range all {
		d.Gained = append(d.Gained, one.Gained...)
		d.Lost = append(d.Lost, one.Lost...)
		d.Guarantees = append(d.Guarantees, one.Guarantees...)
		d.Settings = append(d.Settings, one.Settings...)
		d.Complete = d.Complete && one.Complete
	}
	return d
}

// broken lists the minimal sets of a that b survives.
func broken(a, b *Result) []Change {
	var list []Change
	for _, set := range a.Minimal {
		if b.survives(set.Faults) {
			list = append(list, Change{Guarantee: a.Guarantee, Counterexample: set})
		}
	}
	return list
}

// survives tells whether a set is known not to violate the guarantee.
func (r *Result) survives(faults map[string]int) bool {
	for _, s := range r.Survives {
		if contains(s, faults) {
			return true
		}
	}
	return false
}

// contains tells whether no kind is more often in part than in whole.
func contains(whole, part map[string]int) bool {
	for kind, n := range part {
		if n > whole[kind] {
			return false
		}
	}
	return true
}

// changed lists the settings that differ and have a bearing on delivery, in the order of the new configuration, then those that are gone.
func changed(before, after []verdict.Setting) []Changed {
	old, list, seen := map[string]verdict.Setting{}, []Changed{}, map[string]bool{}
	for _, s := range before {
		old[s.Key] = s
	}
	for _, s := range after {
		seen[s.Key] = true
		if old[s.Key].Value != s.Value && (s.Read || old[s.Key].Read) {
			list = append(list, Changed{Key: s.Key, From: old[s.Key].Value, To: s.Value, Source: s.Source})
		}
	}
	for _, s := range before {
		if !seen[s.Key] && s.Read {
			list = append(list, Changed{Key: s.Key, From: s.Value, Source: s.Source})
		}
	}
	return list
}
