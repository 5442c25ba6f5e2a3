package proxy

import (
	"net"
	"sync"
	"sync/atomic"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/wire"
)

// connection is one connection through a proxy.
type connection struct {
	proxy          *Proxy
	client, server net.Conn
	mu             sync.Mutex
	pending        map[int32]*Message // requests without an answer, by correlation id
	who            string             // client id of the last request
	once           sync.Once
	orphan         atomic.Bool // the server is gone, and the client does not know
}

// clientID is the client id of who uses the connection.
func (c *connection) clientID() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.who
}

// close breaks the connection on both sides; what is held on it is lost, unless it is late.
func (c *connection) close() {
	c.once.Do(func() {
		c.client.Close()
		c.server.Close()
		c.proxy.forget(c)
		c.proxy.traffic.connectionBroke(c)
	})
}

// read takes requests from the client. It reads on while one is held, so that a client that is gone is noticed.
func (c *connection) read(requests chan<- *Message) {
	defer close(requests)
	defer c.close()
	for {
		frame, err := wire.ReadFrame(c.client)
		if err != nil {
			return
		}
		m, err := NewMessage(c.proxy.link, frame)
		if err != nil {
			return
		}
		m.conn = c
		c.proxy.traffic.arrived(m)
		requests <- m
	}
}

// forward hands requests on to the server in their order.
func (c *connection) forward(requests <-chan *Message) {
	for m := range requests {
		c.mu.Lock()
		c.who = m.Client
		c.mu.Unlock()
		if c.proxy.traffic.decided(m) != Passes || !c.send(m) {
			c.close()
			break
		}
	}
	for range requests { // what came behind on a broken connection is lost with it
	}
}

func (c *connection) send(m *Message) bool {
	c.mu.Lock()
	c.pending[m.Correlation] = m
	c.mu.Unlock()
	return wire.WriteFrame(c.server, m.frame) == nil
}

// answer hands responses back to the client.
func (c *connection) answer() {
	for {
		frame, err := wire.ReadFrame(c.server)
		if err != nil {
			open := c.proxy.staysOpen()
			if c.orphan.Store(open); !open {
				c.close()
			}
			return
		}
		m := c.responseTo(frame)
		if m != nil {
			c.proxy.traffic.answered(m.Of)
		}
		if m == nil || c.proxy.traffic.decided(m) != Passes || wire.WriteFrame(c.client, frame) != nil {
			c.close()
			return
		}
	}
}

// responseTo finds the request that a response belongs to; nil if there is none.
func (c *connection) responseTo(frame []byte) *Message {
	id := wire.Correlation(frame)
	c.mu.Lock()
	defer c.mu.Unlock()
	of := c.pending[id]
	if of == nil {
		return nil
	}
	delete(c.pending, id)
	return &Message{Header: of.Header, Link: of.Link, Response: true, Of: of, frame: frame, conn: c}
}
