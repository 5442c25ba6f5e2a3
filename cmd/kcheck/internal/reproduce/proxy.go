package reproduce

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
)

// link is the kind of traffic that a proxy stands in, and the node behind it.
type link struct {
	kind linkKind
	node int
}

// linkKind is one of the three listeners of a node.
type linkKind uint8

const (
	clientLink     linkKind = iota // clients to a broker
	brokerLink                     // brokers to a broker
	controllerLink                 // brokers to the controller
)

// proxy stands before one listener of one node: it takes requests and responses apart, one by one, and asks the traffic
// what becomes of each.
type proxy struct {
	link    link
	target  string
	traffic *traffic
	lis     net.Listener

	mu     sync.Mutex
	conns  map[*connection]bool
	closed bool
	silent bool // connections stay open towards the client when the broker is gone, as those to a machine that is
}

// hush makes the proxy keep connections open when its broker is gone.
func (p *proxy) hush(silent bool) {
	p.mu.Lock()
	p.silent = silent
	p.mu.Unlock()
	if !silent {
		p.breakAll(func(c *connection) bool { return c.orphan.Load() })
	}
}

// newProxy listens on a free port of the loopback interface.
func newProxy(l link, target string, t *traffic) (*proxy, error) {
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{link: l, target: target, traffic: t, lis: lis, conns: map[*connection]bool{}}
	go p.serve()
	return p, nil
}

func (p *proxy) addr() string { return p.lis.Addr().String() }

func (p *proxy) serve() {
	for {
		c, err := p.lis.Accept()
		if err != nil {
			return
		}
		go p.connect(c)
	}
}

// close ends the proxy and what is connected through it.
func (p *proxy) close() {
	p.lis.Close()
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.breakAll(func(*connection) bool { return true })
}

// breakAll breaks the connections that a predicate picks.
func (p *proxy) breakAll(pick func(c *connection) bool) {
	p.mu.Lock()
	var all []*connection
	for c := range p.conns {
		if pick(c) {
			all = append(all, c)
		}
	}
	p.mu.Unlock()
	for _, c := range all {
		c.close()
	}
}

// connection is one connection through a proxy.
type connection struct {
	proxy          *proxy
	client, server net.Conn
	mu             sync.Mutex
	pending        map[int32]*message // requests without an answer
	who            string             // client id of the last request
	once           sync.Once
	orphan         atomic.Bool // the server is gone, and the client does not know
}

func (p *proxy) connect(client net.Conn) {
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		client.Close() // as a broker that is down refuses a connection
		return
	}
	c := &connection{proxy: p, client: client, server: server, pending: map[int32]*message{}}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		client.Close()
		server.Close()
		return
	}
	p.conns[c] = true
	p.mu.Unlock()
	requests := make(chan *message, 1024)
	go c.read(requests)
	go c.forward(requests)
	c.answer()
}

// close breaks the connection on both sides; what is held on it is lost, unless it is late.
func (c *connection) close() {
	c.once.Do(func() {
		c.client.Close()
		c.server.Close()
		c.proxy.mu.Lock()
		delete(c.proxy.conns, c)
		c.proxy.mu.Unlock()
		c.proxy.traffic.forget(c)
	})
}

// read takes requests from the client. It reads on while one is held, so that a client that is gone is noticed.
func (c *connection) read(requests chan<- *message) {
	defer close(requests)
	defer c.close()
	for {
		frame, err := readFrame(c.client)
		if err != nil {
			return
		}
		h, err := parseHeader(frame)
		if err != nil {
			return
		}
		m := &message{header: h, link: c.proxy.link, frame: frame, conn: c}
		c.proxy.traffic.arrived(m)
		requests <- m
	}
}

// forward hands requests on to the server in their order.
func (c *connection) forward(requests <-chan *message) {
	for m := range requests {
		c.mu.Lock()
		c.who = m.client
		c.mu.Unlock()
		if c.proxy.traffic.arrive(m) != passes || !c.send(m) {
			c.close()
			break
		}
	}
	for range requests { // what came behind on a broken connection is lost with it
	}
}

func (c *connection) send(m *message) bool {
	c.mu.Lock()
	c.pending[m.correlation] = m
	c.mu.Unlock()
	return writeFrame(c.server, m.frame) == nil
}

// answer hands responses back to the client.
func (c *connection) answer() {
	for {
		frame, err := readFrame(c.server)
		if err != nil {
			c.proxy.mu.Lock()
			silent := c.proxy.silent
			c.proxy.mu.Unlock()
			if c.orphan.Store(silent); !silent {
				c.close()
			}
			return
		}
		m := c.responseTo(frame)
		if m == nil || c.proxy.traffic.arrive(m) != passes || writeFrame(c.client, frame) != nil {
			c.close()
			return
		}
	}
}

// responseTo finds the request that a response belongs to.
func (c *connection) responseTo(frame []byte) *message {
	id := int32(uint32(frame[0])<<24 | uint32(frame[1])<<16 | uint32(frame[2])<<8 | uint32(frame[3]))
	c.mu.Lock()
	defer c.mu.Unlock()
	of := c.pending[id]
	if of == nil {
		return nil
	}
	delete(c.pending, id)
	return &message{header: of.header, link: of.link, response: true, frame: frame, of: of, conn: c}
}

// String names the message in an error or log.
func (m *message) String() string {
	word := "request"
	if m.response {
		word = "response"
	}
	return fmt.Sprintf("%s %d v%d of %q to node %d", word, m.api, m.version, m.client, m.link.node)
}
