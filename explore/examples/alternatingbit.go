package examples

import "github.com/kcheck/kcheck/explore"

// AlternatingBit is the alternating bit protocol over channels that lose
// messages, as in AlternatingBit.tla of the TLA+ examples, with two values and
// at most two messages in a channel, as in MCAlternatingBit.cfg.
type AlternatingBit struct {
	actions explore.Table

	sndNewValue, reSndMsg, rcvMsg, sndAck, rcvAck, loseMsg, loseAck explore.TransitionID
}

// Link is a state of AlternatingBit.
type Link struct {
	Msgs, Acks queue
	SBit, SAck uint8  // bits of the sender: last sent, last acknowledged
	RBit       uint16 // bit of the receiver: last received
	Sent, Rcvd uint16 // values last sent and received
}

const channelLimit = 2

// NewAlternatingBit returns the model.
func NewAlternatingBit() *AlternatingBit {
	m := &AlternatingBit{}
	t := &m.actions
	m.sndNewValue = t.Each("SndNewValue", "d1", "d2")
	m.reSndMsg = t.Add("ReSndMsg", "")
	m.rcvMsg = t.Add("RcvMsg", "")
	m.sndAck = t.Add("SndAck", "")
	m.rcvAck = t.Add("RcvAck", "")
	m.loseMsg = t.Each("LoseMsg", "1", "2")
	m.loseAck = t.Each("LoseAck", "1", "2")
	return m
}

// Transitions implements explore.Model.
func (m *AlternatingBit) Transitions() []explore.Transition { return m.actions }

// Initial implements explore.Model: any bit, any values.
func (m *AlternatingBit) Initial(dst []Link) []Link {
	for n := range 8 {
		bit := n & 1
		dst = append(dst, Link{SBit: uint8(bit), SAck: uint8(bit), RBit: uint16(bit), Sent: uint16(n >> 1 & 1), Rcvd: uint16(n >> 2)})
	}
	return dst
}

// send puts the current value and bit into the channel, as a number from 1.
func (s *Link) send() { s.Msgs = s.Msgs.push(1 + int(s.SBit) + 2*int(s.Sent)) }

// Successors implements explore.Model.
func (m *AlternatingBit) Successors(s *Link, out *explore.Out[Link]) {
	x := expansion[Link]{s, out}
	if s.SAck == s.SBit {
		for d := range 2 {
			to := x.take(m.sndNewValue, d)
			to.Sent, to.SBit = uint16(d), 1-s.SBit
			to.send()
		}
	} else {
		x.take(m.reSndMsg, 0).send()
	}
	if s.Msgs != 0 {
		to, msg := x.take(m.rcvMsg, 0), uint16(s.Msgs.head()-1)
		to.Msgs, to.RBit, to.Rcvd = s.Msgs.tail(), msg&1, msg>>1
	}
	to := x.take(m.sndAck, 0)
	to.Acks = s.Acks.push(1 + int(s.RBit))
	if s.Acks != 0 {
		to := x.take(m.rcvAck, 0)
		to.Acks, to.SAck = s.Acks.tail(), uint8(s.Acks.head()-1)
	}
	for i := range s.Msgs.len() {
		x.take(m.loseMsg, i).Msgs = s.Msgs.without(i)
	}
	for i := range s.Acks.len() {
		x.take(m.loseAck, i).Acks = s.Acks.without(i)
	}
	constrain(s, out.Added(), func(s *Link) bool { return max(s.Msgs.len(), s.Acks.len()) <= channelLimit })
}

// Delivers says that a step leaves the value received as it is, or it is the
// first receipt of the value last sent. It is a step invariant.
func (*AlternatingBit) Delivers(pre *Link, _ explore.TransitionID, post *Link) bool {
	if post.RBit == pre.RBit {
		return post.Rcvd == pre.Rcvd
	}
	return uint8(post.RBit) == pre.SBit && post.Rcvd == pre.Sent
}

// Received says that nothing is acknowledged that was not received.
func (*AlternatingBit) Received(s *Link) bool { return s.SAck != s.SBit || s.RBit == uint16(s.SBit) }
