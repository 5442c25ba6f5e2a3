package model

// Static membership (KIP-345): a member with a group.instance.id that is started again within session.timeout.ms gets its
// partitions back without a rebalance. It takes no part in what the model has of a group, but for this: a restart is no
// rebalance, and what only a rebalance mends stays.

// leadership is what the consumer, taken for the leader of its group, knows of that. The leader alone looks for new partitions.
type leadership int

const (
	leadsAware   leadership = iota
	leadsUnaware            // a static member that was started again: the coordinator names the leader of before
	looksNoMore             // and a partition was added since
)

func (m *Model) lead(s *State) leadership { return leadership(get(s[m.wCons+1], cLeadShift, 2)) }

func (m *Model) setLead(s *State, is leadership) { put(&s[m.wCons+1], cLeadShift, 2, int(is)) }

// rejoinsAsStatic is the restart of a member's process, within session.timeout.ms, as its group sees it.
func (m *Model) rejoinsAsStatic(s *State) {
	if m.c.B.ForgetsGroupLeader && m.c.Faults[PartitionAdded] > 0 && m.lead(s) == leadsAware && !s.control(ctlAddedShift) {
		m.setLead(s, leadsUnaware)
	}
}

// forgetsGroupLeader: up to JoinGroup v8 the coordinator answers a static member that comes back with the member id that the
// leader had before, and only the leader compares the metadata with what was assigned (ConsumerCoordinator.
// rejoinNeededOrPending). Since 3.2 it tells the leader to skip the assignment (JoinGroup v9, KIP-814).
//
// Java's new protocol has no leader (KIP-848). sarama 1.60 asks with v8 at most and its leader alone looks
// (consumer_group.go, loopCheckPartitionNumbers); aiokafka 0.14 asks with v5 (protocol/group.py) and its leader alone has a
// _group_subscription to look at (consumer/group_coordinator.py). librdkafka looks at every member (rdkafka_cgrp.c,
// rd_kafka_cgrp_metadata_update_check); franz-go recognises the old leader by its instance id (pkg/kgo/consumer_group.go,
// leaderNoPlan). kafka-go and kafkajs have no static members.
func forgetsGroupLeader(c *Config) bool {
	q := &c.Cons
	switch {
	case !q.Static || q.NewProtocol:
		return false
	case q.Client == Java:
		return q.Version < V3_2 || c.Kafka < V3_2
	}
	return q.Client == Sarama || q.Client == Aiokafka
}

// isNotLookedFor says that nobody in the group looks for the partition that is added.
func isNotLookedFor(_ *Config, s *Step) bool { return s.Outcome == "not-looked-for" }
