package proxy

import (
	"io"
	"net"
	"sync"
)

// Pipe stands before a server whose protocol is not Kafka's, such as ZooKeeper's: it hands on bytes, or holds them all.
type Pipe struct {
	target string
	lis    net.Listener

	mu     sync.Mutex
	change *sync.Cond // of held and closed
	held   bool
	closed bool
	conns  map[net.Conn]bool
}

// NewPipe listens on a free port of the loopback interface, for connections to a target (host:port).
func NewPipe(target string) (*Pipe, error) {
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Pipe{target: target, lis: lis, conns: map[net.Conn]bool{}}
	p.change = sync.NewCond(&p.mu)
	go p.serve()
	return p, nil
}

// Addr is where the pipe listens: host:port.
func (p *Pipe) Addr() string { return p.lis.Addr().String() }

// Hold holds everything, both ways, until [Pipe.Open]. Connections stay open, and new ones are taken.
func (p *Pipe) Hold() { p.set(&p.held, true) }

// Open lets everything through, first what was held.
func (p *Pipe) Open() { p.set(&p.held, false) }

// Close ends the pipe and what is connected through it.
func (p *Pipe) Close() {
	p.lis.Close()
	p.set(&p.closed, true)
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		c.Close()
	}
}

func (p *Pipe) set(what *bool, to bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	*what = to
	p.change.Broadcast()
}

// passes waits while everything is held. It returns whether the pipe goes on.
func (p *Pipe) passes() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.held && !p.closed {
		p.change.Wait()
	}
	return !p.closed
}

func (p *Pipe) serve() {
	for {
		client, err := p.lis.Accept()
		if err != nil {
			return
		}
		go p.connect(client)
	}
}

// connect serves one client until its connection breaks.
func (p *Pipe) connect(client net.Conn) {
	defer p.forget(client)
	if !p.remember(client) || !p.passes() {
		return
	}
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer p.forget(server)
	if !p.remember(server) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { p.copy(server, client) })
	both.Go(func() { p.copy(client, server) })
	both.Wait()
}

// copy hands bytes on until one side closes, and closes the other.
func (p *Pipe) copy(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		if n > 0 && (!p.passes() || write(to, buffer[:n]) != nil) || err != nil {
			return
		}
	}
}

func write(to io.Writer, data []byte) error {
	_, err := to.Write(data)
	return err
}

// remember keeps a connection, to close it with the pipe. It returns false for one that comes too late, which it closes.
func (p *Pipe) remember(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		c.Close()
		return false
	}
	p.conns[c] = true
	return true
}

func (p *Pipe) forget(c net.Conn) {
	c.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
}
