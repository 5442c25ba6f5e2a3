package reproduce

import (
	"bytes"
	"context"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// message is one request or response on its way through a proxy.
type message struct {
	header
	link     link
	response bool
	frame    []byte // the request; of a response its own bytes, with the request in of
	of       *message
	conn     *connection

	fate chan fate // decides a held message
	held bool
	late bool // it is held although its sender has given it up
}

// fate is what becomes of a held message.
type fate uint8

const (
	passes fate = iota
	breaks      // the connection breaks with the message on it
	lost        // the sender is gone
)

// carries says whether the request has some bytes in it, such as the value of a record.
func (m *message) carries(token string) bool { return bytes.Contains(m.frame, []byte(token)) }

// request decodes the request; nil if that is not possible.
func (m *message) request() kmsg.Request {
	req := kmsg.RequestForKey(m.api)
	if req == nil || m.version > req.MaxVersion() {
		return nil
	}
	req.SetVersion(m.version)
	body := m.frame[m.size:]
	if req.IsFlexible() {
		if len(body) == 0 || body[0] != 0 {
			return nil // tagged fields in the header, which no Kafka client writes
		}
		body = body[1:]
	}
	if req.ReadFrom(body) != nil {
		return nil
	}
	return req
}

// rule says which messages are held.
type rule func(m *message) bool

// traffic decides about every message of every proxy: those that a rule holds wait until they are let through or lost.
type traffic struct {
	mu      sync.Mutex
	rules   map[string]rule
	waiting []*message
	read    []*message    // produce requests that have been read, and may stand behind one that is held
	change  chan struct{} // closed and renewed at every change
}

func newTraffic() *traffic {
	return &traffic{rules: map[string]rule{}, change: make(chan struct{})}
}

// arrived notes that a request has been read from a client.
func (t *traffic) arrived(m *message) {
	if m.api != apiProduce {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.read = append(t.read, m)
	t.changed()
}

// hasRead says whether a produce request that a predicate picks has been read.
func (t *traffic) hasRead(pick rule) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.ContainsFunc(t.read, pick)
}

// changed wakes up who waits for a change. The caller holds the lock.
func (t *traffic) changed() {
	close(t.change)
	t.change = make(chan struct{})
}

// arrive is called by a proxy for every message and returns when it is decided what becomes of it.
func (t *traffic) arrive(m *message) fate {
	t.mu.Lock()
	if !t.holds(m) {
		t.mu.Unlock()
		return passes
	}
	m.fate, m.held = make(chan fate, 1), true
	t.waiting = append(t.waiting, m)
	t.changed()
	t.mu.Unlock()
	return <-m.fate
}

func (t *traffic) holds(m *message) bool {
	for _, r := range t.rules {
		if r(m) {
			return true
		}
	}
	return false
}

// hold adds a rule under a name.
func (t *traffic) hold(name string, r rule) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rules[name] = r
}

// open drops a rule and lets through what no other rule holds.
func (t *traffic) open(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.rules, name)
	t.recheck()
}

// openAll drops every rule.
func (t *traffic) openAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.rules)
	t.read = nil
	t.recheck()
}

func (t *traffic) recheck() {
	for i := 0; i < len(t.waiting); {
		if m := t.waiting[i]; !t.holds(m) {
			t.decide(m, passes)
		} else {
			i++
		}
	}
}

// decide ends the wait of a held message. The caller holds the lock.
func (t *traffic) decide(m *message, f fate) {
	for i, w := range t.waiting {
		if w == m {
			t.waiting = append(t.waiting[:i], t.waiting[i+1:]...)
			m.held = false
			m.fate <- f
			t.changed()
			return
		}
	}
}

// let decides about one held message.
func (t *traffic) let(m *message, f fate) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.decide(m, f)
}

// forget ends the wait of everything held on a connection that has broken.
func (t *traffic) forget(c *connection) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := 0; i < len(t.waiting); {
		if m := t.waiting[i]; m.conn == c && !m.late {
			t.decide(m, lost)
		} else {
			i++
		}
	}
}

// first is the first held message that a predicate picks, or nil.
func (t *traffic) first(pick rule) *message {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.find(pick)
}

func (t *traffic) find(pick rule) *message {
	for _, m := range t.waiting {
		if pick(m) {
			return m
		}
	}
	return nil
}

// await waits until a message that a predicate picks is held.
func (t *traffic) await(ctx context.Context, pick rule) (*message, error) {
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
