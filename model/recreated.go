package model

import "github.com/kcheck/kcheck/explore"

// recreatedActions are a topic that is deleted and created again under its name.
var recreatedActions = []*Action{topicIsRecreated}

// staleness is what a position that belongs to the deleted topic of the same name has against it.
type staleness int

const (
	fresh      staleness = iota
	sameEpoch            // its leader epoch is one that the new topic has too, or the client does not look at it
	laterEpoch           // its leader epoch is later than any of the new topic
	ignores              // the client takes the metadata of the new topic for outdated
)

// staleness is how the consumer's position belongs to a topic that was deleted.
func (m *Model) staleness(s *State) staleness { return staleness(get(s[m.wCons+1], cStaleShift, 2)) }

func (m *Model) setStale(s *State, is staleness) { put(&s[m.wCons+1], cStaleShift, 2, int(is)) }

// staleCommit is the same of the committed offset.
func (m *Model) staleCommit(s *State) staleness {
	return staleness(get(s[m.wCons+1], cStaleCommitShift, 2))
}

func (m *Model) setStaleCommit(s *State, is staleness) {
	put(&s[m.wCons+1], cStaleCommitShift, 2, int(is))
}

// validates says that the consumer compares the leader epoch of its position with the leader.
func (m *Model) validates() bool { return m.c.B.ValidatesPosition && !m.c.Topic.OldFormat }

// staleEnd is where a validation says that the logs part, or -1 where it finds nothing wrong: with an epoch that the new
// topic has, at the log end if that is before the position; with a later one, nowhere (0).
func (m *Model) staleEnd(s *State, b int) int {
	switch {
	case !m.validates():
		return -1
	case m.staleness(s) == laterEpoch:
		return 0
	case s.logLen(b) < m.consumerPosition(s):
		return s.logLen(b)
	}
	return -1
}

var topicIsRecreated = &Action{
	Name: "TopicIsRecreated", Area: AreaClients, Actor: "controller", Over: Once, Class: explore.Fault, Fault: TopicRecreated,
	Doc: Doc{
		Summary: "TopicIsRecreated is the fault topic-recreated: the topic is deleted when all before the followed messages is " +
			"processed, and created again under its name before they are sent; what the group has committed stays.",
		Guard: "The group has a committed offset, the consumer has read nothing, and the log is empty.",
		Effect: "The consumer's position, and what the group has committed, is an offset of the deleted topic: any from 1 to one " +
			"behind the followed messages. Beyond the end of the new log auto.offset.reset decides; within it the consumer " +
			"goes on there. A client that validates positions asks with the leader epoch of the old topic: one that the new " +
			"topic has too sends it to the log end of the moment, a later one to auto.offset.reset. Java clients from 2.2 on that " +
			"do not know topic ids take metadata with an earlier epoch for outdated, and fetch nothing until they are started " +
			"again. An offset that was committed with a topic id is not the new topic's: without it auto.offset.reset decides. An " +
			"external store that keeps the offset with the effect takes nothing before the old offset.",
		Abstracts: "That the coordinator deletes the offsets of a deleted topic, which it does unless a commit comes after: that is " +
			"offset-lost. The consumer runs on over it, or was down meanwhile; both have the same position.",
		Sources: []string{
			"SubscriptionState.maybeCompleteValidation (clients 2.3 to 4.4), LeaderEpochFileCache.endOffsetFor",
			"Metadata.updateLatestMetadata: topic ids since 2.8.2 and 3.0.0 (KAFKA-12257), epochs alone since 2.2 (KAFKA-7738)",
			"OffsetMetadataManager.isMismatchedTopicId (4.2, OffsetCommit v10)",
			"GroupCoordinator.onPartitionsDeleted",
		},
	},
	Applies: hasConsumer,
	Guard: func(m *Model, s *State, b Binding) bool {
		if m.consumerPosition(s) != 0 || m.cons(s, cCommittedShift, 4) != 0 || m.cons(s, cLostShift, 1) != 0 || m.staleness(s) != fresh {
			return false
		}
		for b := 0; b < m.n; b++ {
			if s.logLen(b) > 0 {
				return false
			}
		}
		return !s.control(ctlAddedShift)
	},
	Choices: func(m *Model, s *State, b Binding) int { return m.oldOffsets() * len(m.recreations()) },
	Effect: func(m *Model, s *State, b Binding) {
		offset, how := 1+b.Choice%m.oldOffsets(), m.recreations()[b.Choice/m.oldOffsets()]
		if m.namesTopic() {
			m.loseCommitted(s) // a restart finds nothing
			if how == fresh {
				return
			}
			m.setCons(s, cLostShift, 1, 0)
		} else {
			m.setCons(s, cCommittedShift, 4, offset)
			m.setStaleCommit(s, min(how, laterEpoch))
		}
		m.setCons(s, cPosShift, 4, offset)
		m.setStale(s, how)
	},
	Text: "the topic is deleted and created again; the group ",
	Outcomes: []Outcome{
		{Word: "same-epoch", Text: "goes on with offset {offset} of the deleted one"},
		{Word: "later-epoch", Text: "goes on with offset {offset} of the deleted one, which had a later leader epoch"},
		{Word: "ignored", Text: "has offset {offset} of the deleted one, and its consumer takes the new metadata for outdated"},
		{Word: "no-offset", Text: "starts again, and its committed offset is not the new topic's"},
	},
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		switch m.staleness(post) {
		case fresh:
			return "no-offset"
		case laterEpoch:
			p.Offset = at(m.consumerPosition(post))
			return "later-epoch"
		case ignores:
			p.Offset = at(m.consumerPosition(post))
			return "ignored"
		}
		p.Offset = at(m.consumerPosition(post))
		return "same-epoch"
	},
	Causes: []Cause{byReset, byProtocol},
	Route:  Route{From: "controller", Label: "topic recreated"},
	Forced: Forced{Unforceable, "the topic that is followed is the one of the run"},
}

// namesTopic says that what is committed carries the id of the topic. An external store that keeps the offset knows no id.
func (m *Model) namesTopic() bool {
	return m.c.B.CommitsTopicID && m.c.App.Effect != EffectTransactional
}

// oldOffsets is how many offsets of the deleted topic make a difference.
func (m *Model) oldOffsets() int { return m.c.Scope.Messages + 1 }

var (
	plainRecreations     = []staleness{sameEpoch}
	validatedRecreations = []staleness{sameEpoch, laterEpoch}
	ignoredRecreations   = []staleness{sameEpoch, laterEpoch, ignores}
	namedRecreations     = []staleness{sameEpoch, laterEpoch, fresh}
)

// recreations are the ways in which a topic that is created again can meet the consumer.
func (m *Model) recreations() []staleness {
	switch {
	case m.namesTopic():
		return namedRecreations
	case m.c.B.IgnoresRecreatedTopic:
		return ignoredRecreations
	case m.validates():
		return validatedRecreations
	}
	return plainRecreations
}

// ignoresRecreatedTopic: the client keeps the newest leader epoch of a partition, and nothing tells it that the topic is
// another.
func ignoresRecreatedTopic(c *Config) bool {
	v := c.Cons.Version
	return c.Cons.Client == Java && v >= V2_2 && (v < V2_8_2 || c.Kafka < V2_8)
}
