package explore_test

import (
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
	"github.com/kcheck/kcheck/explore/exploretest"
)

// The numbers are those that the manifests of the TLA+ examples give for TLC:
// states, transitions with the initial states, and levels. A state outside a
// constraint counts as a transition only, as examples.constrain sees to. What
// those models check as a safety property holds here too.

// checkSmall compares a small model with its golden numbers in every mode and
// with the reference engine, and runs it at several numbers of workers.
func checkSmall[S comparable](t *testing.T, name string, m explore.Model[S], props []explore.Property[S], want golden) {
	t.Helper()
	checkSpace(t, name, m, props, want, everyMode[S]())
	exploretest.Agree(t, explore.Spec[S]{Model: m, Properties: props})
	exploretest.Determinism(t, explore.Spec[S]{Model: m, Properties: props, Options: explore.Options[S]{Coverage: true}})
}

func TestAlternatingBit(t *testing.T) {
	m := examples.NewAlternatingBit()
	checkSmall(t, "MCAlternatingBit", m, []explore.Property[examples.Link]{
		{Name: "Delivers", StepInvariant: m.Delivers}, {Name: "Received", Invariant: m.Received},
	}, golden{240, 1392, 10})
}

func TestReadersWriters(t *testing.T) {
	m := examples.NewReadersWriters()
	checkGolden(t, "ReadersWriters", m, m.Exclusive, golden{21527, 59674, 13})
}

func TestAtomicCommit(t *testing.T) {
	properties := func(m *examples.AtomicCommit) []explore.Property[examples.Decisions] {
		return []explore.Property[examples.Decisions]{{Name: "Justified", Invariant: m.Justified}, {Name: "Final", StepInvariant: m.Final}}
	}
	simple, nonBlocking := examples.NewAtomicCommit(3, false), examples.NewAtomicCommit(2, true)
	checkSpace(t, "ACP_SB", simple, properties(simple), golden{54944, 218352, 21}, everyMode[examples.Decisions]())
	checkSmall(t, "ACP_NB", nonBlocking, properties(nonBlocking), golden{4284, 23988, 19})
}

func TestTCP(t *testing.T) {
	m := examples.NewTCP()
	checkSmall(t, "MCtcp", m, []explore.Property[examples.Connection]{{Name: "Agree", Invariant: m.Agree}}, golden{1182, 6322, 14})
}

func TestBackupCommit(t *testing.T) {
	m := examples.NewBackupCommit()
	checkSmall(t, "2PCwithBTM", m, []explore.Property[examples.Backed]{{Name: "Consistent", Invariant: m.Consistent}}, golden{1245, 5841, 15})
}

func TestLamportMutex(t *testing.T) {
	if testing.Short() {
		t.Skip("724,274 states")
	}
	m := examples.NewLamportMutex(6)
	checkSpace(t, "MCLamportMutex", m, []explore.Property[examples.Clocks]{
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
