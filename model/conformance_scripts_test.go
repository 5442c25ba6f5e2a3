package model

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/explore"
)

// conformanceModel is a model of a release; change is its configuration beyond that, broke what is wrong in a broken one.
func conformanceModel(v Version, faults Budget, change func(c *Config), broke func(c *Config)) *Model {
	c := smallConfig()
	release(v)(&c)
	c.KRaft, c.Faults, c.Sees = true, faults, 0
	change(&c)
	c.B = BehavioursOf(&c)
	if broke != nil {
		broke(&c)
	}
	m, err := New(c)
	if err != nil {
		panic(err)
	}
	return m
}

// brokenIf is what breaks a model, or nothing.
func brokenIf(broken bool, broke func(c *Config)) func(c *Config) {
	if broken {
		return broke
	}
	return nil
}

// producerScript draws batches and markers of one transactional producer at one leader. The model decides by admits, of
// which only the leader's part is asked, and markerCounts; the broken one takes the other releases' view of marker epochs.
func producerScript(rng *rand.Rand, v Version, broken bool) *script {
	level := 1 + rng.IntN(2)*b2i(v >= V4_0)
	m := conformanceModel(v, Budget{Delay: 2}, func(c *Config) {
		transactional(level)(c)
		c.Txn.PartitionVerify, c.Scope.Messages = false, 2
	}, brokenIf(broken, func(c *Config) { c.B.MarkerEpochStrict = !c.B.MarkerEpochStrict }))
	s := m.Initial(nil)[0]
	run := &script{driver: fmt.Sprintf("ProducerState %d", level)}
	newest, lastEpoch, lastSequence := 0, -1, -1
	for range 8 {
		if rng.IntN(3) == 0 && newest < m.maxNumber {
			newest = m.newNumber(&s, 0, level == 1 && rng.IntN(2) == 0)
		}
		number := max(0, newest-rng.IntN(2))
		epoch := m.epochNumber(&s, number)
		if rng.IntN(2) == 0 {
			if m.markerCounts(&s, 0, number) {
				m.appendRecord(&s, 0, m.outputRecord(0, 0, kindCommit, number))
			}
			run.add(fmt.Sprintf("marker COMMIT %d", epoch), openness(m, &s)...)
			if epoch > lastEpoch {
				lastEpoch, lastSequence = epoch, -1
			}
			continue
		}
		m.setTransaction(&s, 0, transaction{at: number}) // the coordinator has no objection
		if m.admits(&s, 0, number) != admitted {
			run.add(fmt.Sprintf("data %d 0 true", epoch), withAnswer("refused", openness(m, &s))...)
			continue
		}
		if epoch != lastEpoch {
			lastEpoch, lastSequence = epoch, -1
		}
		lastSequence++
		m.appendRecord(&s, 0, m.outputRecord(rng.IntN(2), 0, kindData, number))
		run.add(fmt.Sprintf("data %d %d true", epoch, lastSequence), withAnswer("appended", openness(m, &s))...)
	}
	return run
}

// openness are the answers that say whether a transaction is open, not since when: the model does not keep every marker.
func openness(m *Model, s *State) []string {
	open, _ := m.openAt(s, 0, 0)
	var all []string
	for _, answer := range []string{"appended", "refused"} {
		if !open {
			all = append(all, answer+" -")
			continue
		}
		for offset := range 20 {
			all = append(all, fmt.Sprintf("%s %d", answer, offset))
		}
	}
	return all
}

func withAnswer(answer string, all []string) []string {
	var some []string
	for _, a := range all {
		if strings.HasPrefix(a, answer) {
			some = append(some, a)
		}
	}
	return some
}

// sequenceScript draws batches of an idempotent producer at one leader, with repeats, gaps and new epochs. The model decides
// by sequence; the broken one remembers one batch, as 0.11 did.
func sequenceScript(rng *rand.Rand, v Version, broken bool) *script {
	m := conformanceModel(v, Budget{}, func(c *Config) {
		c.Scope.Messages, c.Prod.Idempotent, c.Topic.Replicas, c.Topic.MinISR = MaxMessages, true, 1, 1
	}, brokenIf(broken, func(c *Config) { c.B.RemembersOneBatch = true }))
	s := m.Initial(nil)[0]
	for msg := range MaxMessages {
		s.setPhase(msg, Retrying)
	}
	run := &script{driver: "ProducerState 0"}
	for range 9 {
		if rng.IntN(6) == 0 && s.prodEpoch() < 2 {
			m.bumpProducerEpoch(&s)
		}
		msg := rng.IntN(MaxMessages)
		inc, sequence := s.inc(msg), 0
		for before := range msg {
			sequence += b2i(s.inc(before) == inc)
		}
		answer := "appended -"
		switch m.sequence(&s, 0, msg, inc) {
		case sequenceNext:
			m.appendRecord(&s, 0, m.makeRecord(msg, 0, inc))
		case sequenceRepeat:
			answer = "repeat -"
		case sequenceRefused:
			answer = "refused -"
		}
		run.add(fmt.Sprintf("data %d %d false", inc, sequence), answer)
	}
	return run
}

// electionScript draws decisions of the controller in states of random runs. The model decides by the actions of
// election.go and by changes of the in-sync set; the broken one has another min.insync.replicas.
func electionScript(rng *rand.Rand, v Version, broken bool) *script {
	elr := rng.IntN(3) > 0 && v >= V4_0
	m := conformanceModel(v, Budget{BrokerCrash: 2, ReplicaLag: 2, CleanRestart: 1, LeaderMove: 1}, func(c *Config) {
		c.Topic.Replicas, c.Topic.MinISR, c.Topic.ELR = 3, 2, elr
		c.Topic.UncleanElection = rng.IntN(4) == 0
	}, brokenIf(broken, func(c *Config) {
		c.Topic.MinISR = 1
		c.B.BumpsEpochOnShrink = true
	}))
	run := &script{driver: fmt.Sprintf("Election 3 2 %v", elr)}
	walkSteps(m, rng, func(pre *State, action string, b Binding, post *State) bool {
		removed, isr := -1, m.isrBits(pre)
		target := "="
		switch action {
		case "ControllerFencesFollower", "BrokerShutsDown":
			removed = b.Broker
		case "ControllerElectsLeader", "ControllerTakesLeaderOffline":
			removed = m.leader(pre)
		case "ReplicaLags":
			target = brokerList(m.without(pre, b.Broker)) // the leader asks for it, and never for an empty set
		case "LeaderExpandsISR":
			target = brokerList(isr | 1<<b.Broker)
		default:
			return true
		}
		live := uint(0)
		for x := range m.n {
			if !pre.hasFlag(x, flagFenced) && x != removed {
				live |= 1 << x
			}
		}
		if removed >= 0 {
			target = brokerList(isr &^ (1 << removed))
		}
		kind := "ONLINE"
		if m.unclean() {
			kind = "UNCLEAN"
		}
		run.add("set " + registration(m, pre))
		run.add(fmt.Sprintf("change %s %s %s -", kind, target, brokerList(live)), decisions(m, pre, action, b)...)
		return true
	})
	return run
}

// registration is what the controller keeps of the partition: leader, in-sync set, eligible and last known leaders.
func registration(m *Model, s *State) string {
	elr, last := uint(0), uint(0)
	for x := range m.n {
		elr |= uint(b2i(s.hasFlag(x, flagELR))) << x
		last |= uint(b2i(s.hasFlag(x, flagLastKnown))) << x
	}
	return fmt.Sprint(m.leader(s), " ", brokerList(m.isrBits(s)), " ", brokerList(elr), " ", brokerList(last))
}

// decisions are the answers that the model allows: where a leader is elected any candidate may be it.
func decisions(m *Model, pre *State, action string, b Binding) []string {
	elects := strings.HasPrefix(action, "Controller") && action != "ControllerFencesFollower"
	var all []string
	for _, n := range explore.Successors(m, pre) {
		a, at := m.binding(n.ID)
		if same := a.Name == action && at.Broker == b.Broker; !same && !(elects && (a == controllerElectsLeader || a == controllerTakesLeaderOffline)) {
			continue
		}
		all = append(all, decision(m, pre, &n.State))
		if m.leader(&n.State) >= 0 {
			continue
		}
		// Whoever can be elected is elected in the same change; here that is a step of its own.
		for _, then := range explore.Successors(m, &n.State) {
			if a, _ := m.binding(then.ID); a == controllerElectsLeader {
				all = append(all, decision(m, pre, &then.State))
			}
		}
	}
	return all
}

// decision is the answer for a change from pre to post.
func decision(m *Model, pre, post *State) string {
	w := strings.Split(registration(m, post), " ")
	bump := post.epoch() != pre.epoch() || m.leader(post) != m.leader(pre)
	return fmt.Sprintf("leader=%s isr=%s elr=%s last=%s bump=%v", w[0], w[1], w[2], w[3], bump)
}

func brokerList(set uint) string {
	var list []string
	for x := range MaxReplicas {
		if set>>x&1 != 0 {
			list = append(list, fmt.Sprint(x))
		}
	}
	if list == nil {
		return "-"
	}
	return strings.Join(list, ",")
}

// groupScript draws commits of members that have the partition, have lost it or are new. The model decides by the guards of
// OffsetsJoinTransaction and GroupRefusesOffsets, and refuses every commit of a former member outside a transaction; the
// broken one takes offsets as brokers before 2.5 did.
func groupScript(rng *rand.Rand, v Version, broken bool) *script {
	metadata := rng.IntN(2) == 0
	m := conformanceModel(v, Budget{Rebalance: 2, ConsumerCrash: 1}, func(c *Config) {
		transactional(1 + b2i(v >= V4_0))(c)
		c.App.GroupMetadata, c.App.TxnID, c.Scope.Messages = metadata, IDPerInstance, 2
	}, brokenIf(broken, func(c *Config) {
		c.App.GroupMetadata = true
		c.B.FencesByGroupMetadata = !metadata
	}))
	kind := "without-metadata"
	if metadata {
		kind = "transaction"
	}
	run := &script{driver: "Group"}
	run.add("join m0")
	names, members := [2]string{"m0", ""}, 1
	walkSteps(m, rng, func(pre *State, action string, b Binding, post *State) bool {
		switch action {
		case "InputIsReassigned", "ProcessCrashes":
			run.add("leave " + names[0])
			if action == "InputIsReassigned" {
				names[1] = names[0]
			}
			names[0] = fmt.Sprint("m", members)
			members++
			run.add("join " + names[0])
		}
		for slot, name := range names {
			if name == "" || m.process(post, slot).stage == stageGone {
				continue
			}
			at := Binding{Slot: slot, Msg: -1, Broker: -1}
			switch {
			case offsetsJoinTransaction.Guard(m, post, at):
				run.add("commit "+name+" "+kind, "taken")
			case m.fencesByGroup() && groupRefusesOffsets.Guard(m, post, at):
				run.add("commit "+name+" "+kind, "refused")
			}
			if slot == 1 {
				run.add("commit "+name+" commit", "refused")
			}
		}
		return true
	})
	return run
}

// leaderScript follows one replica through a random run: as leader it takes appends, fetches and decisions of the
// controller. The model decides by LeaderAppends, FollowerFetches, BrokerLearns and advanceHighWatermark; the broken one
// forgets positions when the leader goes on in a newer epoch, and has another min.insync.replicas.
func leaderScript(rng *rand.Rand, v Version, broken bool) *script {
	m := conformanceModel(v, Budget{LeaderMove: 3, ReplicaLag: 2, BrokerCrash: 1}, func(c *Config) {
		c.Topic.Replicas, c.Topic.MinISR, c.Topic.ELR = 3, 2, false
		c.Scope.Messages, c.Prod.Idempotent = 2, false
	}, brokenIf(broken, func(c *Config) { c.Topic.MinISR, c.B.KeepsPositions = 1, false }))
	run := &script{driver: "Leader 3 2"}
	first := m.Initial(nil)[0]
	run.add("lead 0 "+brokerList(m.isrBits(&first)), "lead "+leaderState(m, &first))
	walkSteps(m, rng, func(pre *State, action string, b Binding, post *State) bool {
		if !post.alive(0) {
			return false
		}
		e := post.epochOf(0)
		isr := brokerList(membersIn(m, post, e))
		switch {
		case action == "BrokerLearns" && b.Broker == 0 && !post.actsAsLeader(0):
			run.add(fmt.Sprintf("follow %d %d %s", e, m.leaderOf(post, e), isr))
		case action == "BrokerLearns" && b.Broker == 0:
			switch {
			case !pre.actsAsLeader(0):
				run.add(fmt.Sprintf("log %s %d", epochsOf(m, pre, 0), pre.hw(0)))
			case pre.returnsIn(0, e) && !m.ledOn(pre, 0, post):
				run.add(fmt.Sprintf("follow %d 1 %s", e-1, isr)) // what it learnt in between
			}
			run.add(fmt.Sprintf("lead %d %s", e, isr), "lead "+leaderState(m, post))
		case !pre.actsAsLeader(0) || !post.actsAsLeader(0):
		case action == "LeaderAppends" && b.Broker == 0:
			run.add("append", "appended "+leaderState(m, post))
		case action == "FollowerFetches" && m.source(pre, b.Broker) == 0:
			run.add(fmt.Sprintf("fetch %d %d %s", b.Broker, e, epochsOf(m, pre, b.Broker)), epochsOf(m, post, b.Broker)+" "+leaderState(m, post))
		case membersIn(m, pre, e) != membersIn(m, post, e):
			run.add(fmt.Sprintf("isr %d %s", e, isr), "isr "+leaderState(m, post))
			if !m.hasEnoughReplicas(post, 0) {
				run.add("append", "refused "+leaderState(m, post))
			}
		}
		return true
	})
	return run
}

func membersIn(m *Model, s *State, e int) uint {
	set := uint(0)
	for x := range m.n {
		set |= uint(b2i(s.inISR(x, e))) << x
	}
	return set
}

// epochsOf are the leader epochs of broker b's records.
func epochsOf(m *Model, s *State, b int) string {
	var list []string
	for i := range s.logLen(b) {
		list = append(list, fmt.Sprint(m.epochIn(m.at(s, b, i))))
	}
	if list == nil {
		return "-"
	}
	return strings.Join(list, ",")
}

// leaderState is what leader b1 knows: its high watermark, the positions of the others, and what it can answer.
func leaderState(m *Model, s *State) string {
	var positions []string
	for f := 1; f < m.n; f++ {
		positions = append(positions, fmt.Sprint(m.position(s, 0, f)))
	}
	answers := ""
	for i := range s.logLen(0) {
		switch {
		case s.hw(0) <= i:
			answers += "-"
		case m.hasEnoughReplicas(s, 0):
			answers += "a"
		default:
			answers += "e"
		}
	}
	return fmt.Sprintf("hw=%d positions=%s answers=%s", s.hw(0), strings.Join(positions, ","), answers)
}

// walkSteps follows a random run of the model step by step, until visit says that it is enough.
func walkSteps(m *Model, rng *rand.Rand, visit func(pre *State, action string, b Binding, post *State) bool) {
	walkSome(m, rng, func(*State, string, Binding, *State) bool { return true }, visit)
}

// walkSome is walkSteps over such steps alone as a driver can be made to follow.
func walkSome(m *Model, rng *rand.Rand, follows, visit func(pre *State, action string, b Binding, post *State) bool) {
	s, left := m.Initial(nil)[0], m.c.Faults
	for step := 0; step < 60 && !m.BoundHit(&s); step++ {
		next := slices.DeleteFunc(possible(m, &s, &left), func(n explore.Successor[State]) bool {
			a, b := m.choiceOf(&s, &n)
			return !follows(&s, a.Name, b, &n.State)
		})
		if len(next) == 0 {
			return
		}
		n := next[rng.IntN(len(next))]
		tr := m.transitions[n.ID]
		if tr.Class == explore.Fault {
			left[tr.Fault]--
		}
		a, b := m.choiceOf(&s, &n)
		if m.BoundHit(&n.State) || !visit(&s, a.Name, b, &n.State) {
			return
		}
		s = n.State
	}
}

// choiceOf is the action of a step with its binding, and the choice that it is.
func (m *Model) choiceOf(pre *State, n *explore.Successor[State]) (*Action, Binding) {
	a, b := m.binding(n.ID)
	if a.Choices == nil {
		return a, b
	}
	for b.Choice = range a.Choices(m, pre, b) {
		post := *pre
		a.Effect(m, &post, b)
		m.takeShortcuts(&post)
		if m.exposed {
			m.noteExposed(&post)
		}
		if post == n.State {
			break
		}
	}
	return a, b
}
