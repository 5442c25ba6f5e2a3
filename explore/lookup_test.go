package explore

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Candidates are sorted by all 86 bits, also where many share the first ones.
func TestSortCandidates(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for _, mask := range []uint64{^uint64(0), 0xff00ff0000000007, 1} {
		list := make([]candidate, 20_000)
		for i := range list {
			list[i] = candidate{r.Uint64() & mask, r.Uint64()}
		}
		want := slices.Clone(list)
		slices.SortFunc(want, func(a, b candidate) int {
			if a.less(&b) {
				return -1
			}
			return 1
		})
		if sortCandidates(list, 64-8); !slices.Equal(list, want) {
			t.Errorf("with the bits %#x of the head: not in order", mask)
		}
	}
}
