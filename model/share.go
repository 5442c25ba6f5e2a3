package model

// The consumer of a share group (KIP-932), the share-partition at the leader of the followed partition and what the share
// coordinator has of it are a model of their own on top of the replicated partition: the files share_*.go, which no other
// rule reads. It is not a package of its own for the reason that txn_layout.go gives: a change of leader takes the leader's
// memory away in the step in which the broker learns of it, and leader epochs are renumbered in both at once.
//
// What the rules of the partition need of it are initShare, shareGoesOn, shareEpochs, rankShareEpochs and
// clearUnreadShare, which do nothing without it.
//
// Kafka: SharePartition, SharePartitionManager, InFlightState and ShareCoordinatorShard (4.2 to 4.4), ShareConsumerImpl.

// Share is how the consumer of a share group acknowledges.
type Share uint8

// Values of app.share.
const (
	ShareNone     Share = iota // the consumer is one of a consumer group
	ShareImplicit              // the next poll, or a commit, accepts all that the last poll returned
	ShareExplicit              // the application says for each record what became of it
)

// ShareOnException is what an explicit share consumer says of a record whose processing threw.
type ShareOnException uint8

// Values of app.share-on-exception.
const (
	ShareRelease ShareOnException = iota // the record is to be delivered again
	ShareReject                          // the record is not to be delivered again
	ShareNothing                         // nothing; the next poll throws, and closing the consumer releases the record
)

// GroupConfig holds what the rules read of a share group's settings.
type GroupConfig struct {
	Reset         AutoOffsetReset // share.auto.offset.reset
	DeliveryLimit int             // share.delivery.count.limit as it takes effect
	DeadLetter    bool            // errors.deadletterqueue.topic.name is set, and the brokers have dead-letter queues
	PollRecords   int             // max.poll.records with share.acquire.mode=record_limit; 0: a poll takes all there is
}

// MaxDeliveryLimit is the largest share.delivery.count.limit that Kafka allows.
const MaxDeliveryLimit = 25

// isolationLimit is the smallest throttling threshold of SharePartition (MINIMUM_THROTTLE_RECORDS_DELIVERY_LIMIT).
const isolationLimit = 2

// shareSystem is what a model knows of the share group; its variables are described in share_state.go.
type shareSystem struct {
	share      bool // the question sees a share group
	ackFirst   bool // records are acknowledged before they are processed
	handsOff   bool // another thread processes what the next poll accepts
	limit      int  // deliveries of a record
	isolatesAt int  // from which count on batches are split; 0: never, with the limit that small
	wShare     int
}

// layOutShare gives the state words for the share group.
func (m *Model) layOutShare() {
	a := &m.c.App
	m.ackFirst = a.Commit == CommitBeforeProcessing
	m.handsOff = a.Handoff && a.Share == ShareImplicit && !m.ackFirst
	m.limit = m.c.Group.DeliveryLimit
	if m.limit > isolationLimit {
		m.isolatesAt = max(isolationLimit, (m.limit+1)/2)
	}
	m.logCap = min(m.logCap, maxShared)
	m.wShare = m.words
	m.wDone, m.words = m.wShare, m.words+shareWords
}

// shareMembers is how many members the share group has.
func (m *Model) shareMembers() int { return m.c.Scope.Members }

// initShare is the initial state: the leader has read the state of an existing group, in which nothing was delivered yet.
func (m *Model) initShare(s *State) {
	if !m.share {
		return
	}
	if m.c.App.NewGroup {
		m.setPersistedStart(s, offsetNone)
		return
	}
	m.setShared(s, shReadShift, 1, 1)
}

// What the rules of replication need to know of the share-partition.

// shareGoesOn keeps the share-partition of a leader that leads on in a newer epoch.
//
// Kafka: SharePartitionManager drops a share-partition when its broker becomes a follower (onBecomingFollower).
func (m *Model) shareGoesOn(s *State, old, epoch int) {
	if m.share && m.shareEpoch(s) == old {
		m.setShared(s, shEpochShift, 3, epoch)
	}
}

// shareEpochs is the set of leader epochs that the share group refers to.
func (m *Model) shareEpochs(s *State) uint {
	if !m.share {
		return 0
	}
	return 1 << m.shareEpoch(s)
}

// rankShareEpochs renumbers the leader epoch that the share group refers to.
func (m *Model) rankShareEpochs(s *State, rank *[epochs]int) {
	if m.share {
		m.setShared(s, shEpochShift, 3, rank[m.shareEpoch(s)])
	}
}

// clearUnreadShare zeroes what no rule about the share group will read again, and orders the members.
func (m *Model) clearUnreadShare(s *State) {
	if !m.share {
		return
	}
	if m.shareLeader(s) < 0 {
		m.forgetShare(s)
		m.raiseShareEpoch(s)
	}
	m.clearDelivered(s)
	if m.shareMembers() > 1 && m.swapsMembers(s) {
		m.swapMembers(s)
	}
}

// swapsMembers says that the second member comes before the first in the canonical order: it has more in hand, or, of two
// with the same, it owns the first record that either of them owns.
func (m *Model) swapsMembers(s *State) bool {
	a, b := s[m.memberWord(0)], s[m.memberWord(1)]
	if a != b {
		return a < b
	}
	for o := range maxShared {
		if d := m.delivery(s, o); d.state == acquired {
			return d.owner == 1
		}
	}
	return false
}

// raiseShareEpoch moves the epoch from which on a leader may read the state up to the first that makes a difference.
func (m *Model) raiseShareEpoch(s *State) {
	e := m.shareEpoch(s)
	for e < s.epoch() && !m.isDecision(s, e) {
		e++
	}
	m.setShared(s, shEpochShift, 3, e)
}

// clearDelivered forgets the records below the start offset, but for the extent of a batch that reaches beyond it, and
// which records were acquired together where that makes no difference.
func (m *Model) clearDelivered(s *State) {
	start := m.shareStart(s)
	first := start
	if m.isolatesAt > 0 && m.delivery(s, start).state != untouched {
		first = m.batchStart(s, start)
	}
	for o := 0; o < maxShared; o++ {
		d := m.delivery(s, o)
		switch {
		case o < first:
			d = delivery{}
		case o < start:
			d = delivery{state: acknowledged, first: o == first}
		case m.isolatesAt == 0 || d.state == untouched:
			d.first = false
		}
		if d.state != acquired {
			d.owner = 0
		}
		m.setDelivery(s, o, d)
	}
	for o := 0; o < m.persistedStart(s)%offsetNone; o++ {
		m.setPersisted(s, o, untouched, 0)
	}
}

// swapMembers exchanges the two members, who differ in name alone.
func (m *Model) swapMembers(s *State) {
	a, b := m.memberWord(0), m.memberWord(1)
	s[a], s[b] = s[b], s[a]
	for o := 0; o < maxShared; o++ {
		if d := m.delivery(s, o); d.state == acquired {
			d.owner = 1 - d.owner
			m.setDelivery(s, o, d)
		}
	}
}

// notPlayed is said of what nobody can hold back or bring about from outside.
var notPlayed = Forced{Unforceable, "the leader and the share coordinator do it by themselves, and it cannot be held back or brought about"}
