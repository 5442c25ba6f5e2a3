package kafkaspec

// Greatest bounds that a State has room for.
const (
	maxReplicas = 3
	maxLog      = 3
	maxEpochs   = 6
)

// State is a state of the module KafkaReplication. Leaders are counted from 1,
// 0 is none; epochs likewise, so that the specification's epoch 0 is 1 here. A
// set of replicas has a bit for each.
type State struct {
	Replica [maxReplicas]Replica
	Quorum  Quorum
	Records uint8 // how many records were written: the next one's identity
	// Request holds for each epoch what the controller announced. That is the
	// specification's set of requests, since each has an epoch of its own.
	Request [maxEpochs]Request
}

// Replica is what one broker has and believes.
type Replica struct {
	Log    [maxLog]Record
	End    uint8 // records in the log
	HW     uint8 // high watermark: records known to be replicated
	Epoch  uint8
	Leader uint8
	ISR    uint8
}

// Record is a record's [ epoch 4 | identity 4 ].
type Record uint8

// Quorum is the authoritative state of the partition.
type Quorum struct{ Leader, Epoch, ISR uint8 }

// Request tells replicas of a leader and its in-sync replicas.
type Request struct{ Leader, ISR uint8 }

func newRecord(id, epoch uint8) Record { return Record(epoch<<4 | id) }

func (r Record) epoch() uint8 { return uint8(r) >> 4 }

// presumes tells whether a replica believes that it is the leader.
func (s *State) presumes(r int) bool { return s.follows(r, r) }

// follows tells whether f believes that l is the leader.
func (s *State) follows(f, l int) bool { return int(s.Replica[f].Leader) == l+1 }

// isTrueLeader tells whether a replica is right in believing so.
func (s *State) isTrueLeader(r int) bool {
	return s.presumes(r) && int(s.Quorum.Leader) == r+1 && s.Replica[r].Epoch == s.Quorum.Epoch
}

// truncate cuts the log of a replica. It is not possible beyond the end.
func (r *Replica) truncate(end int) bool {
	if end > int(r.End) {
		return false
	}
	for i := end; i < maxLog; i++ {
		r.Log[i] = 0
	}
	r.End = uint8(end)
	return true
}

// agree tells whether two logs have the same first n records.
func agree(a, b *Replica, n int) bool {
	if int(a.End) < n || int(b.End) < n {
		return false
	}
	for i := range n {
		if a.Log[i] != b.Log[i] {
			return false
		}
	}
	return true
}

func in(set uint8, r int) bool { return set>>r&1 != 0 }

// WeakISR says of every presumed leader that the replicas it believes to be in
// sync have what it has up to its high watermark.
func WeakISR(s *State) bool {
	return s.exposedIn(func(leader int) uint8 { return s.Replica[leader].ISR })
}

// StrongISR says so of the replicas that really are in sync, from which the
// next leader is elected: what consumers have seen survives any election.
func StrongISR(s *State) bool {
	return s.exposedIn(func(int) uint8 { return s.Quorum.ISR })
}

// LeaderInISR says that the leader is in sync. It does not hold in the
// beginning, when there is none.
func LeaderInISR(s *State) bool {
	return s.Quorum.Leader > 0 && in(s.Quorum.ISR, int(s.Quorum.Leader)-1)
}

func (s *State) exposedIn(isr func(leader int) uint8) bool {
	for l := range s.Replica {
		if !s.presumes(l) || s.Replica[l].HW == 0 {
			continue
		}
		for f := range s.Replica {
			if in(isr(l), f) && !agree(&s.Replica[l], &s.Replica[f], int(s.Replica[l].HW)) {
				return false
			}
		}
	}
	return true
}
