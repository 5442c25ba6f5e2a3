package model

import "fmt"

// View is a state as data, for those who show it. It has nothing to do with how a state is packed; guarantees ask the
// model itself.
type View struct {
	Messages []MessageView
	Leader   BrokerID   // that the controller has made leader; none while the partition is offline
	ISR, ELR []BrokerID // the controller's; ELR is nil where there are no eligible leader replicas
	LogStart int        // the log start offset
	Brokers  []BrokerView
	Consumer *ConsumerView // nil where the question does not see it
	Output   *OutputView   // nil without app.output: kafka
	Share    *ShareView    // nil without a share group that the question sees
	MinISR   int           // min.insync.replicas as it takes effect
	Failing  MessageID     // the poison message over which the application stands still; 0 for none
	// TracksFlushed says that BrokerView.Flushed means something: a fault of the budget loses what is not flushed.
	TracksFlushed bool
	deletes       bool // LogStart can move
}

// MessageView is a message.
type MessageView struct {
	ID        MessageID
	Phase     Phase
	Acked     bool // some send of it was acknowledged
	Processed int  // how often it was processed, or with app.output: kafka its output seen downstream; up to 2
}

// BrokerView is a broker with its replica.
type BrokerView struct {
	ID            BrokerID
	Log           []Entry // from its first record on, deleted or not
	HighWatermark int
	LastStable    int // the last stable offset
	Flushed       int // every record below is known to be on disk
	Role          Role
}

// ConsumerView is the consumer of the followed partition.
type ConsumerView struct {
	Position, Committed Value // of KindOffset
	Polled              []MessageID
}

// OutputView is the system of app.output: kafka.
type OutputView struct {
	Reliable     bool // the output partition is one broker that does not fail
	Processes    []ProcessView
	Committed    Value // of KindOffset
	Transactions []TransactionView
}

// ProcessView is a process that consumes, transforms and produces.
type ProcessView struct {
	Stage        Stage
	Position     Value // of KindOffset, or gone
	InHand       []MessageID
	Acknowledged int // of those in hand, outputs acknowledged
	Epoch        int // of its producer
}

// TransactionView is a transactional.id at the coordinator.
type TransactionView struct {
	State   TxnState
	Offsets Value // of KindOffset: the offset in the transaction
	Epoch   int
}

// View tells a state as data.
func (m *Model) View(s *State) *View {
	v := &View{
		Leader: brokerID(m.leader(s)), LogStart: m.logStart(s), deletes: m.c.Faults[Retention] > 0,
		MinISR: m.minISR, TracksFlushed: m.tracksDisk, Failing: m.Failing(s),
		ISR: m.those(func(b int) bool { return s.inISR(b, s.epoch()) }),
	}
	if m.c.Topic.ELR && !m.output {
		v.ELR = m.those(func(b int) bool { return s.hasFlag(b, flagELR) })
	}
	for i := range m.c.Scope.Messages {
		v.Messages = append(v.Messages, MessageView{messageID(i), s.phase(i), s.acked(i), m.timesSeen(s, i)})
	}
	for b := range m.n {
		v.Brokers = append(v.Brokers, m.brokerView(s, b))
	}
	switch {
	case m.output:
		v.Output = m.outputView(s)
	case m.consumer:
		v.Consumer = m.consumerView(s)
	case m.share:
		v.Share = m.shareView(s)
	}
	return v
}

// those lists the brokers for which a condition holds; never nil.
func (m *Model) those(in func(b int) bool) []BrokerID {
	list := []BrokerID{}
	for b := range m.n {
		if in(b) {
			list = append(list, brokerID(b))
		}
	}
	return list
}

// timesSeen is how often a message was processed, or its output seen downstream.
func (m *Model) timesSeen(s *State, msg int) int {
	if m.output {
		return m.OutputProcessed(s, msg)
	}
	return min(2, m.Processed(s, msg))
}

func (m *Model) brokerView(s *State, b int) BrokerView {
	v := BrokerView{ID: brokerID(b), Log: []Entry{}, HighWatermark: s.hw(b), Flushed: s.flushed(b), Role: m.role(s, b)}
	for i := range s.logLen(b) {
		v.Log = append(v.Log, m.entry(s, b, i))
	}
	if m.output {
		v.LastStable = m.lastStable(s, b)
	}
	return v
}

func (m *Model) entry(s *State, b, i int) Entry {
	r := m.at(s, b, i)
	e := Entry{Message: messageID(m.msgOf(r)), Offset: i}
	if m.output && m.kindOf(r).marker() {
		e.Message, e.Marker = 0, m.kindOf(r).name()
	}
	return e
}

func (m *Model) role(s *State, b int) Role {
	switch {
	case !s.alive(b):
		return Role{Role: RoleDown}
	case s.actsAsLeader(b):
		return Role{Role: RoleLeader, Leader: brokerID(b), CutOff: s.hasFlag(b, flagCut), Superseded: s.epochOf(b) < s.epoch()}
	}
	return Role{Role: RoleFollower, Leader: brokerID(m.leaderOf(s, s.epochOf(b))), CutOff: s.hasFlag(b, flagCut)}
}

func (m *Model) consumerView(s *State) *ConsumerView {
	v := &ConsumerView{Position: numberValue(m.consumerPosition(s)), Polled: []MessageID{}}
	if c := m.cons(s, cCommittedShift, 4); c != offsetNone {
		v.Committed = numberValue(c)
	}
	switch {
	case m.consumerIsDown(s):
		v.Position = wordValue(WordGone)
	case m.cons(s, cStoppedShift, 1) != 0:
		v.Position = wordValue(WordStopped)
	case m.cons(s, cLostShift, 1) != 0:
		v.Position = Value{}
	}
	for i := range m.hand(s) {
		if !m.done(s, i) {
			v.Polled = append(v.Polled, messageID(m.inHand(s, i)))
		}
	}
	return v
}

func (m *Model) outputView(s *State) *OutputView {
	v := &OutputView{Reliable: m.reliable, Committed: inputOffset(m.groupCommitted(s))}
	for slot := range m.members() {
		p := m.process(s, slot)
		q := ProcessView{Stage: p.stage.name(), Position: inputOffset(p.pos), InHand: p.inHand(), Acknowledged: p.sent,
			Epoch: m.epochNumber(s, p.attempt)}
		if p.stage == stageGone {
			q.Position = wordValue(WordGone)
		}
		v.Processes = append(v.Processes, q)
	}
	if !m.transactional {
		return v
	}
	for id := range m.ids() {
		t := m.transaction(s, id)
		q := TransactionView{State: t.state.name(), Epoch: m.epochNumber(s, t.at)}
		if t.offsets && !t.state.preparing() || t.waitingOffset() > 0 {
			q.Offsets = inputOffset(t.pending)
		}
		v.Transactions = append(v.Transactions, q)
	}
	return v
}

// inputOffset is an offset of the input partition.
func inputOffset(at int) Value {
	switch at {
	case inputStopped:
		return wordValue(WordStopped)
	case inputNone:
		return Value{}
	}
	return numberValue(at)
}

// inHand lists the messages that a process has in hand; never nil.
func (p process) inHand() []MessageID {
	list := []MessageID{}
	for i := range p.size {
		list = append(list, messageID(p.from+i))
	}
	return list
}

// Parts lists everything that a report shows of the state by name, in a fixed order.
func (v *View) Parts() []Part {
	if v.Output != nil {
		return v.outputParts()
	}
	var all []Part
	for _, m := range v.Messages {
		all = append(all, Part{m.ID.String(), KindPhase, wordValue(m.Phase.String())})
	}
	all = append(all, v.controllerParts()...)
	if v.deletes {
		all = append(all, Part{"log-start-offset", KindOffset, numberValue(v.LogStart)})
	}
	if v.ELR != nil {
		all = append(all, Part{"elr", KindSet, Value{Brokers: v.ELR}})
	}
	for i := range v.Brokers {
		b := &v.Brokers[i]
		log := b.Log[min(v.LogStart, len(b.Log)):]
		all = append(all, Part{b.ID.String() + ".log", KindLog, Value{Log: log}}, b.highWatermark(), b.role())
	}
	if c := v.Consumer; c != nil {
		all = append(all, Part{"consumer.position", KindOffset, c.Position}, Part{"consumer.committed", KindOffset, c.Committed},
			Part{"consumer.polled", KindMessages, Value{Messages: c.Polled}})
		all = append(all, v.processed("processed")...)
	}
	if v.Share != nil {
		all = append(append(all, v.Share.parts()...), v.processed("processed")...)
	}
	return all
}

func (v *View) controllerParts() []Part {
	return []Part{{"leader", KindBroker, Value{Broker: v.Leader}}, {"isr", KindSet, Value{Brokers: v.ISR}}}
}

func (b *BrokerView) highWatermark() Part {
	return Part{b.ID.String() + ".high-watermark", KindOffset, numberValue(b.HighWatermark)}
}

func (b *BrokerView) role() Part {
	return Part{b.ID.String() + ".role", KindRole, Value{Role: &b.Role}}
}

// processed are the parts that say how often each message was processed.
func (v *View) processed(name string) []Part {
	var all []Part
	for _, m := range v.Messages {
		all = append(all, Part{m.ID.String() + "." + name, KindProcessed, numberValue(m.Processed)})
	}
	return all
}

// outputParts is Parts for app.output: kafka.
func (v *View) outputParts() []Part {
	var all []Part
	for slot, p := range v.Output.Processes {
		name := [...]string{"process", "old-process"}[slot]
		all = append(all, Part{name, KindStage, wordValue(string(p.Stage))}, Part{name + ".position", KindOffset, p.Position},
			Part{name + ".in-hand", KindMessages, Value{Messages: p.InHand}},
			Part{name + ".outputs-acknowledged", KindCount, numberValue(p.Acknowledged)},
			Part{name + ".producer-epoch", KindEpoch, numberValue(p.Epoch)})
	}
	all = append(all, Part{"group.committed", KindOffset, v.Output.Committed})
	for id, t := range v.Output.Transactions {
		name := "transaction"
		if len(v.Output.Transactions) > 1 {
			name = fmt.Sprintf("transaction-%d", id+1)
		}
		all = append(all, Part{name, KindTransaction, wordValue(string(t.State))}, Part{name + ".offsets", KindOffset, t.Offsets},
			Part{name + ".epoch", KindEpoch, numberValue(t.Epoch)})
	}
	if !v.Output.Reliable {
		all = append(all, v.controllerParts()...)
	}
	for i := range v.Brokers {
		b := &v.Brokers[i]
		all = append(all, Part{b.ID.String() + ".log", KindLog, Value{Log: b.Log}},
			Part{b.ID.String() + ".last-stable-offset", KindOffset, numberValue(b.LastStable)})
		if !v.Output.Reliable {
			all = append(all, b.highWatermark(), b.role())
		}
	}
	return append(all, v.processed("downstream")...)
}
