package model

import "testing"

// TestNumbersRunOut checks that producer epochs end at a limit, which the verdict tells, and never begin anew: a process
// with an epoch of long ago would be fenced, and its message lost.
func TestNumbersRunOut(t *testing.T) {
	t.Parallel()
	c := DefaultConfig()
	c.App.OutputKafka, c.App.Commit, c.Prod.Transactional = true, CommitInTransaction, true
	c.Faults[ConsumerCrash] = Any
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	s := m.Initial(nil)[0]
	for want := 1; want <= m.maxNumber; want++ {
		if got := m.newNumber(&s, 0, false); got != want || m.BoundHit(&s) {
			t.Fatalf("number %d, limit hit %t; want number %d", got, m.BoundHit(&s), want)
		}
	}
	if m.newNumber(&s, 0, false); !m.BoundHit(&s) || m.LimitHit(&s) != ProducerEpochs {
		t.Error("there is a number after the last one")
	}
}
