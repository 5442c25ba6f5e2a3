// Package proxy stands between Kafka's processes: a [Proxy] before every listener takes requests and responses apart, one by
// one, and [Traffic] holds those that a [Rule] picks until somebody decides what becomes of them.
package proxy

import (
	"net"
	"sync"
)

// Link is the kind of traffic that a proxy stands in, and the node behind it.
type Link struct {
	Kind LinkKind
	Node int
}

// LinkKind is one of the three listeners of a node.
type LinkKind uint8

// The listeners.
const (
	ClientLink     LinkKind = iota // clients to a broker
	BrokerLink                     // brokers to a broker
	ControllerLink                 // brokers to the controller
)

// Proxy stands before one listener of one node.
type Proxy struct {
	link    Link
	target  string
	traffic *Traffic
	lis     net.Listener

	mu     sync.Mutex
	conns  map[*connection]bool
	closed bool
	silent bool // see [Proxy.KeepOpen]
}

// New listens on a free port of the loopback interface, for connections to a target (host:port).
func New(l Link, target string, t *Traffic) (*Proxy, error) {
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{link: l, target: target, traffic: t, lis: lis, conns: map[*connection]bool{}}
	go p.serve()
	return p, nil
}

// Addr is where the proxy listens: host:port.
func (p *Proxy) Addr() string { return p.lis.Addr().String() }

// KeepOpen says whether connections stay open towards the client when the node is gone, as those to a machine without power
// do. Asked not to, the proxy breaks those that it kept.
func (p *Proxy) KeepOpen(open bool) {
	p.mu.Lock()
	p.silent = open
	p.mu.Unlock()
	if !open {
		p.breakConnections(func(c *connection) bool { return c.orphan.Load() })
	}
}

// Break breaks the connections of the clients that a predicate picks, by the client id of their last request.
func (p *Proxy) Break(pick func(client string) bool) {
	p.breakConnections(func(c *connection) bool { return pick(c.clientID()) })
}

// BreakAll breaks every connection.
func (p *Proxy) BreakAll() { p.breakConnections(func(*connection) bool { return true }) }

// Close ends the proxy and what is connected through it.
func (p *Proxy) Close() {
	p.lis.Close()
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.BreakAll()
}

func (p *Proxy) breakConnections(pick func(c *connection) bool) {
	p.mu.Lock()
	var picked []*connection
	for c := range p.conns {
		if pick(c) {
			picked = append(picked, c)
		}
	}
	p.mu.Unlock()
	for _, c := range picked {
		c.close()
	}
}

func (p *Proxy) serve() {
	for {
		c, err := p.lis.Accept()
		if err != nil {
			return
		}
		go p.connect(c)
	}
}

// connect serves one client until its connection breaks.
func (p *Proxy) connect(client net.Conn) {
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		client.Close() // as a broker that is down refuses a connection
		return
	}
	c := &connection{proxy: p, client: client, server: server, pending: map[int32]*Message{}}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		client.Close()
		server.Close()
		return
	}
	p.conns[c] = true
	p.mu.Unlock()
	requests := make(chan *Message, 1024)
	go c.read(requests)
	go c.forward(requests)
	c.answer()
}

// staysOpen says whether a connection stays open towards the client although the node is gone.
func (p *Proxy) staysOpen() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.silent
}

// forget drops a connection that is closed.
func (p *Proxy) forget(c *connection) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
}
