package proxy

import (
	"bytes"
	"context"
	"net"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/wire"
)

// Message is one request or response on its way through a proxy.
type Message struct {
	wire.Header      // of a response, that of its request
	Link        Link // the listener that the request goes to
	Response    bool
	Of          *Message // the request of a response
	// Late says that the request is held although its sender has given it up; see [Traffic.Delay].
	Late bool

	frame []byte
	conn  *connection
	fate  chan Fate // decides a held message
}

// NewMessage is a request on its way to a listener.
func NewMessage(to Link, frame []byte) (*Message, error) {
	h, err := wire.ParseHeader(frame)
	return &Message{Header: h, Link: to, frame: frame}, err
}

// Fate is what becomes of a held message.
type Fate uint8

// The fates.
const (
	Passes Fate = iota
	Breaks      // the connection breaks with the message on it
	Lost        // the sender is gone
)

// Carries says whether the message has some text in it, such as the value of a record that is not compressed.
func (m *Message) Carries(text string) bool { return bytes.Contains(m.frame, []byte(text)) }

// Request decodes a request; nil if that is not possible.
func (m *Message) Request() kmsg.Request { return m.Header.Request(m.frame) }

// Answer decodes a response; nil if that is not possible.
func (m *Message) Answer() kmsg.Response { return m.Header.Response(m.frame) }

// SameConnection says whether two messages are on one connection.
func (m *Message) SameConnection(other *Message) bool { return m.conn == other.conn }

// BreakConnection breaks the connection that the message came on.
func (m *Message) BreakConnection() { m.conn.close() }

// Limits of [Message.Deliver].
const (
	dialLimit   = 30 * time.Second
	answerLimit = 5 * time.Second
)

// Deliver sends a request that is late to its node on a connection of its own, and waits for the answer, which nobody gets.
// The connection that it came on is gone. An error of the dial says that the node does not run.
func (m *Message) Deliver(ctx context.Context) error {
	conn, err := net.DialTimeout("tcp", m.conn.proxy.target, dialLimit)
	if err != nil {
		return err
	}
	defer conn.Close()
	m.conn.proxy.traffic.Let(m, Lost)
	_ = conn.SetDeadline(time.Now().Add(answerLimit))
	if err := wire.WriteFrame(conn, m.frame); err != nil {
		return err
	}
	_, _ = wire.ReadFrame(conn)
	return ctx.Err()
}
