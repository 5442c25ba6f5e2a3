package reproduce

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
)

// ledger keeps what becomes of every message of a run by the clock, and how long steps take.
type ledger struct {
	mu       sync.Mutex
	messages []*entry
	first    int // those before it are committed, or too old
	steps    map[string]*stepTimes

	followers []int      // in sync, and running
	copying   []*copying // what followers have yet to fetch
}

// copying is a record that a follower has yet to fetch.
type copying struct {
	offset, follower int
	since            time.Time
}

// entry is one message.
type entry struct {
	fate
	sent, asked, appended, done time.Time
	committed                   bool
}

// stepTimes are the times that a step took.
type stepTimes struct {
	n   int
	sum time.Duration
}

func newLedger() *ledger { return &ledger{steps: map[string]*stepTimes{}} }

// numbered finds the number of a message in its record's value.
var numbered = regexp.MustCompile(`<(\d+)>`)

// valueFor is the value of the record of message n.
func valueFor(n int) string { return fmt.Sprintf("<%d>", n) }

// send notes that send is called for the next message, and returns its value.
func (l *ledger) send() (value string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.messages = append(l.messages, &entry{sent: time.Now()})
	return valueFor(len(l.messages) - 1)
}

// of is the message in a value; nil for none.
func (l *ledger) of(value string) *entry {
	m := numbered.FindStringSubmatch(value)
	if m == nil {
		return nil
	}
	if n, err := strconv.Atoi(m[1]); err == nil && n < len(l.messages) {
		return l.messages[n]
	}
	return nil
}

// stepOf are the times of a step. The lock is held.
func (l *ledger) stepOf(step string) *stepTimes {
	t := l.steps[step]
	if t == nil {
		t = &stepTimes{}
		l.steps[step] = t
	}
	return t
}

// took notes how long a step took. The lock is held.
func (l *ledger) took(step string, d time.Duration) {
	t := l.stepOf(step)
	t.n++
	t.sum += d
}

// note notes how long a step took.
func (l *ledger) note(step string, d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took(step, d)
}

// event takes over what the producer was told about a record.
func (l *ledger) event(e player.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.of(e.Message)
	if m == nil || m.told {
		return
	}
	m.told, m.acked = true, e.Err == nil
	if m.acked && !m.appended.IsZero() {
		l.took("ack", time.Since(m.appended))
	}
}

// failed notes that send threw for a message.
func (l *ledger) failed(value string) {
	l.event(player.Event{Message: value, Err: &player.ClientError{}})
}

// asks notes that the leader is asked to append the records of a request.
func (l *ledger) asks(records string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, value := range numbered.FindAllString(records, -1) {
		if m := l.of(value); m != nil {
			m.asked = time.Now()
		}
	}
}

// answers notes that a leader says at which offset it has appended the records of a request. With acks=all that does not say when:
// it answers when the followers have them.
func (l *ledger) answers(records string, offset int, all bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, value := range numbered.FindAllString(records, -1) {
		m := l.of(value)
		if m == nil || !m.appended.IsZero() {
			continue
		}
		m.appended = time.Now()
		if all {
			continue
		}
		l.took("produce", m.appended.Sub(m.asked))
		for _, f := range l.followers {
			l.copying = append(l.copying, &copying{offset + i, f, m.appended})
		}
	}
}

// follow notes which followers are in sync and run. What those that are not have yet to fetch they have not fetched for so long,
// which counts as time without an end: of exponential times the mean is all the time by the number of ends.
func (l *ledger) follow(followers []int, newLeader bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.followers = followers
	l.copying = slices.DeleteFunc(l.copying, func(c *copying) bool {
		if !newLeader && slices.Contains(followers, c.follower) {
			return false
		}
		l.stepOf("fetch").sum += time.Since(c.since)
		return true
	})
}

// fetches notes that a follower has everything below an offset.
func (l *ledger) fetches(follower, offset int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.copying = slices.DeleteFunc(l.copying, func(c *copying) bool {
		if c.follower != follower || c.offset >= offset {
			return false
		}
		l.took("fetch", time.Since(c.since))
		return true
	})
}

// process notes that a message was processed.
func (l *ledger) process(value string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m := l.of(value); m != nil {
		m.processed++
		m.done = time.Now()
	}
}

// commits notes that the group commits what it has processed so far.
func (l *ledger) commits() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.messages[l.first:] {
		if m.processed > 0 && !m.committed {
			m.committed = true
			l.took("commit", time.Since(m.done))
		}
	}
	for l.first < len(l.messages) && (l.messages[l.first].committed || time.Since(l.messages[l.first].sent) > time.Minute) {
		l.first++
	}
}

// waits counts the messages of which the producer has been told nothing.
func (l *ledger) waits() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.messages {
		if !m.told {
			n++
		}
	}
	return n
}

// log counts the copies in the leader's log.
func (l *ledger) log(records []cluster.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range records {
		if m := l.of(r.Value); m != nil {
			m.copies++
		}
	}
}

// fates are those of all messages, in the order in which they were sent.
func (l *ledger) fates() []fate {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]fate, len(l.messages))
	for i, m := range l.messages {
		all[i] = m.fate
	}
	return all
}
