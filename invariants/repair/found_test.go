package repair

import "testing"

// TestFound checks which repairs are kept: of the same settings the cheapest first, the others as far as there is room, and no
// search without end for other settings.
func TestFound(t *testing.T) {
	t.Parallel()
	set := func(cost int, settings ...int) Repair {
		r := Repair{Cost: cost}
		for _, s := range settings {
			r.Changes = append(r.Changes, Change{setting: s})
		}
		return r
	}
	f := found{most: 3}
	f.add(set(5, 1))
	if f.passes(set(6, 1).Changes) || f.enough() {
		t.Error("one is not enough, and others of the same settings may fill up")
	}
	f.add(set(6, 1))
	f.add(set(7, 1))
	if !f.passes(set(8, 1).Changes) || f.passes(set(8, 2).Changes) || f.passes(set(8, 1, 2).Changes) || f.enough() {
		t.Error("with three, only others are of interest")
	}
	f.add(set(9, 2))
	got := f.repairs()
	if len(got) != 3 || got[0].Cost != 5 || got[1].Cost != 6 || got[2].Cost != 9 {
		t.Errorf("got %+v", got)
	}
	looked := 0
	for !f.enough() {
		if looked++; looked > 2*mostBeyond {
			t.Fatal("the search for other settings does not end")
		}
	}
	f.add(set(10, 3))
	if !f.enough() {
		t.Error("three of different settings are enough")
	}
	one := found{most: 1}
	one.add(set(5, 1))
	if !one.enough() || len(one.repairs()) != 1 {
		t.Error("one was wanted")
	}
}
