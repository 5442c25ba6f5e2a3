package kafkaspec

// Variant is a version of the replication protocol, by the rules in which the
// versions differ.
type Variant struct {
	Name string

	// caughtUp tells whether a follower counts as having the first n records
	// of the leader. It decides over fetching, the high watermark, and being
	// in sync.
	caughtUp func(s *State, leader, follower, n int) bool

	// truncation returns how many records a follower keeps when it learns of
	// a new leader epoch.
	truncation func(s *State, leader, follower int) int

	// fenced: the leader asked about the truncation must be in the epoch that
	// the follower has learned of.
	fenced bool

	// lazy: the follower does not truncate when it learns of a new epoch, but
	// when it fetches and the leader finds that its log has diverged.
	lazy bool

	// patient: the leader admits nobody to the in-sync replicas before its
	// high watermark has reached the records of its own epoch.
	patient bool
}

// The variants of the public specification.
var (
	// TruncateToHighWatermark is Kafka up to 0.10.
	TruncateToHighWatermark = Variant{Name: "KafkaTruncateToHighWatermark", caughtUp: byLength, truncation: toHighWatermark}
	// Kip101 is Kafka 0.11: the leader is asked where the follower's last
	// epoch ends.
	Kip101 = Variant{Name: "Kip101", caughtUp: byLength, truncation: toEndOfEpoch}
	// Kip279 is Kafka 2.0: the last record common to both logs is found.
	Kip279 = Variant{Name: "Kip279", caughtUp: byLength, truncation: toLastMatch}
	// Kip320FirstTry is a draft of KIP-320 that was rejected for what this
	// specification showed: fetching checks the epoch of the last record.
	Kip320FirstTry = Variant{Name: "Kip320FirstTry", caughtUp: byLastEpoch, truncation: toLastMatch, lazy: true, patient: true}
	// Kip320 is Kafka since 2.1: everything requires equal leader epochs.
	Kip320 = Variant{Name: "Kip320", caughtUp: byLeaderEpoch, truncation: toLastMatch, fenced: true, patient: true}
)

// byLength asks whom the follower obeys, and for the length of its log.
func byLength(s *State, leader, follower, n int) bool {
	return s.follows(follower, leader) && (n == 0 || int(s.Replica[leader].End) >= n && int(s.Replica[follower].End) >= n)
}

// byLastEpoch asks also that the last of the records is of the same epoch.
func byLastEpoch(s *State, leader, follower, n int) bool {
	if !s.presumes(leader) || !byLength(s, leader, follower, n) {
		return false
	}
	return n == 0 || s.Replica[leader].Log[n-1].epoch() == s.Replica[follower].Log[n-1].epoch()
}

// byLeaderEpoch asks that both are in the same leader epoch.
func byLeaderEpoch(s *State, leader, follower, n int) bool {
	return s.presumes(leader) && s.follows(follower, leader) &&
		s.Replica[follower].Epoch == s.Replica[leader].Epoch && int(s.Replica[follower].End) >= n
}

// toHighWatermark keeps what the follower knows to be replicated.
func toHighWatermark(s *State, _, follower int) int { return int(s.Replica[follower].HW) }

// toEndOfEpoch keeps what the leader says belongs to the epoch of the
// follower's last record; if the leader cannot say, what the follower knows to
// be replicated. The answer may lie beyond the follower's end, and then the
// specification does not let it become a follower.
func toEndOfEpoch(s *State, leader, follower int) int {
	l, f := &s.Replica[leader], &s.Replica[follower]
	if f.End == 0 {
		return 0
	}
	if l.End == 0 {
		return int(f.HW)
	}
	epoch := f.Log[f.End-1].epoch()
	if l.Log[l.End-1].epoch() == epoch {
		return int(l.End)
	}
	for i := range int(l.End) {
		if l.Log[i].epoch() > epoch {
			return i
		}
	}
	return int(f.HW)
}

// toLastMatch keeps everything up to the last record common to both.
func toLastMatch(s *State, leader, follower int) int {
	l, f := &s.Replica[leader], &s.Replica[follower]
	for i := int(min(l.End, f.End)); i > 0; i-- {
		if l.Log[i-1] == f.Log[i-1] {
			return i
		}
	}
	return 0
}

// diverged tells whether a leader, by the last record of a follower, finds
// that the follower has to truncate its log.
func diverged(s *State, leader, follower int) bool {
	l, f := &s.Replica[leader], &s.Replica[follower]
	if f.End == 0 || f.End > l.End {
		return f.End > l.End
	}
	return l.Log[f.End-1].epoch() != f.Log[f.End-1].epoch()
}
