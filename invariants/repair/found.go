package repair

import (
	"cmp"
	"slices"
)

// found collects repairs in the order of their costs. Of those that change the same settings the cheapest comes first; the others
// fill up what is wanted. Who cannot have a second broker is not helped by the third repair with more brokers.
type found struct {
	most          int
	first, others []Repair
	beyond        int // sets that were looked at when there were enough, for other settings
}

// mostBeyond bounds how many sets are looked at for other settings, once there are repairs enough.
const mostBeyond = 200

// count is how many there are.
func (f *found) count() int { return len(f.first) + len(f.others) }

// add adds a repair.
func (f *found) add(r Repair) {
	if f.has(r.Changes) {
		f.others = append(f.others, r)
		return
	}
	f.first = append(f.first, r)
}

// has says that a repair changes the same settings.
func (f *found) has(set []Change) bool {
	return slices.ContainsFunc(f.first, func(r Repair) bool {
		return slices.EqualFunc(r.Changes, set, func(a, b Change) bool { return a.setting == b.setting })
	})
}

// passes says that a set is not worth a look.
func (f *found) passes(set []Change) bool { return f.count() >= f.most && f.has(set) }

// enough says that the search may end. It is asked once after each set that was looked at.
func (f *found) enough() bool {
	if f.count() >= f.most {
		f.beyond++
	}
	return len(f.first) >= f.most || f.beyond > mostBeyond
}

// repairs are as many as are wanted, the cheapest first.
func (f *found) repairs() []Repair {
	list := slices.Concat(f.first, f.others)
	list = list[:min(len(list), f.most)]
	slices.SortStableFunc(list, func(a, b Repair) int { return cmp.Compare(a.Cost, b.Cost) })
	if list == nil {
		list = []Repair{}
	}
	return list
}
