// Package player runs the application's side of a run: producers and consumers of the Java client, in processes of the
// operating system that can be killed one by one (Player.java; with Kafka 0.8 Player08.java, which has its Scala clients).
package player

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/jvm"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/scratch"
)

// The players: with the Java client, of which Clients.java has what differs by release, and with the Scala clients of Kafka 0.8.
// What they are told is read alike.
var (
	//go:embed Commands.java
	commands []byte
	//go:embed Player.java
	source []byte
	//go:embed Clients.java
	clients []byte
	//go:embed old/Clients.java
	oldClients []byte
	//go:embed Player08.java
	source08 []byte
)

// closeLimit bounds how long a process that is given back may take to close its clients.
const closeLimit = 3 * time.Second

// Pool keeps processes. One that nobody uses is started ahead, so that a process that dies is soon replaced.
type Pool struct {
	home    *jvm.Home
	scratch *scratch.Dir
	dir     string // of scratch
	logging jvm.Logging

	mu   sync.Mutex
	all  []*Player
	idle []*Player
}

// NewPool compiles the player in a new temporary directory and starts one. [Pool.Close] removes everything.
func NewPool(ctx context.Context, home *jvm.Home) (*Pool, error) {
	own, err := scratch.New()
	if err != nil {
		return nil, err
	}
	ps := &Pool{home: home, scratch: own, dir: own.Path}
	if err := ps.boot(ctx); err != nil {
		ps.Close()
		return nil, err
	}
	return ps, nil
}

func (ps *Pool) boot(ctx context.Context) error {
	var files []string
	for name, text := range ps.sources() {
		file := filepath.Join(ps.dir, name)
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
		files = append(files, file)
	}
	if err := ps.home.Compile(ctx, ps.dir, files...); err != nil {
		return fmt.Errorf("compiling the player: %w", err)
	}
	var err error
	if ps.logging, err = jvm.WriteLogging(ps.dir); err != nil {
		return err
	}
	first, err := ps.start()
	ps.idle = append(ps.idle, first)
	return err
}

// sources are the files of the player for the clients at hand.
func (ps *Pool) sources() map[string][]byte {
	switch {
	case ps.home.HasScalaClients():
		return map[string][]byte{"Commands.java": commands, "Player.java": source08}
	case ps.home.HasGroupMetadata():
		return map[string][]byte{"Commands.java": commands, "Player.java": source, "Clients.java": clients}
	}
	return map[string][]byte{"Commands.java": commands, "Player.java": source, "Clients.java": oldClients}
}

// Take returns a process that nobody uses, and hands what it says about records to a function.
func (ps *Pool) Take(listen func(Event)) (*Player, error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	var taken *Player
	for len(ps.idle) > 0 && taken == nil {
		if p := ps.idle[0]; p.Running() {
			taken = p
		}
		ps.idle = ps.idle[1:]
	}
	if len(ps.idle) == 0 {
		p, err := ps.start()
		if err != nil {
			return nil, err
		}
		ps.idle = append(ps.idle, p)
	}
	if taken == nil {
		var err error
		if taken, err = ps.start(); err != nil {
			return nil, err
		}
	}
	taken.Listen(listen)
	return taken, nil
}

// Give takes a process back, once it has closed its clients. It may be nil, or dead.
func (ps *Pool) Give(p *Player) {
	if p == nil || !p.Running() {
		return
	}
	p.Listen(nil)
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	if _, err := p.ask(ctx, closeLimit, "close-all", "all"); err != nil {
		p.Kill()
		return
	}
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.idle = append(ps.idle, p)
}

// Close ends every process and removes the directory.
func (ps *Pool) Close() {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for _, p := range ps.all {
		p.Kill()
	}
	ps.scratch.Remove()
}

// Dump writes what the processes said beside their answers into a directory.
func (ps *Pool) Dump(dir string) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for i, p := range ps.all {
		text := strings.Join(p.log.Since(0), "\n") + "\n"
		_ = os.WriteFile(filepath.Join(dir, fmt.Sprintf("player-%d.log", i)), []byte(text), 0o644)
	}
}

func (ps *Pool) start() (*Player, error) {
	p := &Player{answers: map[int]chan Answer{}}
	process, err := ps.home.Start(jvm.Program{Class: "Player", Dir: ps.dir, Classes: []string{ps.dir}, MinHeapMB: 32, MaxHeapMB: 96,
		Logging: ps.logging}, p.line)
	if err != nil {
		return nil, err
	}
	p.process = process
	go p.awaitEnd()
	ps.all = append(ps.all, p)
	return p, nil
}
