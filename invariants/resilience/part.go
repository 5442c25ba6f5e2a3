package resilience

import (
	"fmt"

	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
)

// The lattice of the sets of up to N faults can be cut: deal the kinds of faults out to G groups. A set of N faults has
// kinds of at most N groups, so it is among the sets of one of the choices of N groups out of G. Each choice is a part,
// and can be searched apart from the others. What is below a set in the lattice is in the same part, so a set that is
// minimal in its part is minimal, and has the same counterexample as in a search of all.

// maxParts bounds into how many parts a search is cut.
const maxParts = 1000

// Parts is the number of parts of the search: 1 where it is not cut.
func (b Bound) Parts() int { return max(len(b.choices()), 1) }

// Part is the bound of one of the parts.
func (b Bound) Part(i int) Bound {
	choices := b.choices()
	if len(choices) == 0 {
		return b
	}
	budget, n := b.Budget(), 0
	for kind := range budget {
		if budget[kind] == 0 {
			continue
		}
		if !choices[i][n%b.Groups] {
			budget[kind] = 0
		}
		n++
	}
	part := b
	part.Kinds, part.Groups = &budget, 0
	return part
}

// choices are the choices of groups, each part's: which groups it has.
func (b Bound) choices() [][]bool {
	if b.Groups < 2 {
		return nil
	}
	groups := make([]int, b.Groups)
	for i := range groups {
		groups[i] = 1
	}
	var choices [][]bool
	for _, set := range plan.SetsOf(groups, min(max(b.UpTo, 1), b.Groups)) {
		choice := make([]bool, b.Groups)
		for i, n := range set {
			choice[i] = n > 0
		}
		choices = append(choices, choice)
	}
	return choices
}

// CheckGroups says what is wrong with the number of groups.
func (b Bound) CheckGroups() error {
	kinds := 0
	for _, n := range b.Budget() {
		kinds += min(int(n), 1)
	}
	switch {
	case b.Groups == 0 || b.Groups == 1:
		return nil
	case b.Groups < 0 || b.Groups <= b.UpTo || b.Groups > max(kinds, 1):
		return fmt.Errorf("%d is not a number of groups between %d, one more than faults, and %d, the kinds of faults", b.Groups, b.UpTo+1, kinds)
	case binomial(b.Groups, max(b.UpTo, 1)) > maxParts:
		return fmt.Errorf("%d groups make more than %d parts; take fewer groups", b.Groups, maxParts)
	}
	return nil
}

// binomial is how many choices of k out of n there are, maxParts+1 where there are more than that.
func binomial(n, k int) int {
	c := 1
	for i := range k {
		if c = c * (n - i) / (i + 1); c > maxParts {
			return maxParts + 1
		}
	}
	return c
}

// applied is a configuration with the bound as its fault budget.
func (b Bound) applied(c model.Config) model.Config {
	for i, n := range b.counts() {
		c.Faults[i] = uint8(n)
	}
	c.Bounds = model.Bounds{Overlap: b.Overlap}
	return c
}
