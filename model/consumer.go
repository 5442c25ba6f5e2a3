package model

// consumerActions are the loop of a consumer and the crash of its process.
var consumerActions = []*Action{
	consumerPolls, consumerProcesses, consumerCommits, consumerResets, oldMemberProcesses, lateCommitArrives, consumerCrashes,
	commitIsLate,
}

// The consumer's fields.

func (m *Model) cons(s *State, shift, width uint) int       { return get(s[m.wCons], shift, width) }
func (m *Model) setCons(s *State, shift, width uint, v int) { put(&s[m.wCons], shift, width, v) }
func (m *Model) consumerPosition(s *State) int              { return m.cons(s, cPosShift, 4) }
func (m *Model) hand(s *State) int                          { return m.cons(s, cHandShift, 3) }
func (m *Model) inHand(s *State, i int) int                 { return m.cons(s, cRecordsShift+2*uint(i), 2) }

// processed is how often a message was processed, counted up to 2.
func (m *Model) processed(s *State, msg int) int {
	return get(s[m.wDone], uint(msg)*processedWidth, processedWidth)
}

func (m *Model) initConsumer(s *State) {
	if m.c.App.NewGroup {
		m.setCons(s, cCommittedShift, 4, offsetNone)
		m.setCons(s, cLostShift, 1, 1)
	}
}

func hasConsumer(m *Model) bool { return m.consumer }

var consumerPolls = &Action{
	Name: "ConsumerPolls", Time: Timing{Step: "poll"}, Area: AreaClients, Actor: "consumer", Over: PerBroker, Applies: hasConsumer,
	Doc: Doc{
		Summary: "ConsumerPolls is a poll that returns records.",
		Guard: "The consumer has a valid position and has finished with what it polled before, as its commit policy " +
			"demands; the broker runs and leads by its own belief in an epoch not older than the client has proof " +
			"of; records below its high watermark are at the position; since 2.3 the client has found no " +
			"truncation.",
		Effect:    "Up to four records from the position on are in the consumer's hand, the position moves behind them.",
		Abstracts: "A poll returns all there is; smaller batches are polls that came earlier.",
		Sources: []string{
			"KafkaConsumer.poll, FetchIsolation.HIGH_WATERMARK",
			"OffsetsForLeaderEpochClient for the validation (KIP-320)",
		},
	},
	Ready: mayPoll,
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.readable(s, b.Broker) && s.hw(b.Broker) > m.consumerPosition(s) && m.hand(s) < maxHand &&
			m.consumerPosition(s) >= m.startAt(s, b.Broker) && m.divergence(s, b.Broker) < 0
	},
	Effect: pollEffect,
	Text:   "the consumer polls {broker}",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Offset = at(m.consumerPosition(post))
		for i := m.hand(pre); i < m.hand(post); i++ {
			p.Messages = append(p.Messages, messageID(m.inHand(post, i)))
		}
		return ""
	},
	Causes: []Cause{byIsolation.when(isTransaction), byCommit},
	Route:  Route{From: "{broker}", To: "consumer", Label: "records"},
	Silent: true,
	Forced: steady,
}

// mayPoll says that the application's loop calls poll next.
func mayPoll(m *Model, s *State) bool {
	w := s[m.wCons]
	if w>>cStoppedShift&1 != 0 || w>>cLostShift&1 != 0 || m.hand(s) > 0 && !m.c.App.Handoff || m.staleness(s) == ignores {
		return false
	}
	return m.c.App.Parallel && m.marks() || m.c.App.Commit == CommitAuto || m.c.App.Effect == EffectTransactional || w>>cUncommittedShift&1 == 0
}

// readable says that the client can take broker b for the leader and b agrees.
func (m *Model) readable(s *State, b int) bool {
	return s.actsAsLeader(b) && s.epochOf(b) >= m.cons(s, cKnownShift, 3)
}

// divergence is where broker b's log ends for the epoch of the consumer's last record, if that is before the consumer's
// position, or -1. Only clients that validate positions ask, once a broker is in a newer epoch.
func (m *Model) divergence(s *State, b int) int {
	if m.staleness(s) != fresh {
		return m.staleEnd(s, b)
	}
	if m.cons(s, cHasEpochShift, 1) == 0 || !m.c.B.ValidatesPosition || m.c.Topic.OldFormat ||
		s.epochOf(b) == m.cons(s, cKnownShift, 3) {
		return -1
	}
	end, asked := 0, m.cons(s, cLastEpochShift, 3)
	for end < s.logLen(b) && m.epochIn(m.at(s, b, end)) <= asked {
		end++
	}
	if end < m.consumerPosition(s) {
		return end
	}
	return -1
}

func pollEffect(m *Model, s *State, b Binding) {
	pos, held := m.consumerPosition(s), m.hand(s)
	n := min(maxHand-held, s.hw(b.Broker)-pos)
	for i := 0; i < n; i++ {
		m.setCons(s, cRecordsShift+2*uint(held+i), 2, m.msgOf(m.at(s, b.Broker, pos+i)))
		m.noteInHand(s, held+i, m.epochIn(m.at(s, b.Broker, pos+i)))
	}
	m.setCons(s, cHandShift, 3, held+n)
	m.setCons(s, cPosShift, 4, pos+n)
	m.setCons(s, cLastEpochShift, 3, m.epochIn(m.at(s, b.Broker, pos+n-1)))
	m.setCons(s, cHasEpochShift, 1, 1)
	m.setCons(s, cKnownShift, 3, s.epochOf(b.Broker))
	m.setCons(s, cUncommittedShift, 1, 1)
	m.setStale(s, fresh)
}

var consumerProcesses = &Action{
	Name: "ConsumerProcesses", Time: Timing{Step: "process"}, Area: AreaClients, Actor: "consumer", Over: Once, Applies: hasConsumer,
	Doc: Doc{
		Summary: "ConsumerProcesses is the application processing the next record.",
		Guard:   "A record is in hand; with app.commit: before-processing the offsets of the poll are committed.",
		Effect: "The message counts as processed once more; an idempotent effect counts once; a transactional effect " +
			"stores the offset with it.",
		Abstracts: "Processing is one step that succeeds.",
		Sources: []string{
			"None",
			"this is the application's loop",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return m.mayProcess(s) && m.processable(s) > 0
	},
	Choices: (*Model).choosesRecord,
	Effect:  processEffect,
	Text:    "the application processes {message}",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		i := m.chosen(pre, b)
		p.Message, p.Offset = messageID(m.inHand(pre, i)), at(m.consumerPosition(pre)-m.hand(pre)+i)
		return ""
	},
	Causes: []Cause{byProcess.when(isParallel), byCommit, byEffect},
	Route:  Route{From: "consumer", Label: "processes {message}"},
	Silent: true,
	Forced: steady,
}

// mayProcess says that the application is about to process a record in hand.
func (m *Model) mayProcess(s *State) bool {
	return m.hand(s) > 0 && (m.c.App.Commit != CommitBeforeProcessing || m.cons(s, cUncommittedShift, 1) == 0)
}

// isProcessable says that processing the record in place i of the hand can succeed.
func (m *Model) isProcessable(s *State, i int) bool {
	return !m.done(s, i) && !(m.hasPoison() && m.poisoned(s, m.inHand(s, i)))
}

// processable is how many records the application may process next with success.
func (m *Model) processable(s *State) int {
	n := 0
	for i := range m.window(s) {
		n += b2i(m.isProcessable(s, i))
	}
	return n
}

// window is how many records in hand the application looks at: the first, or with process: parallel all.
func (m *Model) window(s *State) int {
	if m.c.App.Parallel {
		return m.hand(s)
	}
	return min(1, m.hand(s))
}

// choosesRecord is the number of records of which one is processed.
func (m *Model) choosesRecord(s *State, _ Binding) int { return max(1, m.processable(s)) }

// chosen is the place in the hand of the record that a choice means.
func (m *Model) chosen(s *State, b Binding) int {
	n := b.Choice
	for i := range m.window(s) {
		if m.isProcessable(s, i) {
			if n == 0 {
				return i
			}
			n--
		}
	}
	return 0
}

func processEffect(m *Model, s *State, b Binding) {
	i := m.chosen(s, b)
	msg, offset, epoch := m.inHand(s, i), m.consumerPosition(s)-m.hand(s)+i, m.epochInHand(s, onceHandShift, i)
	m.finishRecord(s, i)
	m.takeEffect(s, msg, offset, epoch)
}

// takeFromHand is the loop done with the first record in hand.
func (m *Model) takeFromHand(s *State) {
	m.setCons(s, cRecordsShift, 8, m.cons(s, cRecordsShift, 8)>>2)
	m.setCons(s, cHandShift, 3, m.hand(s)-1)
	put(&s[m.wCons+1], cTriesShift, 12, get(s[m.wCons+1], cTriesShift, 12)>>triesWidth)
	put(&s[m.wCons+1], cDoneShift, 4, get(s[m.wCons+1], cDoneShift, 4)>>1)
	m.takeEpochFromHand(s, onceHandShift)
}

// takeEffect is the effect of processing the record of msg at offset in a leader epoch. An external store that keeps the
// offset with the effect takes only the record that follows what it has.
func (m *Model) takeEffect(s *State, msg, offset, epoch int) {
	if m.c.App.Effect == EffectTransactional {
		if m.cons(s, cCommittedShift, 4)%offsetNone > offset {
			return
		}
		m.commitTo(s, offset+1)
	}
	if !m.repeats(s, msg, offset, epoch) {
		m.countProcessed(s, msg, 2-b2i(m.countsOnce()))
	}
}

// countsOnce says that a second effect of a message changes nothing, or that nobody asks about it.
func (m *Model) countsOnce() bool {
	return m.c.App.Effect == EffectIdempotent || m.c.App.Effect == EffectOncePerRecord && !m.tracksRecords()
}

// countProcessed counts a message as processed once more, up to limit.
func (m *Model) countProcessed(s *State, msg, limit int) {
	times := m.processed(s, msg)
	if times == 0 {
		for later := msg + 1; later < m.c.Scope.Messages; later++ {
			if m.processed(s, later) > 0 {
				s.setControl(ctlDisorderShift, true)
			}
		}
	}
	if times < limit {
		put(&s[m.wDone], uint(msg)*processedWidth, processedWidth, times+1)
	}
}

var consumerCommits = &Action{
	Name: "ConsumerCommits", Time: Timing{Step: "commit"}, Area: AreaClients, Actor: "consumer", Over: Once,
	Doc: Doc{
		Summary: "ConsumerCommits is a commit of offsets.",
		Guard: "There is something to commit, and the loop or the library has come to it: after all records of the " +
			"poll are processed; before any is; inside a later poll, when those of the earlier ones are processed " +
			"(Java auto commit); or at any moment (the libraries whose timer commits what was handed out). With " +
			"app.process: parallel or an app.commit-position of its own: when a record was finished since the last commit, " +
			"or with delivered as soon as records are handed to another thread.",
		Effect: "The committed offset is the position, or what app.commit-position says: behind the last record before " +
			"which all are finished, behind the last finished one, or behind what was handed over. It is one less with " +
			"app.commit-offset: current.",
		Abstracts: "A commit is a single step that does not fail; the offsets topic is reliable but for offset-lost.",
		Sources: []string{
			"ConsumerCoordinator.maybeAutoCommitOffsetsAsync and commitOffsetsSync",
			"librdkafka INTRODUCTION.md on at-least-once processing",
		},
	},
	Applies: func(m *Model) bool { return m.consumer && m.c.App.Effect != EffectTransactional },
	Guard: func(m *Model, s *State, b Binding) bool {
		if m.cons(s, cUncommittedShift, 1) == 0 {
			return false
		}
		to, owes := m.commitTarget(s)
		if m.followsRecords() {
			return to >= 0 && to != m.cons(s, cCommittedShift, 4) && m.commitIsDue(s)
		}
		if owes != 0 && to == m.cons(s, cCommittedShift, 4) {
			return false // that much is committed already
		}
		return m.hand(s) == 0 || m.c.App.Commit == CommitBeforeProcessing ||
			m.c.App.Commit == CommitAuto && (m.c.B.CommitsUnprocessed || m.c.App.Handoff && m.c.B.CommitsHandedOff)
	},
	Effect: func(m *Model, s *State, b Binding) { m.commits(s) },
	Text:   "the consumer commits its offset {offset}",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Offset = at(m.cons(post, cCommittedShift, 4))
		return ""
	},
	Causes: []Cause{byAutoCommit.when(commitsItself), byProtocol.when(commitsInBackground), byPosition.when(commitsUnfinished), byCommit, byStore, byCommitAt.when(commitsCurrent), byProcess.when(handsOff)},
	Route:  Route{From: "consumer", Label: "commit {offset}"},
	Forced: steady,
}

// commits commits the position as the loop or the library sees it.
func (m *Model) commits(s *State) {
	to, owes := m.commitTarget(s)
	m.commitTo(s, to)
	m.setCons(s, cUncommittedShift, 1, owes)
}

// commitTarget is the offset that a commit would store, and whether more is to be committed after it. A library that
// counts a record as consumed when it hands it out sees one record handed out of those in hand.
func (m *Model) commitTarget(s *State) (to, owes int) {
	if m.followsRecords() {
		to = m.committable(s)
		return to - b2i(m.c.App.CommitCurrent), b2i(to < m.consumerPosition(s))
	}
	if n := m.hand(s); n > 1 && m.c.App.Commit == CommitAuto && m.c.B.HandsOutSingly && !m.c.App.Handoff {
		return m.consumerPosition(s) - n + 1, 1
	}
	return m.consumerPosition(s) - b2i(m.c.App.CommitCurrent), 0
}

func (m *Model) commitTo(s *State, offset int) {
	if offset != m.cons(s, cCommittedShift, 4) {
		m.setFailedAt(s, nowhere)
	}
	m.setCons(s, cCommittedShift, 4, offset)
	m.setCons(s, cCommitEpochShift, 3, m.cons(s, cLastEpochShift, 3))
	m.setCons(s, cHasCommitShift, 1, m.cons(s, cHasEpochShift, 1))
	m.setCons(s, cUncommittedShift, 1, 0)
	put(&s[m.wCons+1], cTouchedShift, 1, 0)
	m.setStaleCommit(s, fresh)
}
