package model

import (
	"fmt"
	"slices"
)

// What the model knows of a share group from outside its rules.

// validateShare checks the limits of the model.
func (c *Config) validateShare() error {
	if c.App.Share == ShareNone {
		return nil
	}
	switch {
	case c.Scope.Members < 1 || c.Scope.Members > MaxMembers:
		return fmt.Errorf("scope.members is %d; the model covers 1 to %d", c.Scope.Members, MaxMembers)
	case c.Group.DeliveryLimit < 1 || c.Group.DeliveryLimit > MaxDeliveryLimit:
		return fmt.Errorf("share.delivery.count.limit is %d; the model covers 1 to %d", c.Group.DeliveryLimit, MaxDeliveryLimit)
	case c.App.OutputKafka:
		return fmt.Errorf("app.output: kafka with app.share: the model has no share group that writes to Kafka")
	}
	return nil
}

// Shares says that the question sees a share group.
func (m *Model) Shares() bool { return m.share }

// inShareHand says that a member has a record of message msg in hand that it may still process.
func (m *Model) inShareHand(s *State, msg int) bool {
	for slot := range m.shareMembers() {
		h := m.hold(s, slot)
		for _, r := range h.records[:h.n] {
			if r.msg == msg && (r.mark == toDo || r.mark == acceptFirst && (m.ackFirst || m.handsOff)) {
				return true
			}
		}
	}
	return false
}

// notInShareGroups says why faults cannot happen in a share group, or are not followed there.
var notInShareGroups = map[FaultKind]string{
	Rebalance: "no member owns a partition; one that is slow or cut off loses its locks or its session, which are lock-timeout and " +
		"connection-lost",
	OrderlyRebalance:   "no member owns a partition, so that none is handed over; app-restart stops a member in order",
	TopicRecreated:     "the group has another state for each topic id; what a new topic of the same name is delivered from is not modelled",
	TransactionTimeout: "acknowledgements are in no transaction",
}

// NotFollowed lists the faults of the budget that no step of a share group's model is an occurrence of, with the reason; none
// without a share group.
func (m *Model) NotFollowed() []string {
	var list []string
	for kind, n := range m.c.Faults {
		happens := func(a *Action) bool {
			return slices.ContainsFunc(m.groups, func(g boundAction) bool { return g.Action == a })
		}
		if m.share && n > 0 && !slices.ContainsFunc(FaultKind(kind).actions(), happens) {
			text := faults[kind].Name
			if why := notInShareGroups[FaultKind(kind)]; why != "" {
				text += " (" + why + ")"
			}
			list = append(list, text)
		}
	}
	return list
}
