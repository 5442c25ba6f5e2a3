package kafkaconf

import (
	"cmp"
	"slices"

	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// misplaced reports each file that was given for a part and has settings of other parts only, such as a producer's file that
// was given as the topic's. Kafka would ignore all of it, and the answer would be about nothing that it says.
func (r *resolver) misplaced(all []Value) {
	type given struct {
		file string
		part Part
	}
	var order []given
	files := map[given][]Value{}
	for _, v := range all {
		if isKafkas(v.Part) && v.Part != Features && r.inProperties(v) && v.From == "" {
			at := given{v.KeyAt.File, v.Part}
			if files[at] == nil {
				order = append(order, at)
			}
			files[at] = append(files[at], v)
		}
	}
	for _, at := range order {
		values := files[at]
		others := map[Part]int{}
		own := slices.ContainsFunc(values, func(v Value) bool { return r.dialectOf(v.Part).key(v.Part, v.Key) != nil })
		for _, v := range values {
			if other := otherPart(v.Part, v.Key); other != "" {
				others[other]++
			}
		}
		if own || len(others) == 0 {
			continue
		}
		other := most(others)
		remedy := "give it with --" + string(other)
		if other == Group { // whose flag takes a name
			remedy = "give it without --" + string(at.part)
		}
		r.problems.Add(Failure, formats.Position{File: at.file}, "", "has no setting of the %s, only settings of the %s; %s", at.part, other, remedy)
	}
}

// most is the part with the most settings, and of equal ones the first in the alphabet.
func most(settings map[Part]int) Part {
	parts := make([]Part, 0, len(settings))
	for p := range settings {
		parts = append(parts, p)
	}
	return slices.MinFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(settings[b], settings[a]), cmp.Compare(a, b))
	})
}
