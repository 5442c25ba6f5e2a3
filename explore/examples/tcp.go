package examples

import "github.com/kcheck/kcheck/explore"

// TCP is the connection states of RFC 9293 as in tcp.tla of the TLA+ examples.
// As in MCtcp.cfg, one peer has opened actively and the other passively, none
// opens again, and no channel holds two equal segments in a row.
type TCP struct {
	actions explore.Table
}

// Connection is a state of TCP, by peer. Network is what was sent to it.
type Connection struct {
	Network [2]queue
	State   [2]uint8
	TCB     [2]bool // the peer has a transmission control block
}

// States of a peer.
const (
	tcpClosed = iota
	tcpListen
	tcpSynSent
	tcpSynReceived
	tcpEstablished
	tcpFinWait1
	tcpFinWait2
	tcpClosing
	tcpCloseWait
	tcpLastAck
	tcpTimeWait
	anyState
)

// Segments; 0 is none.
const (
	syn = 1 + iota
	synAck
	ack
	rst
	fin
	ackOfFin
)

// tcpRule is an action of a peer in a state, when the oldest segments sent to
// it are those of receive: it answers and changes the state.
type tcpRule struct {
	action  string
	state   uint8
	receive queue
	to      uint8
	send    int
	tcb     tcbChange
}

// tcbChange says what becomes of the transmission control block.
type tcbChange uint8

const (
	kept tcbChange = iota
	deleted
	needed  // kept; without it the action is not enabled
	retired // deleted; without it the action is not enabled
)

var tcpRules = []tcpRule{
	{"SynSent", tcpSynSent, syn, tcpSynReceived, synAck, kept},
	{"SynSent", tcpSynSent, synAck, tcpEstablished, ack, kept},
	{"SynReceived", tcpSynReceived, rst, tcpListen, 0, kept},
	{"SynReceived", tcpSynReceived, ack, tcpEstablished, 0, kept},
	{"Listen", tcpListen, syn, tcpSynReceived, synAck, kept},
	{"Established", tcpEstablished, fin, tcpCloseWait, ackOfFin, kept},
	{"FinWait1", tcpFinWait1, fin, tcpClosing, ackOfFin, kept},
	{"FinWait1", tcpFinWait1, ackOfFin, tcpFinWait2, 0, kept},
	{"FinWait2", tcpFinWait2, fin, tcpTimeWait, ackOfFin, kept},
	{"Closing", tcpClosing, ackOfFin, tcpTimeWait, 0, kept},
	{"LastAck", tcpLastAck, ackOfFin, tcpClosed, 0, kept},
	{"TimeWait", tcpTimeWait, 0, tcpClosed, 0, retired},
	{"Note2", tcpFinWait1, fin | ackOfFin<<elementBits, tcpTimeWait, ackOfFin, kept},

	{"Note3", anyState, 0, tcpTimeWait, rst, needed},
	{"Note3", anyState, rst, tcpListen, 0, kept},
	{"Note3", anyState, rst, tcpClosed, 0, kept},

	{"CLOSE_SYN_SENT", tcpSynSent, 0, tcpClosed, 0, deleted},
	{"CLOSE_SYN_RECEIVED", tcpSynReceived, 0, tcpFinWait1, fin, kept},
	{"CLOSE_LISTEN", tcpListen, 0, tcpClosed, 0, deleted},
	{"CLOSE_ESTABLISHED", tcpEstablished, 0, tcpFinWait1, fin, kept},
	{"CLOSE_CLOSE_WAIT", tcpCloseWait, 0, tcpLastAck, fin, kept},

	// Nobody opens again: see constrain.
	{"ACTIVE_OPEN", tcpClosed, 0, tcpClosed, 0, kept},
	{"PASSIVE_OPEN", tcpClosed, 0, tcpClosed, 0, kept},
	{"SEND", tcpListen, 0, tcpListen, 0, kept},
}

// NewTCP returns the model.
func NewTCP() *TCP {
	m := &TCP{}
	for _, r := range tcpRules {
		m.actions.Each(r.action, "A", "B")
	}
	return m
}

// Transitions implements explore.Model.
func (m *TCP) Transitions() []explore.Transition { return m.actions }

// Initial implements explore.Model: either peer has sent the first segment.
func (m *TCP) Initial(dst []Connection) []Connection {
	for p := range 2 {
		s := Connection{TCB: [2]bool{true, true}}
		s.State[p], s.State[1-p], s.Network[1-p] = tcpSynSent, tcpListen, syn
		dst = append(dst, s)
	}
	return dst
}

// Successors implements explore.Model.
func (m *TCP) Successors(s *Connection, out *explore.Out[Connection]) {
	x := expansion[Connection]{s, out}
	for i := range tcpRules {
		r := &tcpRules[i]
		for p := range 2 {
			if !r.enabled(s, p) {
				continue
			}
			to := x.take(explore.TransitionID(2*i), p)
			to.State[p] = r.to
			to.Network[p] >>= elementBits * r.receive.len()
			if r.send != 0 {
				to.Network[1-p] = to.Network[1-p].push(r.send)
			}
			to.TCB[p] = s.TCB[p] && r.tcb != deleted && r.tcb != retired
		}
	}
	constrain(s, out.Added(), noRetransmission)
}

// enabled tells whether the rule can be applied by peer p.
func (r *tcpRule) enabled(s *Connection, p int) bool {
	if r.state != anyState && r.state != s.State[p] || r.tcb >= needed && !s.TCB[p] {
		return false
	}
	return s.Network[p]&(1<<(elementBits*r.receive.len())-1) == r.receive
}

// noRetransmission is the state constraint.
func noRetransmission(s *Connection) bool {
	for _, q := range s.Network {
		for ; q > 15; q = q.tail() {
			if q.at(0) == q.at(1) {
				return false
			}
		}
	}
	return true
}

// Agree says that when nothing is under way, both peers have established the
// connection or neither has.
func (*TCP) Agree(s *Connection) bool {
	established := func(p int) bool { return s.State[p] == tcpEstablished }
	return s.Network != [2]queue{} || established(0) == established(1)
}
