package risk

import (
	"fmt"
	"testing"
)

// movesSpec and movesRates are acks=1 while the leader moves and crashes, with times that a cluster had.
const (
	movesSpec  = "kafka: \"4.4\"\nguarantee: no-acked-loss\nproducer: {acks: 1, enable.idempotence: false}\ntopic: {replication.factor: 2, min.insync.replicas: 1}"
	movesRates = "defaults: none\nmessages: 30/s\nfaults: {broker-crash: 30/h, leader-move: 360/h}\nsteps: {fetch: 588ms, restart: 13s, session-timeout: 3s, " +
		"election: 3s, isr-expand: 1s, metadata: 765ms, metadata-age: %s}\n"
)

// TestStaleLeader asks where a producer sends while two brokers take themselves for the leader. It stays with the one that it knows
// until its metadata is old: that has a time, and so does not widen the interval. A client that asked all the time would lose less.
func TestStaleLeader(t *testing.T) {
	t.Parallel()
	stays := ask(t, movesSpec, fmt.Sprintf(movesRates, "2.5min"), Options{})
	if !stays.Complete || stays.High > 1.05*stays.Low {
		t.Errorf("%g to %g, complete: %t", stays.Low, stays.High, stays.Complete)
	}
	if asks := ask(t, movesSpec, fmt.Sprintf(movesRates, "1ms"), Options{}); asks.High > 0.9*stays.Low {
		t.Errorf("a client that asks all the time loses %g to %g, one that stays %g to %g", asks.Low, asks.High, stays.Low, stays.High)
	}
}
