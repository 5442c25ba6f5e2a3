package kafkaspec

import (
	"fmt"

	"github.com/kcheck/kcheck/explore"
)

// Replication is the module KafkaReplication with the rules of a variant, for
// constants that make it finite.
type Replication struct {
	Variant
	Replicas, LogSize, MaxRecords, MaxLeaderEpoch int

	actions []action
	table   []explore.Transition
}

// action is an action with its binding. Its rule changes the state if it is
// enabled; otherwise it returns false, and what it did does not matter.
type action struct {
	rule func(m *Replication, s *State, a, b int) bool
	a, b int
}

// New returns the model of a variant. The constants have the names and
// meanings of the specification: there are MaxLeaderEpoch+1 epochs.
func New(v Variant, replicas, logSize, maxRecords, maxLeaderEpoch int) *Replication {
	m := &Replication{Variant: v, Replicas: replicas, LogSize: logSize, MaxRecords: maxRecords, MaxLeaderEpoch: maxLeaderEpoch}
	if replicas > maxReplicas || logSize > maxLog || maxLeaderEpoch+1 > maxEpochs {
		panic("kafkaspec: no room for these bounds in a state")
	}
	epochs := maxLeaderEpoch + 1
	m.add("ControllerElectLeader", elect, replicas, 1)
	m.add("ControllerShrinkIsr", controllerShrink, replicas, 1)
	m.add("BecomeLeader", becomeLeader, 1, epochs)
	m.add("LeaderExpandIsr", expand, replicas, replicas)
	m.add("LeaderShrinkIsr", shrink, replicas, replicas)
	m.add("LeaderWrite", write, replicas, 1)
	m.add("LeaderIncHighWatermark", advance, replicas, 1)
	m.add("BecomeFollower", becomeFollower, replicas, epochs)
	m.add("FollowerFetch", fetch, replicas, replicas)
	if v.lazy {
		m.add("FollowerTruncate", truncate, replicas, replicas)
	}
	return m
}

// add binds an action to all values of its two parameters.
func (m *Replication) add(name string, rule func(m *Replication, s *State, a, b int) bool, as, bs int) {
	for a := range as {
		for b := range bs {
			m.actions = append(m.actions, action{rule, a, b})
			m.table = append(m.table, explore.Transition{Action: name, Binding: fmt.Sprint(a, ", ", b)})
		}
	}
}

// Transitions implements explore.Model.
func (m *Replication) Transitions() []explore.Transition { return m.table }

// Initial implements explore.Model.
func (m *Replication) Initial(dst []State) []State {
	return append(dst, State{Quorum: Quorum{ISR: 1<<m.Replicas - 1}})
}

// Successors implements explore.Model.
func (m *Replication) Successors(s *State, out *explore.Out[State]) {
	for id, a := range m.actions {
		if to := *s; a.rule(m, &to, a.a, a.b) {
			*out.Add(explore.TransitionID(id)) = to
		}
	}
}

// announce gives the partition a new leader epoch, of which any replica may
// learn at any time from now on.
func (m *Replication) announce(s *State, leader, isr uint8) bool {
	if int(s.Quorum.Epoch) > m.MaxLeaderEpoch {
		return false
	}
	s.Request[s.Quorum.Epoch] = Request{leader, isr}
	s.Quorum = Quorum{Leader: leader, Epoch: s.Quorum.Epoch + 1, ISR: isr}
	return true
}

// elect: the controller elects any replica that is in sync, for any reason.
func elect(m *Replication, s *State, r, _ int) bool {
	return in(s.Quorum.ISR, r) && int(s.Quorum.Leader) != r+1 && m.announce(s, uint8(r+1), s.Quorum.ISR)
}

// controllerShrink: the controller takes a replica for failed. A leader that
// fails leaves the partition without one; the last in-sync replica stays.
func controllerShrink(m *Replication, s *State, r, _ int) bool {
	leader, isr, rest := s.Quorum.Leader, s.Quorum.ISR, s.Quorum.ISR&^(1<<r)
	if int(leader) != r+1 {
		return in(isr, r) && m.announce(s, leader, rest)
	}
	if rest == 0 {
		rest = isr
	}
	return m.announce(s, 0, rest)
}

// becomeLeader: a replica learns that it is the leader of a newer epoch.
func becomeLeader(_ *Replication, s *State, _, epoch int) bool {
	q := s.Request[epoch]
	if epoch >= int(s.Quorum.Epoch) || q.Leader == 0 {
		return false
	}
	r := &s.Replica[q.Leader-1]
	if epoch+1 <= int(r.Epoch) {
		return false
	}
	r.Epoch, r.Leader, r.ISR = uint8(epoch+1), q.Leader, q.ISR
	return true
}

// becomeFollower: a replica learns of another leader of a newer epoch.
func becomeFollower(m *Replication, s *State, f, epoch int) bool {
	q, r := s.Request[epoch], &s.Replica[f]
	if epoch >= int(s.Quorum.Epoch) || q.Leader == 0 || int(q.Leader) == f+1 || epoch+1 <= int(r.Epoch) {
		return false
	}
	l := int(q.Leader) - 1
	if m.fenced && !(s.presumes(l) && int(s.Replica[l].Epoch) == epoch+1) {
		return false
	}
	if !m.lazy && !truncateTo(r, m.truncation(s, l, f)) {
		return false
	}
	r.Epoch, r.Leader, r.ISR = uint8(epoch+1), q.Leader, q.ISR
	return true
}

// truncateTo cuts a log and with it what the replica knows to be replicated.
func truncateTo(r *Replica, end int) bool {
	if !r.truncate(end) {
		return false
	}
	r.HW = min(r.HW, uint8(end))
	return true
}

// truncate: a follower learns by fetching that its log has diverged.
func truncate(m *Replication, s *State, f, l int) bool {
	return s.presumes(l) && s.follows(f, l) && diverged(s, l, f) && truncateTo(&s.Replica[f], m.truncation(s, l, f))
}

// fetch: a follower copies the next record from whom it takes for the leader.
func fetch(m *Replication, s *State, f, l int) bool {
	from, to := &s.Replica[l], &s.Replica[f]
	if to.End >= from.End || !s.presumes(l) || !m.caughtUp(s, l, f, int(to.End)) {
		return false
	}
	to.Log[to.End] = from.Log[to.End]
	to.End++
	to.HW = min(from.HW, to.End)
	return true
}

// write: whoever believes to be the leader accepts a record.
func write(m *Replication, s *State, l, _ int) bool {
	r := &s.Replica[l]
	if !s.presumes(l) || int(s.Records) >= m.MaxRecords || int(r.End) >= m.LogSize {
		return false
	}
	r.Log[r.End] = newRecord(s.Records, r.Epoch)
	r.End++
	s.Records++
	return true
}

// advance: a presumed leader finds that all replicas it believes to be in sync,
// itself included, have the record at the high watermark.
func advance(m *Replication, s *State, l, _ int) bool {
	r := &s.Replica[l]
	if !s.presumes(l) || r.HW >= r.End {
		return false
	}
	for f := range m.Replicas {
		if in(r.ISR, f) && !m.caughtUp(s, l, f, int(r.HW)+1) {
			return false
		}
	}
	r.HW++
	return true
}

// setISR writes the in-sync replicas, which only the true leader can.
func setISR(s *State, l int, isr uint8) bool {
	s.Quorum.ISR, s.Replica[l].ISR = isr, isr
	return true
}

// shrink: the leader drops a replica that is behind.
func shrink(m *Replication, s *State, l, f int) bool {
	r := &s.Replica[l]
	return f != l && in(r.ISR, f) && s.isTrueLeader(l) && !m.caughtUp(s, l, f, int(r.End)) && setISR(s, l, r.ISR&^(1<<f))
}

// expand: the leader admits a replica that has reached the high watermark.
func expand(m *Replication, s *State, l, f int) bool {
	r := &s.Replica[l]
	if in(r.ISR, f) || !s.isTrueLeader(l) || !m.caughtUp(s, l, f, int(r.HW)) {
		return false
	}
	if m.patient && r.HW != r.End && (r.HW > r.End || r.Log[r.HW].epoch() != r.Epoch) {
		return false
	}
	return setISR(s, l, r.ISR|1<<f)
}
