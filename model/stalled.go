package model

import "github.com/kcheck/kcheck/explore"

// A follower that has stopped to fetch is in the in-sync set for replica.lag.time.max.ms and up to half as long again. A
// request with acks=all has no answer meanwhile, and its timers run out if they can be shorter.

var followerStalls = &Action{
	Name: "FollowerStalls", Area: AreaReplication, Actor: ActorBroker, Over: PerBroker, Class: explore.Fault, Fault: ReplicaLag,
	Doc: Doc{
		Summary: "FollowerStalls is the fault replica-lag while the follower is still in the in-sync set: it has stopped to fetch.",
		Guard:   "As ReplicaLags; the broker has not stopped to fetch yet.",
		Effect: "The follower fetches no more until it has left the in-sync set (StalledFollowerLeaves); so long no request " +
			"with acks=all is answered that it has not copied.",
		Abstracts: "A follower that fetches again before it has left is one that leaves and comes back.",
		Sources: []string{
			"Partition.isFollowerOutOfSync and the task isr-expiration of ReplicaManager.startup, every half of " +
				"replica.lag.time.max.ms (0.9 to 4.4)",
			"Partition.checkEnoughReplicasReachOffset",
		},
	},
	Applies: (*Model).followersStall,
	Guard: func(m *Model, s *State, b Binding) bool {
		return !s.hasFlag(b.Broker, flagStalled) && canLag(m, s, b)
	},
	Effect: func(m *Model, s *State, b Binding) { s.setFlag(b.Broker, flagStalled) },
	Text:   "{broker} stops to fetch; it is still in the in-sync set",
	Causes: []Cause{byLagTime},
	Route:  Route{From: "{broker}", Label: "stops to fetch"},
	Forced: Forced{Unforceable, "how long a follower stays in the in-sync set is a time"},
}

var stalledFollowerLeaves = &Action{
	Name: "StalledFollowerLeaves", Time: Timing{Step: "lag"}, Area: AreaReplication, Actor: "controller", Over: PerBroker,
	Doc: Doc{
		Summary:   "StalledFollowerLeaves is replica.lag.time.max.ms running out on a follower that has stopped to fetch.",
		Guard:     "The broker has stopped to fetch and is in the in-sync set.",
		Effect:    "As ReplicaLags; from then on it fetches again.",
		Abstracts: "As ReplicaLags.",
		Sources: []string{
			"Partition.maybeShrinkIsr (replica.lag.time.max.ms)",
		},
	},
	Applies: (*Model).followersStall,
	Guard: func(m *Model, s *State, b Binding) bool {
		return s.hasFlag(b.Broker, flagStalled) && s.alive(b.Broker)
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.lag(s, b.Broker)
		s.clearFlag(b.Broker, flagStalled)
	},
	Text:   "{broker} has not fetched for replica.lag.time.max.ms and leaves the in-sync set",
	Causes: []Cause{byLagTime, byMinISR.when(changesELR), byElr.when(changesELR)},
	Route:  Route{From: "controller", Label: "{broker} out of sync"},
	Forced: Forced{Unforceable, "how long a follower stays in the in-sync set is a time"},
}

// followersStall says that it makes a difference when a follower that lags leaves the in-sync set. A
// request of an idempotent producer that times out does not where no other is in flight and it is sent again without end:
// the broker remembers the repeat, and a leader that lacks the record lacks it whenever the request failed.
func (m *Model) followersStall() bool {
	p := &m.c.Prod
	request := p.RequestBeforeLag && !(p.Idempotent && p.Retries == Unlimited && (m.c.Scope.Messages == 1 || p.MaxInFlight == 1))
	return m.c.Faults[ReplicaLag] > 0 && p.Acks == AcksAll && (request || p.DeliveryBeforeLag || m.abortsWaiting() && m.c.Txn.TimeoutBeforeLag)
}

// waitsForStalled says that leader l waits for a member of its in-sync set that has stopped to fetch.
func (m *Model) waitsForStalled(s *State, l int) bool {
	for b := 0; b < m.n; b++ {
		if b != l && s.hasFlag(b, flagStalled) && s.inISR(b, s.epochOf(l)) {
			return true
		}
	}
	return false
}
