package kafkaspec

import (
	"fmt"

	"github.com/kcheck/kcheck/explore"
)

const maxVersions = 8

// AsyncISR is the module AsyncIsr: a leader that asks the controller to change
// the in-sync replicas and goes on while it waits for the answer. The leader
// is the first replica and never changes. The specification has infinitely
// many states; here offsets and versions have bounds.
type AsyncISR struct {
	Replicas, MaxOffset, MaxVersion int
	// Minimal, an ablation, has the leader count only the in-sync replicas
	// that are confirmed, not those it has asked for, for its high watermark.
	Minimal bool

	actions []asyncAction
	table   []explore.Transition
}

// AsyncState is a state of AsyncISR. Versions are kept in the controller's
// updates, one for each version, and in the leader's requests.
type AsyncState struct {
	Controller, Leader ISRVersion
	Pending            uint8 // replicas the leader has asked for; 0 if none
	// Asked is the specification's pendingVersion plus 1.
	Asked  uint8
	Offset [maxReplicas]uint8
	// Updates holds the set that the controller announced for a version, and
	// Requests, for the version a request was based on, a bit for each set
	// that was asked for. Neither is ever forgotten: messages are lost,
	// duplicated and reordered.
	Updates, Requests [maxVersions]uint8
}

// ISRVersion is a set of in-sync replicas and its version.
type ISRVersion struct{ ISR, Version uint8 }

type asyncAction struct {
	rule func(m *AsyncISR, s *AsyncState, a, b int) bool
	a, b int
}

// NewAsyncISR returns the model with these bounds.
func NewAsyncISR(replicas, maxOffset, maxVersion int, minimal bool) *AsyncISR {
	m := &AsyncISR{Replicas: replicas, MaxOffset: maxOffset, MaxVersion: maxVersion, Minimal: minimal}
	if replicas > maxReplicas || maxVersion >= maxVersions {
		panic("kafkaspec: no room for these bounds in a state")
	}
	m.add("ControllerShrinkIsr", asyncControllerShrink, replicas, 1)
	m.add("ControllerHandleRequest", handleRequest, maxVersion+1, 1<<replicas)
	m.add("LeaderRequestShrinkIsr", requestShrink, replicas, 1)
	m.add("LeaderRequestExpandIsr", requestExpand, replicas, 1)
	m.add("LeaderWrite", asyncWrite, 1, 1)
	m.add("LeaderHandleUpdate", handleUpdate, maxVersion+1, 1)
	m.add("FollowerReplicate", asyncReplicate, replicas, 1)
	return m
}

func (m *AsyncISR) add(name string, rule func(m *AsyncISR, s *AsyncState, a, b int) bool, as, bs int) {
	for a := range as {
		for b := range bs {
			m.actions = append(m.actions, asyncAction{rule, a, b})
			m.table = append(m.table, explore.Transition{Action: name, Binding: fmt.Sprint(a, ", ", b)})
		}
	}
}

// Transitions implements explore.Model.
func (m *AsyncISR) Transitions() []explore.Transition { return m.table }

// Initial implements explore.Model.
func (m *AsyncISR) Initial(dst []AsyncState) []AsyncState {
	all := ISRVersion{ISR: 1<<m.Replicas - 1}
	return append(dst, AsyncState{Controller: all, Leader: all})
}

// Successors implements explore.Model.
func (m *AsyncISR) Successors(s *AsyncState, out *explore.Out[AsyncState]) {
	for id, a := range m.actions {
		if to := *s; a.rule(m, &to, a.a, a.b) {
			*out.Add(explore.TransitionID(id)) = to
		}
	}
}

// highWatermark is the least offset among the replicas that are, or may be by
// now, in sync.
func (m *AsyncISR) highWatermark(s *AsyncState) uint8 {
	isr := s.Leader.ISR | s.Pending
	if m.Minimal {
		isr = s.Leader.ISR
	}
	hw := uint8(255)
	for r := range m.Replicas {
		if in(isr, r) {
			hw = min(hw, s.Offset[r])
		}
	}
	return hw
}

// ValidHighWatermark says that the replicas which really are in sync have
// everything up to the leader's high watermark.
func (m *AsyncISR) ValidHighWatermark(s *AsyncState) bool {
	hw := m.highWatermark(s)
	for r := range m.Replicas {
		if in(s.Controller.ISR, r) && s.Offset[r] < hw {
			return false
		}
	}
	return true
}

// decide: the controller gives the set a new version and announces it.
func (m *AsyncISR) decide(s *AsyncState, isr uint8) bool {
	if int(s.Controller.Version) >= m.MaxVersion {
		return false
	}
	s.Controller = ISRVersion{isr, s.Controller.Version + 1}
	s.Updates[s.Controller.Version] = isr
	return true
}

func asyncControllerShrink(m *AsyncISR, s *AsyncState, r, _ int) bool {
	return r != 0 && in(s.Controller.ISR, r) && m.decide(s, s.Controller.ISR&^(1<<r))
}

func handleRequest(m *AsyncISR, s *AsyncState, version, isr int) bool {
	return version == int(s.Controller.Version) && in(s.Requests[version], isr) && m.decide(s, uint8(isr))
}

// request: the leader asks for a set, on the version that it knows.
func (s *AsyncState) request(isr uint8) bool {
	s.Requests[s.Leader.Version] |= 1 << isr
	s.Pending |= isr
	s.Asked = s.Leader.Version + 1
	return true
}

func requestShrink(_ *AsyncISR, s *AsyncState, r, _ int) bool {
	return r != 0 && in(s.Leader.ISR, r) && s.request(s.Leader.ISR&^(1<<r))
}

func requestExpand(m *AsyncISR, s *AsyncState, r, _ int) bool {
	return !in(s.Leader.ISR, r) && s.Offset[r] >= m.highWatermark(s) && s.request(s.Leader.ISR|1<<r)
}

func asyncWrite(m *AsyncISR, s *AsyncState, _, _ int) bool {
	s.Offset[0]++
	return int(s.Offset[0]) <= m.MaxOffset
}

func handleUpdate(_ *AsyncISR, s *AsyncState, version, _ int) bool {
	if version <= int(s.Leader.Version) || version > int(s.Controller.Version) {
		return false
	}
	s.Leader, s.Pending, s.Asked = ISRVersion{s.Updates[version], uint8(version)}, 0, 0
	return true
}

func asyncReplicate(_ *AsyncISR, s *AsyncState, r, _ int) bool {
	s.Offset[r]++
	return r != 0 && s.Offset[r] <= s.Offset[0]
}
