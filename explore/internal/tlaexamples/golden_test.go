package tlaexamples

import (
	"context"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// sizes are the published numbers of an example: distinct states, generated states, and levels, of which there is one more
// than the depth since the initial states are one.
type sizes struct {
	distinct, generated uint64
	levels              int
}

// checkSizes explores the whole space of a model, breadth first with two workers.
func checkSizes[S comparable](t *testing.T, name string, m explore.Model[S], inv func(*S) bool, want sizes) {
	t.Helper()
	props := []explore.Property[S]{{Name: "safe", Invariant: inv}}
	r, err := explore.Check(context.Background(), m, props, nil, explore.Options[S]{Workers: 2})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if got := (sizes{r.Stats.Distinct, r.Stats.Generated, r.Stats.Depth + 1}); got != want || !r.Complete || r.Violation != nil {
		t.Errorf("%s: got %+v, want %+v; complete %t, violation %v", name, got, want, r.Complete, r.Violation)
	}
}

// TestSizes compares with the numbers in the manifests of the TLA+ examples.
func TestSizes(t *testing.T) {
	checkSizes(t, "MCAlternatingBit", AlternatingBit{}, func(*Link) bool { return true }, sizes{240, 1392, 10})
	checkSizes(t, "ReadersWriters", ReadersWriters{}, ReadersWriters{}.Safe, sizes{21527, 59674, 13})
	checkSizes(t, "2PCwithBTM", BackedUp{}, BackedUp{}.Consistent, sizes{1245, 5841, 15})
	nb, sb := AtomicCommit{Participants: 2, Forwards: true}, AtomicCommit{Participants: 3}
	checkSizes(t, "ACP_NB", nb, nb.Agrees, sizes{4284, 23988, 19})
	checkSizes(t, "ACP_SB", sb, sb.Agrees, sizes{54944, 218352, 21})
	if testing.Short() {
		t.Skip("the large examples are left out of short test runs")
	}
	checkSizes(t, "MCLamportMutex", LamportMutex{}, LamportMutex{}.Exclusive, sizes{724274, 2729079, 61})
	checkSizes(t, "PaxosCommit", PaxosCommit{}, PaxosCommit{}.Consistent, sizes{1321761, 16959159, 28})
}
