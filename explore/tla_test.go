package explore_test

import (
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
)

// The numbers are those that the manifests of the TLA+ examples give for TLC.
func TestTLAExamples(t *testing.T) {
	ab := examples.NewAlternatingBit()
	checkSpace(t, "AlternatingBit", ab, []explore.Property[examples.Link]{
		{Name: "Delivers", StepInvariant: ab.Delivers}, {Name: "Received", Invariant: ab.Received},
	}, golden{240, 1392, 10}, everyMode[examples.Link]())
	rw := examples.NewReadersWriters()
	checkGolden(t, "ReadersWriters", rw, rw.Exclusive, golden{21527, 59674, 13})
}

func TestLamportMutex(t *testing.T) {
	if testing.Short() {
		t.Skip("724,274 states")
	}
	m := examples.NewLamportMutex(6)
	checkSpace(t, "LamportMutex", m, []explore.Property[examples.Clocks]{
		{Name: "Exclusive", Invariant: m.Exclusive}, {Name: "Bounded", Invariant: m.Bounded},
	}, golden{724274, 2729079, 61}, []explore.Options[examples.Clocks]{{}})
}

func TestPaxosCommit(t *testing.T) {
	if testing.Short() {
		t.Skip("1,321,761 states")
	}
	m := examples.NewPaxosCommit()
	checkSpace(t, "PaxosCommit", m, []explore.Property[examples.Votes]{{Name: "Consistent", Invariant: m.Consistent}},
		golden{1321761, 16959159, 28}, []explore.Options[examples.Votes]{{}})
}
