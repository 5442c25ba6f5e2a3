package model

// ShareView is a share group with the share-partition of the followed partition.
type ShareView struct {
	Leader    BrokerID // that has the share-partition in memory; none where no leader has read it
	Start     Value    // of KindOffset: the start offset in its memory
	InMemory  []Delivery
	Persisted []Delivery // what the share coordinator has
	StartKept Value      // of KindOffset: the start offset that it has; none before the first write of a new group
	Members   []MemberView
	Lost      bool // the share coordinator knows nothing of the share-partition any more
}

// Records are the records of the share-partition as the leader has them in memory, or, where no leader has, as persisted.
func (v *ShareView) Records() []Delivery {
	if v.Leader > 0 {
		return v.InMemory
	}
	return v.Persisted
}

// MemberView is a member of a share group.
type MemberView struct {
	Name   Member
	InHand []MessageID // polled, and not yet acknowledged and processed
}

func (m *Model) shareView(s *State) *ShareView {
	v := &ShareView{Leader: brokerID(m.shareLeader(s)), InMemory: []Delivery{}, Persisted: []Delivery{}, Lost: m.shareStateLost(s)}
	if v.Leader > 0 {
		v.Start = numberValue(m.shareStart(s))
	}
	if p := m.persistedStart(s); p != offsetNone && !m.shareStateLost(s) {
		v.StartKept = numberValue(p)
	}
	for o := range maxShared {
		if d := m.delivery(s, o); v.Leader > 0 && d.state != untouched && o >= m.shareStart(s) {
			in := Delivery{Offset: o, State: d.state.name(), Count: d.count}
			if d.state == acquired {
				in.Member = shareMember(d.owner)
			}
			v.InMemory = append(v.InMemory, in)
		}
		if state, count := m.persisted(s, o); state != untouched {
			v.Persisted = append(v.Persisted, Delivery{Offset: o, State: state.name(), Count: count})
		}
	}
	for slot := range m.shareMembers() {
		h := m.hold(s, slot)
		q := MemberView{Name: shareMember(slot), InHand: []MessageID{}}
		for _, r := range h.records[:h.n] {
			q.InHand = append(q.InHand, messageID(r.msg))
		}
		v.Members = append(v.Members, q)
	}
	return v
}

// parts lists what a report shows of the share group.
func (v *ShareView) parts() []Part {
	all := []Part{
		{"share.leader", KindBroker, Value{Broker: v.Leader}},
		{"share.start-offset", KindOffset, v.Start},
		{"share.records", KindDeliveries, Value{Deliveries: v.InMemory}},
		{"share.persisted-start-offset", KindOffset, v.StartKept},
		{"share.persisted", KindDeliveries, Value{Deliveries: v.Persisted}},
	}
	for _, q := range v.Members {
		all = append(all, Part{string(q.Name) + ".in-hand", KindMessages, Value{Messages: q.InHand}})
	}
	return all
}
