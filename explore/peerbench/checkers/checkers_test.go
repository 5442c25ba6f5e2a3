package checkers

import (
	"context"
	"os"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/examples"
)

// The instances that every checker explores here. The first two are also for
// checkers that take seconds to start or to explore.
var instances = []Instance{
	TwoPhase(4, 1568, 8258),
	Log(1, 2, 2, 1, 8841, 29_891),
	TwoPhase(6, 50_816, 402_306),
	Log(1, 2, 3, 2, 78_586, 272_778),
	Log(2, 1, 3, 2, 233_090, 838_603),
	TwoPhase(7, 296_448, 2_744_706),
}

// TestExplore: explore finds the numbers that the others are compared with.
func TestExplore(t *testing.T) {
	for _, in := range instances {
		t.Run(in.String(), func(t *testing.T) {
			got, err := exploreInstance(in)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, got, in)
		})
	}
}

func exploreInstance(in Instance) (Outcome, error) {
	c := in.Constants
	if in.Model == "twophase" {
		return count(examples.NewTwoPhase(c[0].Value))
	}
	return count(examples.NewReplicatedLog(c[0].Value, c[1].Value, c[2].Value, c[3].Value))
}

func count[S comparable](m explore.Model[S]) (Outcome, error) {
	r, err := explore.Check(context.Background(), explore.Spec[S]{Model: m})
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{States: r.Stats.Distinct, Transitions: r.Stats.Generated}, nil
}

func compare(t *testing.T, got Outcome, want Instance) {
	t.Helper()
	if got.States != want.States || got.Transitions != want.Transitions {
		t.Errorf("%d states and %d transitions, want %d and %d", got.States, got.Transitions, want.States, want.Transitions)
	}
}

func TestSpin(t *testing.T) { testPeer(t, Spin(), instances) }

func TestRumur(t *testing.T) { testPeer(t, Rumur(), instances[:5]) }

func TestTLC(t *testing.T) { testPeer(t, TLC(), instances[:2]) }

// testPeer runs a peer, if it is installed, with one thread.
func testPeer(t *testing.T, p *Peer, instances []Instance) {
	version, err := p.Find()
	if err != nil {
		t.Skipf("no comparison with %s: %v", p.Name, err)
	}
	if os.Getenv("KCHECK_LONG") == "" {
		instances = instances[:2]
	}
	t.Log(version)
	for _, in := range instances {
		t.Run(in.String(), func(t *testing.T) {
			program, err := p.Prepare(t.Context(), t.TempDir(), in, 1)
			if err != nil {
				t.Fatal(err)
			}
			got, err := program.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			compare(t, got, in)
		})
	}
}
