package model

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/explore"
)

// Signal is what a step sends from one lane of a sequence diagram to another. A step that concerns one lane alone has
// no To; one that concerns all brokers at once has the From [LaneBrokers].
type Signal struct {
	From, To string
	Label    string // a few words: "produce m1"
	Lost     bool   // it never arrives, or only after its sender has stopped waiting
}

// LaneBrokers stands for the lanes of all brokers at once.
const LaneBrokers = "brokers"

// Lanes names the lanes of a sequence diagram of this model, from the sending application to the reading one.
func (m *Model) Lanes() []string {
	var lanes []string
	if m.output {
		lanes = append(lanes, "input", "process")
		if hasOldProcess(m) {
			lanes = append(lanes, "old-process")
		}
		if m.transactional {
			lanes = append(lanes, "coordinator")
		}
	} else {
		lanes = append(lanes, "application", "producer")
	}
	for b := range m.n {
		lanes = append(lanes, broker(b))
	}
	if !m.reliable {
		lanes = append(lanes, "controller")
	}
	if m.output {
		return append(lanes, "downstream")
	}
	return append(lanes, "consumer")
}

// Signal says what a step sends, and between whom.
func (m *Model) Signal(pre *State, id explore.TransitionID, post *State) Signal {
	a, b := m.binding(id)
	r := routes[a.Name]
	sender := "process"
	if b.Ghost == 1 && hasOldProcess(m) && (a.Over == PerProcess || a.Over == PerProcessAndBroker) {
		sender = "old-process"
	}
	pairs := []string{"{b}", broker(b.Broker), "{m}", message(b.Msg), "{p}", sender, "{l}", m.peerOf(pre, b, a)}
	if strings.Contains(r.label, "{h}") {
		pairs = append(pairs, "{h}", message(m.inHand(pre, 0)))
	}
	if strings.Contains(r.label, "{o}") {
		pairs = append(pairs, "{o}", message(get(pre[m.wCons+1], cOldNextShift, 2)))
	}
	fill := strings.NewReplacer(pairs...)
	s := Signal{From: fill.Replace(r.from), To: fill.Replace(r.to), Label: fill.Replace(r.label), Lost: r.lost}
	switch a {
	case &ConsumerCommits:
		s.Label = fmt.Sprintf("commit %d", m.cons(post, cCommittedShift, 4))
	case &FollowerFetches:
		m.fetchSignal(&s, pre, b.Broker, post)
	case &ProcessPolls:
		s.Label = "records " + m.handText(m.process(post, 0))
	case &OutputAppends:
		p := m.process(pre, b.Ghost)
		s.Label = "produce " + message(p.from+p.sent)
	case &TransactionEnds:
		s.Label = "EndTxn abort"
		if commit, _ := m.ending(pre, b.Ghost); commit {
			s.Label = "EndTxn commit"
		}
	case &CoordinatorWritesMarker:
		s.Label = m.transaction(pre, b.Ghost).state.marker()
	}
	if s.From == "coordinator" && !m.transactional {
		s.From, s.To = s.To, ""
	}
	return s
}

// fetchSignal says which half of a fetch made a difference: the follower's position, which goes to the leader, or the
// records and the high watermark, which come back.
func (m *Model) fetchSignal(s *Signal, pre *State, f int, post *State) {
	before, after := pre.logLen(f), post.logLen(f)
	l := m.ledBy(pre, pre.epochOf(f))
	switch {
	case after > before:
		s.Label = "records"
	case after < before && after > m.agreement(pre, f, l):
		s.Label = "truncate, records"
	case after < before:
		s.Label = "truncate"
	case pre.hw(f) != post.hw(f) && pre.hw(l) == post.hw(l):
		s.Label = fmt.Sprintf("high watermark %d", post.hw(f))
	default:
		s.From, s.To, s.Label = s.To, s.From, fmt.Sprintf("fetch from %d", after)
	}
}

// peerOf is the broker at the other end of a step's signal: the one that has the message of the step under way, or the
// leader.
func (m *Model) peerOf(pre *State, b Binding, a *Action) string {
	l := m.leader(pre)
	switch {
	case a == &FollowerFetches || a == &FollowerTruncates:
		l = m.ledBy(pre, pre.epochOf(b.Broker))
	case b.Msg >= 0 && pre.phase(b.Msg) == Awaiting:
		l = m.ledBy(pre, pre.sentTo(b.Msg))
	}
	if l < 0 {
		l = m.ledBy(pre, pre.epoch())
	}
	return broker(max(l, 0))
}

// route says between which lanes an action sends what, with the parameters of Action.Text and {l} for [Model.peerOf].
type route struct {
	from, to, label string
	lost            bool
}

// routes has every action by name; a test says when one is missing.
var routes = map[string]route{
	"ProducerSends":            {from: "application", to: "producer", label: "send {m}"},
	"LeaderAppends":            {from: "producer", to: "{b}", label: "produce {m}"},
	"ProducerReceivesAck":      {from: "{l}", to: "producer", label: "ack {m}"},
	"LeaderRefuses":            {from: "{b}", to: "producer", label: "not the leader"},
	"LeaderRefusesAfterAppend": {from: "{l}", to: "producer", label: "not enough replicas"},
	"LeaderRefusesSequence":    {from: "{b}", to: "producer", label: "out of sequence"},
	"SendIsLost":               {from: "producer", to: "{b}", label: "produce {m}", lost: true},
	"RequestTimesOut":          {from: "producer", label: "request timeout {m}"},
	"ProducerGivesUp":          {from: "producer", to: "application", label: "{m} failed"},
	"LateRequestArrives":       {from: "producer", to: "{b}", label: "late produce"},

	"FollowerFetches":   {from: "{l}", to: "{b}", label: "records, high watermark"},
	"FollowerTruncates": {from: "{l}", to: "{b}", label: "where the epoch ends"},
	"LeaderExpandsISR":  {from: "{l}", to: "controller", label: "{b} is in sync"},

	"ControllerFencesFollower":     {from: "controller", label: "{b} is gone"},
	"ControllerElectsLeader":       {from: "controller", label: "elects {b}"},
	"ControllerTakesLeaderOffline": {from: "controller", label: "no leader"},
	"BrokerLearns":                 {from: "controller", to: "{b}", label: "new leader epoch"},
	"BrokerRestarts":               {from: "{b}", label: "starts again"},
	"PartitionHeals":               {from: "{b}", label: "connected again"},

	"ConsumerPolls":      {from: "{b}", to: "consumer", label: "records"},
	"ConsumerProcesses":  {from: "consumer", label: "processes {h}"},
	"ConsumerCommits":    {from: "consumer", label: "commit"},
	"ConsumerResets":     {from: "{b}", to: "consumer", label: "offset out of range"},
	"OldMemberProcesses": {from: "consumer", label: "old member processes {o}"},
	"SendMeetsFullQueue": {from: "producer", to: "application", label: "queue full"},
	"BrokersAnswerAgain": {from: LaneBrokers, label: "answer again"},

	"RequestIsLost":       {from: "producer", to: "{b}", label: "produce {m}", lost: true},
	"ResponseIsLost":      {from: "{b}", to: "producer", label: "answer", lost: true},
	"RequestIsDelayed":    {from: "producer", to: "{b}", label: "produce {m}, late", lost: true},
	"SendIsRefused":       {from: "producer", to: "application", label: "{m} refused"},
	"ProducerCrashes":     {from: "producer", label: "crash"},
	"BrokerCrashes":       {from: "{b}", label: "crash"},
	"BrokerLosesPower":    {from: "{b}", label: "power loss"},
	"AllBrokersLosePower": {from: LaneBrokers, label: "power loss"},
	"BrokerLosesDisk":     {from: "{b}", label: "disk loss"},
	"BrokerShutsDown":     {from: "{b}", label: "shutdown"},
	"LeaderMoves":         {from: "controller", label: "leader: {b}"},
	"ReplicaLags":         {from: "controller", label: "{b} out of sync"},
	"LeaderIsCutOff":      {from: "{b}", label: "cut off"},
	"BrokersAreSlow":      {from: LaneBrokers, label: "no answers"},

	"ConsumerCrashes":       {from: "consumer", label: "crash"},
	"ProcessingThrows":      {from: "consumer", label: "exception"},
	"PartitionIsReassigned": {from: "consumer", label: "rebalance"},
	"CommittedOffsetIsLost": {from: "consumer", label: "offset gone"},
	"RecordsAreDeleted":     {from: LaneBrokers, label: "records deleted"},
	"PartitionIsAdded":      {from: "controller", label: "new partition"},

	"ProcessStarts":          {from: "coordinator", to: "process", label: "InitProducerId"},
	"ProcessPolls":           {from: "input", to: "process", label: "records"},
	"OffsetsJoinTransaction": {from: "{p}", to: "coordinator", label: "offsets"},
	"GroupRefusesOffsets":    {from: "input", to: "{p}", label: "illegal generation"},
	"OffsetsAreCommitted":    {from: "process", to: "input", label: "commit"},
	"ProcessIsFenced":        {from: "coordinator", to: "{p}", label: "fenced"},
	"TransactionEnds":        {from: "{p}", to: "coordinator", label: "EndTxn"},
	"OutputAppends":          {from: "{p}", to: "{b}", label: "produce"},
	"OutputIsAcknowledged":   {from: "{l}", to: "{p}", label: "ack"},
	"OutputIsRefused":        {from: "{b}", to: "{p}", label: "refused"},
	"OutputExpires":          {from: "{p}", label: "delivery timeout"},
	"LateOutputArrives":      {from: "process", to: "{b}", label: "late produce"},

	"CoordinatorFencesPredecessor": {from: "coordinator", label: "fences, aborts"},
	"CoordinatorWritesMarker":      {from: "coordinator", to: "{b}", label: "marker"},
	"MarkerIsReplicated":           {from: "{l}", to: "coordinator", label: "marker written"},
	"OrphanTimesOut":               {from: "coordinator", label: "timeout, aborts"},
	"LateEndTxnArrives":            {from: "process", to: "coordinator", label: "late EndTxn"},
	"DownstreamReads":              {from: "{b}", to: "downstream", label: "records"},

	"OutputIsLate":             {from: "{p}", to: "{b}", label: "produce, late", lost: true},
	"EndTxnIsLate":             {from: "{p}", to: "coordinator", label: "EndTxn, late", lost: true},
	"OutputRequestIsLost":      {from: "{p}", to: "{l}", label: "produce", lost: true},
	"OutputResponseIsLost":     {from: "{l}", to: "{p}", label: "answer", lost: true},
	"OutputIsRefusedForGood":   {from: "{p}", label: "refused for good"},
	"ProcessCrashes":           {from: "process", label: "crash"},
	"ProcessCrashesAsProducer": {from: "process", label: "crash"},
	"ProcessThrows":            {from: "process", label: "exception"},
	"InputIsReassigned":        {from: "input", label: "rebalance"},
	"TransactionTimesOut":      {from: "coordinator", label: "timeout, aborts"},
}
