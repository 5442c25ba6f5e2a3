package proxy

import (
	"context"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Rule picks messages.
type Rule func(m *Message) bool

// Traffic decides about every message of every proxy: those that a rule holds wait until they are let through or lost.
type Traffic struct {
	mu      sync.Mutex
	rules   map[string]Rule
	waiting []*Message
	learnt  []*Message    // LeaderAndIsr requests that have been answered
	read    []*Message    // produce requests that have been read, and may stand behind one that is held
	change  chan struct{} // closed and renewed at every change
}

// NewTraffic is traffic without rules: everything passes.
func NewTraffic() *Traffic {
	return &Traffic{rules: map[string]Rule{}, change: make(chan struct{})}
}

// Hold adds a rule under a name: what it picks waits.
func (t *Traffic) Hold(name string, r Rule) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rules[name] = r
}

// Open drops a rule and lets through what no other rule holds.
func (t *Traffic) Open(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.rules, name)
	t.recheck()
}

// OpenAll drops every rule.
func (t *Traffic) OpenAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.rules)
	t.read = nil
	t.recheck()
}

// LoseAll loses everything that is held, also what is late.
func (t *Traffic) LoseAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.waiting) > 0 {
		t.decide(t.waiting[0], Lost)
	}
}

// Let decides about one held message.
func (t *Traffic) Let(m *Message, f Fate) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.decide(m, f)
}

// Delay makes a held request late: it outlives its connection, and waits for [Message.Deliver].
func (t *Traffic) Delay(m *Message) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m.Late = true
}

// First is the first held message that a rule picks, or nil.
func (t *Traffic) First(pick Rule) *Message {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.find(pick)
}

// Await waits until a message that a rule picks is held.
func (t *Traffic) Await(ctx context.Context, pick Rule) (*Message, error) {
	for {
		t.mu.Lock()
		m, change := t.find(pick), t.change
		t.mu.Unlock()
		if m != nil {
			return m, nil
		}
		select {
		case <-change:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// HasRead says whether a produce request that a rule picks has been read from its client, held or behind one that is held.
func (t *Traffic) HasRead(pick Rule) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.ContainsFunc(t.read, pick)
}

// arrived notes that a request has been read from a client.
func (t *Traffic) arrived(m *Message) {
	if m.API != kmsg.Produce {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.read = append(t.read, m)
	t.changed()
}

// answered notes that a node has answered a request.
func (t *Traffic) answered(m *Message) {
	if m.API != kmsg.LeaderAndISR {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.learnt = append(t.learnt, m)
}

// Learnt are the LeaderAndIsr requests that a node has answered since [Traffic.Forget].
func (t *Traffic) Learnt(node int) []*Message {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(t.learnt), func(m *Message) bool { return m.Link.Node != node })
}

// Forget forgets what a node has answered, which has ended.
func (t *Traffic) Forget(node int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.learnt = slices.DeleteFunc(t.learnt, func(m *Message) bool { return m.Link.Node == node })
}

// decided is called by a connection for every message and returns when it is decided what becomes of it.
func (t *Traffic) decided(m *Message) Fate {
	t.mu.Lock()
	if !t.holds(m) {
		t.mu.Unlock()
		return Passes
	}
	m.fate = make(chan Fate, 1)
	t.waiting = append(t.waiting, m)
	t.changed()
	t.mu.Unlock()
	return <-m.fate
}

// connectionBroke ends the wait of everything held on a connection that has broken.
func (t *Traffic) connectionBroke(c *connection) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.decideAll(Lost, func(m *Message) bool { return m.conn == c && !m.Late })
}

// The functions below are called with the lock held.

// changed wakes up who waits for a change.
func (t *Traffic) changed() {
	close(t.change)
	t.change = make(chan struct{})
}

func (t *Traffic) holds(m *Message) bool {
	for _, r := range t.rules {
		if r(m) {
			return true
		}
	}
	return false
}

func (t *Traffic) recheck() {
	t.decideAll(Passes, func(m *Message) bool { return !t.holds(m) })
}

// decideAll ends the wait of the held messages that a rule picks.
func (t *Traffic) decideAll(f Fate, pick Rule) {
	for _, m := range slices.Clone(t.waiting) {
		if pick(m) {
			t.decide(m, f)
		}
	}
}

// decide ends the wait of a held message.
func (t *Traffic) decide(m *Message, f Fate) {
	i := slices.Index(t.waiting, m)
	if i < 0 {
		return
	}
	t.waiting = slices.Delete(t.waiting, i, i+1)
	m.fate <- f
	t.changed()
}

func (t *Traffic) find(pick Rule) *Message {
	i := slices.IndexFunc(t.waiting, pick)
	if i < 0 {
		return nil
	}
	return t.waiting[i]
}
