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

// NotFollowed lists the faults of the budget that a share group could meet and that no step of its model is an occurrence
// of; none without a share group. Its members share a partition, so that it is never reassigned.
func (m *Model) NotFollowed() []string {
	var list []string
	for kind, n := range m.c.Faults {
		happens := func(a *Action) bool {
			return slices.ContainsFunc(m.groups, func(g boundAction) bool { return g.Action == a })
		}
		reassigns := FaultKind(kind) == Rebalance || FaultKind(kind) == OrderlyRebalance
		if m.share && n > 0 && !reassigns && !slices.ContainsFunc(FaultKind(kind).actions(), happens) {
			list = append(list, faults[kind].Name)
		}
	}
	return list
}
