package model

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestLayout reads the tables of layout.go, in which each field is a shift and, first in its comment, a width: within a
// table no two fields overlap, and none reaches beyond its word.
func TestLayout(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("layout.go")
	if err != nil {
		t.Fatal(err)
	}
	field := regexp.MustCompile(`(?m)^\t(\w+Shift)\s+= (\d+)\s*// (\d+)(?: x (\d+))?`)
	tables := 0
	for _, table := range strings.Split(string(text), "\nconst (")[1:] {
		owner := map[int]string{}
		table, _, _ = strings.Cut(table, "\n)")
		for _, f := range field.FindAllStringSubmatch(table, -1) {
			shift, width := number(f[2]), number(f[3])
			if f[4] != "" {
				width *= number(f[4])
			}
			for bit := shift; bit < shift+width; bit++ {
				if bit > 63 || owner[bit] != "" {
					t.Errorf("%s: bit %d is beyond the word or belongs to %s, too", f[1], bit, owner[bit])
				}
				owner[bit] = f[1]
			}
		}
		if len(owner) > 0 {
			tables++
		}
	}
	if tables < 5 {
		t.Errorf("only %d tables of fields were found in layout.go: has its form changed?", tables)
	}
	if MaxMessages*msgWidth > 64 || MaxMessages*processedWidth > cOldHandShift || wBrokers+2*MaxReplicas+4 > stateWords {
		t.Error("the limits of the model do not fit its words")
	}
	if prodLateShift+maxLateRequests*lateRequestWidth > 64 || bLedShift+epochs > bISRShift || bISRShift+epochs > 64 {
		t.Error("repeated fields overlap")
	}
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// field is one variable of the state with its accessors and the number of values it has.
type field struct {
	name   string
	values int
	get    func(s *State) int
	set    func(s *State, v int)
}

// TestAccessors sets the variables of a state in random order, and after each keeps a plain map of them in step: every
// accessor gives what the map has, so none touches another's bits.
func TestAccessors(t *testing.T) {
	t.Parallel()
	c := DefaultConfig()
	c.Topic.Replicas, c.Scope.Messages, c.Sees = MaxReplicas, MaxMessages, SeesConsumer
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	fields := stateFields(m)
	plain := make([]int, len(fields))
	var s State
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		i := rng.IntN(len(fields))
		plain[i] = rng.IntN(fields[i].values)
		fields[i].set(&s, plain[i])
		for j, f := range fields {
			if got := f.get(&s); got != plain[j] {
				t.Fatalf("after setting %s to %d, %s is %d, not %d", fields[i].name, plain[i], f.name, got, plain[j])
			}
		}
	}
}

// stateFields lists the variables that have accessors of their own.
func stateFields(m *Model) []field {
	fields := []field{
		{"known", epochs, (*State).known, (*State).setKnown},
		{"session", 4, (*State).session, (*State).setSession},
		{"producer epoch", 4, (*State).prodEpoch, (*State).setProdEpoch},
		{"epoch", epochs, (*State).epoch, func(s *State, v int) { s.setLeader(v, s.hasLeader()) }},
		{"has leader", 2, func(s *State) int { return b2i(s.hasLeader()) }, func(s *State, v int) { s.setLeader(s.epoch(), v > 0) }},
	}
	for _, shift := range []uint{ctlBoundShift, ctlSlowShift, ctlAddedShift, ctlDisorderShift, ctlConflictShift} {
		fields = append(fields, field{fmt.Sprint("control ", shift), 2,
			func(s *State) int { return b2i(s.control(shift)) }, func(s *State, v int) { s.setControl(shift, v > 0) }})
	}
	for b := range m.n {
		fields = append(fields, brokerFields(b)...)
	}
	for msg := range m.c.Scope.Messages {
		fields = append(fields, messageFields(m, msg)...)
	}
	for i := range maxLateRequests {
		fields = append(fields, field{fmt.Sprint("late request ", i), 1 + 4*epochs*16,
			func(s *State) int { return ghostNumber(s, i) }, func(s *State, v int) { setGhostNumber(s, i, v) }})
	}
	for _, f := range []struct{ shift, width uint }{{cPosShift, 4}, {cCommittedShift, 4}, {cLastEpochShift, 3},
		{cHasEpochShift, 1}, {cCommitEpochShift, 3}, {cHasCommitShift, 1}, {cKnownShift, 3}, {cHandShift, 3},
		{cRecordsShift, 8}, {cLostShift, 1}, {cStoppedShift, 1}, {cUncommittedShift, 1},
		{cLateShift, 1}, {cLateOffsetShift, 4}, {cLateEpochShift, 3}, {cHasLateShift, 1}} {
		fields = append(fields, field{fmt.Sprint("consumer ", f.shift), 1 << f.width,
			func(s *State) int { return m.cons(s, f.shift, f.width) }, func(s *State, v int) { m.setCons(s, f.shift, f.width, v) }})
	}
	return fields
}

// brokerFields are those of broker b.
func brokerFields(b int) []field {
	of := func(name string, values int, get func(s *State, b int) int, set func(s *State, b, v int)) field {
		return field{fmt.Sprintf("%s of %s", name, brokerID(b)), values,
			func(s *State) int { return get(s, b) }, func(s *State, v int) { set(s, b, v) }}
	}
	fields := []field{
		of("high watermark", 16, (*State).hw, (*State).setHW), of("flushed", 16, (*State).flushed, (*State).setFlushed),
		of("epoch", epochs, (*State).epochOf, (*State).setEpochOf), of("position", 16, (*State).fetchPosition, (*State).setFetchPosition),
		of("start", 16, (*State).startOf, (*State).setStartOf),
	}
	for f := flagDead; f <= flagUnclean; f <<= 1 {
		fields = append(fields, of(fmt.Sprint("flag ", f), 2,
			func(s *State, b int) int { return b2i(s.hasFlag(b, f)) },
			func(s *State, b, v int) {
				if s.clearFlag(b, f); v > 0 {
					s.setFlag(b, f)
				}
			}))
	}
	for e := range epochs {
		fields = append(fields, of(fmt.Sprint("in sync in ", e), 2,
			func(s *State, b int) int { return b2i(s.inISR(b, e)) },
			func(s *State, b, v int) {
				if s.clearISR(b, e); v > 0 {
					s.setISR(b, e)
				}
			}))
	}
	return fields
}

// messageFields are those of message msg.
func messageFields(m *Model, msg int) []field {
	of := func(name string, values int, get func(s *State, msg int) int, set func(s *State, msg, v int)) field {
		return field{fmt.Sprintf("%s of %s", name, messageID(msg)), values,
			func(s *State) int { return get(s, msg) }, func(s *State, v int) { set(s, msg, v) }}
	}
	return []field{
		of("phase", int(Gone)+1, func(s *State, msg int) int { return int(s.phase(msg)) }, func(s *State, msg, v int) { s.setPhase(msg, Phase(v)) }),
		of("sent to", epochs, (*State).sentTo, (*State).setSentTo), of("retries", 8, (*State).retries, (*State).setRetries),
		of("incarnation", 16, (*State).inc, (*State).setInc),
		of("told", 2, func(s *State, msg int) int { return b2i(s.sendErrorReported(msg)) }, func(s *State, msg, v int) { s.setSendErrorReported(msg, v > 0) }),
		of("processed", 3, m.processed, func(s *State, msg, v int) {
			put(&s[m.wCons+1], uint(msg)*processedWidth, processedWidth, v)
		}),
	}
}

// ghostNumber writes a late request as one number; 0 is none.
func ghostNumber(s *State, i int) int {
	g, ok := s.lateRequest(i)
	if !ok {
		return 0
	}
	return 1 + (g.msg*epochs+g.epoch)*16 + g.inc
}

func setGhostNumber(s *State, i, v int) {
	if v == 0 {
		s.dropLateRequest(i)
		return
	}
	v--
	s.setLateRequest(i, lateRequest{v / 16 / epochs, v / 16 % epochs, v % 16})
}

// TestLogs appends to and truncates the packed logs of two brokers at random, beside two slices.
func TestLogs(t *testing.T) {
	t.Parallel()
	c := DefaultConfig()
	c.Topic.Replicas, c.Scope.Messages = 2, MaxMessages
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	var s State
	var plain [2][]record
	rng := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		b := rng.IntN(2)
		if rng.IntN(3) > 0 && len(plain[b]) < m.logCap {
			r := m.makeRecord(rng.IntN(MaxMessages), rng.IntN(2), rng.IntN(1<<m.incBits))
			m.appendRecord(&s, b, r)
			plain[b] = append(plain[b], r)
		} else {
			n := rng.IntN(len(plain[b]) + 1)
			m.truncate(&s, b, n)
			plain[b] = plain[b][:n]
		}
		compareLogs(t, m, &s, plain)
	}
}

// compareLogs compares what the model reads from its packed logs with what two slices say.
func compareLogs(t *testing.T, m *Model, s *State, plain [2][]record) {
	t.Helper()
	common := 0
	for common < min(len(plain[0]), len(plain[1])) && plain[0][common] == plain[1][common] {
		common++
	}
	if got := m.agreement(s, 0, 1); got != common {
		t.Fatalf("the logs %v agree up to %d, not %d", plain, common, got)
	}
	for b, log := range plain {
		last := map[int]int{}
		for i, r := range log {
			last[m.msgOf(r)] = i + 1
			if got := m.at(s, b, i); got != r {
				t.Fatalf("log %v has %v at %d", log, got, i)
			}
		}
		if s.logLen(b) != len(log) || s.hw(b) > len(log) || s.flushed(b) > len(log) {
			t.Fatalf("log %v has length %d, high watermark %d, %d flushed", log, s.logLen(b), s.hw(b), s.flushed(b))
		}
		for msg := range MaxMessages {
			if m.lastOf(s, b, msg) != last[msg]-1 {
				t.Fatalf("log %v has message %d last at %d", log, msg, m.lastOf(s, b, msg))
			}
		}
	}
	for _, r := range slices.Concat(plain[0], plain[1]) {
		if m.makeRecord(m.msgOf(r), m.epochIn(r), m.incOf(r)) != r {
			t.Fatalf("record %x does not survive being taken apart", r)
		}
	}
}
