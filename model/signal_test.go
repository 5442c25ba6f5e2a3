package model

import (
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// TestSignalsStayInTheirLanes follows runs of several models and checks that every signal begins and ends in a lane.
func TestSignalsStayInTheirLanes(t *testing.T) {
	for name, c := range laneConfigs() {
		m, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		lanes := append(m.Lanes(), LaneBrokers)
		s := m.Initial(nil)[0]
		for i := range 60 {
			next := explore.Successors(m, &s)
			if len(next) == 0 {
				break
			}
			for _, n := range next {
				g := m.Signal(&s, n.ID, &n.State)
				if !slices.Contains(lanes, g.From) || g.To != "" && !slices.Contains(lanes, g.To) || strings.Contains(g.Label, "{") {
					t.Fatalf("%s: %s sends %+v; lanes are %v", name, m.transitions[n.ID], g, lanes)
				}
				if len(m.LedgerRow(&n.State, 0)) != len(m.LedgerColumns()) {
					t.Fatalf("%s: a row has other columns than the ledger", name)
				}
			}
			s = next[(i*7)%len(next)].State
		}
	}
}

// laneConfigs are configurations whose models have different lanes.
func laneConfigs() map[string]Config {
	plain := DefaultConfig()
	plain.Sees = SeesConsumer
	plain.Faults = StandardBudget()
	plain.Faults[PowerLoss] = 1
	log := plain
	log.Sees = 0
	output := plain
	output.App.OutputKafka = true
	output.App.Commit = CommitInTransaction
	output.Prod.Transactional = true
	output.Faults = Budget{}
	output.Faults[Rebalance], output.Faults[ConsumerCrash], output.Faults[Delay] = 1, 1, 1
	return map[string]Config{"plain": plain, "log": log, "output": output}
}
