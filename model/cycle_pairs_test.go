package model

import (
	"fmt"
	"testing"
)

// TestNoFaultFreeCycleOfPairs looks for a cycle with each fault of the application beside every other fault: what one leaves
// behind can be what the other needs to go round for ever.
func TestNoFaultFreeCycleOfPairs(t *testing.T) {
	t.Parallel()
	ofApplication := []FaultKind{PoisonRecord, AppRestart, ConsumerException, OrderlyRebalance, CommitLost, TopicRecreated}
	for _, f := range ofApplication {
		for g := range FaultKind(NumFaults) {
			if g == TotalPowerLoss || g == PowerLoss || g == CleanRestart {
				continue // as broker-crash to the consumer, and large
			}
			for _, reset := range []AutoOffsetReset{ResetEarliest, ResetLatest} {
				sc := scenario{change: func(c *Config) { c.Cons.Reset = reset }}
				sc.pairs(t, f, g, int(reset))
			}
			if f == TopicRecreated && g == PoisonRecord { // an old offset may be that of the second message
				sc := scenario{change: func(c *Config) { c.Cons.Reset, c.Scope.Messages, c.Topic.Replicas = ResetLatest, 2, 1 }}
				sc.pairs(t, f, g, 2)
			}
			for n := 0; n < 12 && !g.OfBroker() && f != TopicRecreated; n++ {
				sc := scenario{change: func(c *Config) { variousOutput(c, n) }}
				sc.pairs(t, f, g, n)
			}
		}
	}
}

// pairs looks for a cycle in a scenario with two faults.
func (sc scenario) pairs(t *testing.T, f, g FaultKind, n int) {
	sc.faults[f]++
	sc.faults[g]++
	t.Run(fmt.Sprint(sc.faults, " ", n), func(t *testing.T) { noCycle(t, sc.model(t)) })
}

// variousOutput is consume-transform-produce with the n-th of some ways to commit and to go on after a failure.
func variousOutput(c *Config, n int) {
	transactional(n % 3)(c)
	a := &c.App
	c.Prod.Transactional, a.Send = n%4 != 3, Send(n%3)
	a.Commit = []Commit{CommitInTransaction, CommitBeforeTransaction, CommitAfterTransaction}[n/4]
	if !c.Prod.Transactional {
		a.Commit = CommitAfterProcessing
	}
	a.OnCommitFailure, a.SkipOnException, a.DeadLetter = CommitFailure(n%3), n%5 > 2, n%5 == 4
	a.ResumeTransaction = a.Commit == CommitBeforeTransaction && n%2 == 0
	a.NoRestarts, a.ExitOnStop = n == 5, n%2 == 1
}
