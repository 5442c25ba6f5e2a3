package model

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// brokerScript follows one broker through a random run: what it makes of the decisions that it learns, one by one or at once,
// and what it tells producers that wait. The model decides by BrokerLearns, breakConnections and answer; the broken one
// learns decisions one by one, whatever the broker has read over, and has another min.insync.replicas.
func brokerScript(rng *rand.Rand, v Version, broken bool) *script {
	acks, minISR := AcksAll, 2
	if rng.IntN(5) == 0 {
		acks, minISR = AcksOne, 1
	}
	m := conformanceModel(v, Budget{LeaderMove: 3, ReplicaLag: 2, BrokerCrash: 1}, func(c *Config) {
		c.Topic.Replicas, c.Topic.MinISR, c.Topic.ELR = 3, minISR, false
		c.Scope.Messages, c.Prod.Idempotent, c.Prod.Acks = 3, false, acks
	}, brokenIf(broken, func(c *Config) { c.Topic.MinISR = 1 }))
	run := &brokerRun{m: m, broken: broken, told: map[int]string{}, rng: rng, script: &script{driver: fmt.Sprintf("Broker 3 %d", minISR)}}
	first := m.Initial(nil)[0]
	run.add(fmt.Sprintf("learn 0:0:%s", brokerList(m.isrBits(&first))), "learnt "+run.state(&first))
	walkSome(m, rng, run.follows, run.visit)
	return run.script
}

// brokerRun is a run of a model on its way to a driver.
type brokerRun struct {
	m      *Model
	broken bool
	rng    *rand.Rand
	told   map[int]string // what producers were told, by message
	sent   int            // requests so far: a message that is sent again is another one
	of     [MaxMessages]int
	*script
}

// follows says that a step is taken. No timer runs out in a driver. A deposed leader often does not learn of it at once, so
// that it leads again before that, and the others lag rarely before there is something to lag behind.
func (r *brokerRun) follows(pre *State, action string, b Binding, post *State) bool {
	switch action {
	case "RequestTimesOut", "ProducerGivesUp":
		return false
	case "BrokerLearns":
		return b.Broker != 0 || !pre.actsAsLeader(0) || r.m.leader(pre) == 0 || r.rng.IntN(5) == 0
	case "LeaderMoves":
		return r.sent > 0 && (r.m.leader(pre) == 0 || b.Broker == 0)
	case "ReplicaLags":
		return b.Broker != 0 && (r.sent > 0 || r.rng.IntN(2) == 0)
	case "BrokerCrashes":
		return b.Broker != 0
	}
	return true
}

func (r *brokerRun) visit(pre *State, action string, b Binding, post *State) bool {
	m := r.m
	if !post.alive(0) {
		return false
	}
	e := post.epochOf(0)
	isr := brokerList(membersIn(m, post, e))
	r.note(pre, post)
	switch {
	case action == "BrokerLearns" && b.Broker == 0 && !post.actsAsLeader(0):
		r.add(fmt.Sprintf("learn %d:%d:%s", e, m.leaderOf(post, e), isr), "learnt "+r.tells())
	case action == "BrokerLearns" && b.Broker == 0:
		r.leads(pre, post, e, isr, m.readings(pre, 0, b.Choice).how == leadsOn)
	case !pre.actsAsLeader(0) || !post.actsAsLeader(0):
	case action == "LeaderAppends" && b.Broker == 0:
		r.sent++
		r.of[b.Msg] = r.sent
		r.note(pre, post)
		r.add(fmt.Sprintf("append %d %d", r.sent, map[Acks]int{AcksAll: -1, AcksOne: 1}[m.c.Prod.Acks]), "append "+r.state(post))
	case action == "FollowerFetches" && m.source(pre, b.Broker) == 0:
		r.add(fmt.Sprintf("fetch %d %d %s", b.Broker, e, epochsOf(m, pre, b.Broker)), epochsOf(m, post, b.Broker)+" "+r.state(post))
	case membersIn(m, pre, e) != membersIn(m, post, e):
		r.add(fmt.Sprintf("learn %d:0:%s", e, isr), "learnt "+r.state(post))
	}
	return true
}

// leads is the broker learning that it leads, and before that, or with it, what it has read over.
func (r *brokerRun) leads(pre, post *State, e int, isr string, on bool) {
	between := fmt.Sprintf("%d:1:%s", e-1, isr)
	last := fmt.Sprintf("%d:0:%s", e, isr)
	switch {
	case !pre.actsAsLeader(0):
		r.add(fmt.Sprintf("log %s %d", epochsOf(r.m, pre, 0), pre.hw(0)))
	case on && !r.broken:
		last = between + ";" + last
	case on || pre.returnsIn(0, e):
		r.add("learn " + between)
	}
	r.add("learn "+last, "learnt "+r.state(post))
}

// note keeps what the broker says to producers at once: an answer when there is one, and an error when it stops to lead.
func (r *brokerRun) note(pre, post *State) {
	for msg := range r.m.c.Scope.Messages {
		n := r.of[msg]
		if n == 0 || r.told[n] != "" {
			continue
		}
		switch {
		case post.phase(msg) == Awaiting && r.m.leaderOf(post, post.sentTo(msg)) == 0:
			switch r.m.answer(post, msg) {
			case answerAck:
				r.told[n] = "NONE"
			case answerNotEnough:
				r.told[n] = "NOT_ENOUGH_REPLICAS_AFTER_APPEND"
			}
		case pre.phase(msg) == Awaiting && pre.actsAsLeader(0) && (!post.actsAsLeader(0) || pre.epochOf(0) != post.epochOf(0)):
			r.told[n] = "NOT_LEADER_OR_FOLLOWER"
		}
	}
}

func (r *brokerRun) state(s *State) string { return leaderState(r.m, s) + " " + r.tells() }

func (r *brokerRun) tells() string {
	var all []string
	for n := 1; n <= r.sent; n++ {
		if r.told[n] != "" {
			all = append(all, fmt.Sprintf("%d=%s", n, r.told[n]))
		}
	}
	return "told={" + strings.Join(all, ", ") + "}"
}
