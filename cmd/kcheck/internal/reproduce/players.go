package reproduce

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

//go:embed Player.java
var playerSource []byte

// players are the processes of the application: each can be killed alone.
type players struct {
	home    *Home
	dir     string
	logging []string

	mu   sync.Mutex
	all  []*player
	idle []*player // nobody uses them; one is started ahead, so that a process that dies is soon replaced
}

// newPlayers compiles the player and starts one.
func newPlayers(ctx context.Context, home *Home, dir string, logging []string) (*players, error) {
	source := filepath.Join(dir, "Player.java")
	if err := os.WriteFile(source, playerSource, 0o644); err != nil {
		return nil, err
	}
	out, err := exec.CommandContext(ctx, home.javac, "-nowarn", "-cp", home.classPath(), "-d", dir, source).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("compiling the player: %w: %s", err, lastLine(string(out)))
	}
	p := &players{home: home, dir: dir, logging: logging}
	first, err := p.start()
	p.idle = append(p.idle, first)
	return p, err
}

// take returns a process nobody uses.
func (ps *players) take() (*player, error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	var taken *player
	for len(ps.idle) > 0 && taken == nil {
		p := ps.idle[0]
		ps.idle = ps.idle[1:]
		if !p.gone() {
			taken = p
		}
	}
	if len(ps.idle) == 0 {
		p, err := ps.start()
		if err != nil {
			return nil, err
		}
		ps.idle = append(ps.idle, p)
	}
	if taken == nil {
		return ps.start()
	}
	return taken, nil
}

// give takes a process back, once it has closed its clients.
func (ps *players) give(p *player) {
	if p == nil || p.gone() {
		return
	}
	p.mu.Lock()
	p.listens = nil
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if _, err := p.ask(ctx, 3*time.Second, "close-all", "all"); err != nil {
		p.kill()
		return
	}
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.idle = append(ps.idle, p)
}

func (ps *players) start() (*player, error) {
	args := append(ps.home.jvm(), "-Xms32m", "-Xmx96m")
	args = append(append(args, ps.logging...), "-cp", ps.home.classPath(ps.dir), "Player")
	cmd := exec.Command(ps.home.java, args...)
	cmd.SysProcAttr = ownGroup()
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &player{cmd: cmd, in: in, answers: map[int]chan answer{}, done: make(chan struct{}), log: &brokerLog{}}
	ps.all = append(ps.all, p)
	go p.listen(out)
	return p, nil
}

// close ends every process.
func (ps *players) close() {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for _, p := range ps.all {
		p.kill()
	}
}

// player is one process with producers and consumers in it.
type player struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	done chan struct{}
	log  *brokerLog

	mu      sync.Mutex
	n       int
	answers map[int]chan answer
	events  []event
	listens func(event)
}

// answer is what a command came to.
type answer struct {
	text string
	err  error
}

// event is what became of a record: acked or failed.
type event struct{ what, client, message, detail string }

// errGone says that the process died.
var errGone = errors.New("the process is gone")

func (p *player) gone() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// kill ends the process at once.
func (p *player) kill() {
	if !p.gone() {
		signalGroup(p.cmd.Process.Pid, syscall.SIGKILL)
		<-p.done
	}
}

// listen reads what the process says.
func (p *player) listen(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(make([]byte, 0, 1<<16), 1<<22)
	for lines.Scan() {
		words := strings.Split(lines.Text(), "\t")
		if words[0] == "event" && len(words) == 5 {
			p.mu.Lock()
			e := event{words[1], words[2], words[3], words[4]}
			p.events = append(p.events, e)
			listens := p.listens
			p.mu.Unlock()
			if listens != nil {
				listens(e)
			}
			continue
		}
		n, err := strconv.Atoi(words[0])
		if err != nil || len(words) < 3 {
			p.log.add(lines.Text())
			continue
		}
		a := answer{text: words[2]}
		if words[1] != "ok" {
			a = answer{err: errors.New(words[2])}
		}
		p.mu.Lock()
		if c := p.answers[n]; c != nil {
			c <- a
			delete(p.answers, n)
		}
		p.mu.Unlock()
	}
	p.cmd.Wait()
	p.mu.Lock()
	for _, c := range p.answers {
		c <- answer{err: errGone}
	}
	p.answers = nil
	p.mu.Unlock()
	close(p.done)
}

// tell gives a command and returns at once.
func (p *player) tell(verb, client string, args ...string) <-chan answer {
	c := make(chan answer, 1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answers == nil {
		c <- answer{err: errGone}
		return c
	}
	p.n++
	p.answers[p.n] = c
	words := append([]string{strconv.Itoa(p.n), verb, client}, args...)
	if _, err := io.WriteString(p.in, strings.Join(words, "\t")+"\n"); err != nil {
		delete(p.answers, p.n)
		c <- answer{err: errGone}
	}
	return c
}

// ask gives a command and waits for its answer.
func (p *player) ask(ctx context.Context, limit time.Duration, verb, client string, args ...string) (string, error) {
	select {
	case a := <-p.tell(verb, client, args...):
		return a.text, a.err
	case <-time.After(limit):
		return "", fmt.Errorf("%s: no answer within %v", verb, limit)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
