package player

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/jvm"
)

// CallLimit bounds how long a call of a client may take.
const CallLimit = 30 * time.Second

// Player is one process with producers and consumers in it. Clients have names, which are also their client ids.
type Player struct {
	process *jvm.Process
	log     jvm.Log

	mu      sync.Mutex
	n       int // commands so far
	answers map[int]chan Answer
	ended   bool
	listen  func(Event)
}

// Answer is what a command came to.
type Answer struct {
	Text string
	Err  error // *ClientError where the client threw
}

// ClientError is an exception that a client threw.
type ClientError struct {
	Class   string // of the exception, without its package
	Message string
}

// Error implements error.
func (e *ClientError) Error() string { return e.Class + ": " + e.Message }

// Event is what became of a record.
type Event struct {
	Client  string
	Message string       // the record's value, without what fills it up
	Err     *ClientError // why its send failed; nil where it was acknowledged
}

// ErrEnded says that the process has ended.
var ErrEnded = errors.New("the process has ended")

// Running says whether the process runs.
func (p *Player) Running() bool { return p.process.Running() }

// Said says whether the process has logged a line with some text.
func (p *Player) Said(text string) bool {
	return slices.ContainsFunc(p.log.Since(0), func(line string) bool { return strings.Contains(line, text) })
}

// Kill ends the process at once.
func (p *Player) Kill() { p.process.Kill() }

// Listen says who is told what becomes of records; nil for nobody.
func (p *Player) Listen(listen func(Event)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listen = listen
}

// line reads a line that the process says: an event, an answer, or something for its log.
func (p *Player) line(text string) {
	words := strings.Split(text, "\t")
	n, err := strconv.Atoi(words[0])
	switch {
	case words[0] == "event" && len(words) == 5:
		p.event(Event{Client: words[1], Message: words[2], Err: clientError(words[3], words[4])})
	case err == nil && len(words) == 3:
		p.answer(n, Answer{Text: words[2]})
	case err == nil && len(words) == 4:
		p.answer(n, Answer{Err: clientError(words[2], words[3])})
	default:
		p.log.Add(text)
	}
}

// clientError is an exception; nil for an empty class.
func clientError(class, message string) *ClientError {
	if class == "" {
		return nil
	}
	return &ClientError{class, message}
}

func (p *Player) event(e Event) {
	p.mu.Lock()
	listen := p.listen
	p.mu.Unlock()
	if listen != nil {
		listen(e)
	}
}

func (p *Player) answer(n int, a Answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.answers[n]; c != nil {
		c <- a
		delete(p.answers, n)
	}
}

// awaitEnd answers the commands that are open when the process ends.
func (p *Player) awaitEnd() {
	<-p.process.Exited()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	for _, c := range p.answers {
		c <- Answer{Err: ErrEnded}
	}
}

// tell gives a command and returns at once.
func (p *Player) tell(verb, client string, args ...string) <-chan Answer {
	c := make(chan Answer, 1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		c <- Answer{Err: ErrEnded}
		return c
	}
	p.n++
	p.answers[p.n] = c
	words := append([]string{strconv.Itoa(p.n), verb, client}, args...)
	if _, err := io.WriteString(p.process, strings.Join(words, "\t")+"\n"); err != nil {
		delete(p.answers, p.n)
		c <- Answer{Err: ErrEnded}
	}
	return c
}

// ask gives a command and waits for its answer.
func (p *Player) ask(ctx context.Context, limit time.Duration, verb, client string, args ...string) (string, error) {
	a := await(ctx, limit, verb, p.tell(verb, client, args...))
	return a.Text, a.Err
}

// Await waits for the answer of a call, which what names, as long as a call may take.
func Await(ctx context.Context, what string, call <-chan Answer) error {
	return await(ctx, CallLimit, what, call).Err
}

func await(ctx context.Context, limit time.Duration, what string, call <-chan Answer) Answer {
	select {
	case a := <-call:
		return a
	case <-time.After(limit):
		return Answer{Err: fmt.Errorf("%s has not returned within %v", what, limit)}
	case <-ctx.Done():
		return Answer{Err: ctx.Err()}
	}
}
