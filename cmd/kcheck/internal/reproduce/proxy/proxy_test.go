package proxy

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/wire"
)

// echo is a server that answers every request with its correlation id.
func echo(t *testing.T) string {
	t.Helper()
	return server(t, func(c net.Conn) {
		for {
			frame, err := wire.ReadFrame(c)
			if err != nil {
				return
			}
			_ = wire.WriteFrame(c, frame[4:8])
		}
	})
}

// server serves each connection until that returns, and says where. It ends with the test.
func server(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lis.Close() })
	go func() {
		for {
			c, err := lis.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	return lis.Addr().String()
}

// client is a connection through a proxy.
type client struct {
	net.Conn
	t *testing.T
}

// through connects to an echo server through a new proxy.
func through(t *testing.T, traffic *Traffic) client {
	t.Helper()
	p, err := New(Link{ClientLink, 1}, echo(t), traffic)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	return client{conn, t}
}

// send writes a request with a correlation id.
func (c client) send(req kmsg.Request, id int32) {
	c.t.Helper()
	frame := kmsg.NewRequestFormatter(kmsg.FormatterClientID("client")).AppendRequest(nil, req, id)
	if _, err := c.Write(frame); err != nil {
		c.t.Fatal(err)
	}
}

// answered reads the next answer and holds it against a correlation id; 0 is the end of the connection.
func (c client) answered(id int32) {
	c.t.Helper()
	frame, err := wire.ReadFrame(c)
	switch {
	case id == 0 && err == nil:
		c.t.Errorf("request %d was answered", wire.Correlation(frame))
	case id != 0 && err != nil:
		c.t.Errorf("request %d: %v", id, err)
	case id != 0 && wire.Correlation(frame) != id:
		c.t.Errorf("request %d was answered, want %d", wire.Correlation(frame), id)
	}
}

func produce(m *Message) bool { return m.API == kmsg.Produce && !m.Response }

func TestTrafficHoldsAndDecides(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		decide func(traffic *Traffic, m *Message)
		answer int32 // to the produce request; 0 where its connection breaks
	}{
		"let through":        {func(traffic *Traffic, m *Message) { traffic.Let(m, Passes) }, 2},
		"rule dropped":       {func(traffic *Traffic, m *Message) { traffic.Open("produce") }, 2},
		"all rules dropped":  {func(traffic *Traffic, m *Message) { traffic.OpenAll() }, 2},
		"connection broken":  {func(traffic *Traffic, m *Message) { traffic.Let(m, Breaks) }, 0},
		"everything is lost": {func(traffic *Traffic, m *Message) { traffic.LoseAll() }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			traffic := NewTraffic()
			traffic.Hold("produce", produce)
			conn := through(t, traffic)
			conn.send(kmsg.NewPtrMetadataRequest(), 1)
			conn.answered(1)
			conn.send(kmsg.NewPtrProduceRequest(), 2)
			m, err := traffic.Await(t.Context(), produce)
			if err != nil {
				t.Fatal(err)
			}
			c.decide(traffic, m)
			conn.answered(c.answer)
			if traffic.First(produce) != nil {
				t.Error("the request is still held")
			}
		})
	}
}

func TestALateRequestOutlivesItsConnection(t *testing.T) {
	t.Parallel()
	traffic := NewTraffic()
	traffic.Hold("produce", produce)
	conn := through(t, traffic)
	conn.send(kmsg.NewPtrProduceRequest(), 2)
	m, err := traffic.Await(t.Context(), produce)
	if err != nil {
		t.Fatal(err)
	}
	traffic.Delay(m)
	conn.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	<-ctx.Done() // the proxy notices the end of the connection meanwhile
	if traffic.First(produce) != m {
		t.Fatal("the request is not held any more")
	}
	if err := m.Deliver(t.Context()); err != nil {
		t.Error(err)
	}
}
