package model

// Ways in which the time for a delivery can run out over a lost request or answer; a choice of the fault.
const (
	expireNone  = iota // it has not run out
	expireAll          // for all that was lost, and the client has noticed on its own
	expireFirst        // for the first one alone, and the client notices with the error that ends its request
)

// expiredAndRenumbered is the outcome of a loss over which the producer begins a new epoch.
var expiredAndRenumbered = Outcome{Word: "renumbered", Text: "; the time for a message has run out, and the producer begins " +
	"a new epoch and renumbers what is in flight"}

// expiries is the number of ways in which the time for a delivery may run out where requests are lost at broker b, that with
// msg among them, if it is not negative. Where steps have times it runs out in its own (ProducerGivesUp).
func (m *Model) expiries(s *State, msg, b int) int {
	if !m.c.Prod.DeliveryTimeout || m.c.Prod.Acks == AcksNone || m.c.Timed {
		return 1
	}
	first := m.firstLost(s, msg, b)
	others := msg >= 0 && msg != first || m.othersInFlight(s, first) // msg is under way, too
	if others && m.renumbersOnExpiry() && m.errorMayBeLate(s) {
		return 3
	}
	return 2
}

// renumbersOnExpiry says that the client begins a new producer epoch, in which it numbers anew what is in flight, when a
// request ends in an error after the time for its delivery has run out. Where the client notices first that the time has run
// out it does not.
//
// Kafka: Sender.canRetry (hasReachedDeliveryTimeout), Sender.completeBatch (adjustSequenceNumbers = attempts < retries),
// TransactionManager.handleFailedBatch; Sender.failExpiredBatches does not adjust (clients 2.5 to 4.4).
func (m *Model) renumbersOnExpiry() bool {
	return m.c.Prod.Idempotent && m.c.B.RenumbersOnRefusal && m.c.Scope.Messages > 1 && m.c.Prod.MaxInFlight > 1
}

// errorMayBeLate says that the loss of a request can end it in an error after the time for the delivery has run out. The
// shorter timer runs out first: of a first request that is request.timeout.ms, unless the settings say otherwise. Where an
// attempt has failed already, the next one can be under way at any later moment.
func (m *Model) errorMayBeLate(s *State) bool {
	if m.c.Prod.RequestOutlastsDelivery {
		return true
	}
	for i := range m.c.Scope.Messages {
		if s.phase(i) == Retrying {
			return true
		}
	}
	return false
}

// endsInError says that a request for msg, to which no answer can come, can be under way when the time for the delivery runs
// out, and end in an error: a broker has it, or refuses it. Without a broker that takes requests there is none.
func (m *Model) endsInError(s *State, msg int) bool {
	switch s.phase(msg) {
	case Awaiting:
		return true
	case Retrying:
		l := m.leader(s)
		return s.control(ctlSlowShift) || l >= 0 && s.alive(l)
	}
	return false
}

// firstLost is the first message, in the order of the queue, of those that a broken connection to broker b ends.
func (m *Model) firstLost(s *State, msg, b int) int {
	first := msg
	for i := 0; i < m.c.Scope.Messages; i++ {
		if s.phase(i) == Awaiting && s.wasLeaderOf(b, s.sentTo(i)) && (first < 0 || s.before(i, first)) {
			first = i
		}
	}
	return first
}

// hasRenumbered says that a step has numbered anew what is in flight. Where nothing is, a new epoch begins unseen.
func (m *Model) hasRenumbered(pre, post *State) bool {
	return post.prodEpoch() > pre.prodEpoch() && m.othersInFlight(post, -1)
}

// failRenumbering ends a send with an error upon which the producer numbers anew what is in flight.
func (m *Model) failRenumbering(s *State, msg int) {
	m.fail(s, msg)
	if s.unresolved() { // others are in flight
		m.bumpProducerEpoch(s)
	}
}
