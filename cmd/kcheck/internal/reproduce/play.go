package reproduce

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// Word is what playing a counterexample came to.
type Word string

// The words.
const (
	Reproduced    Word = "reproduced"       // the guarantee is broken on the cluster, too
	NotReproduced Word = "not reproduced"   // the cluster left the trace, or the guarantee held
	Unforceable   Word = "cannot be forced" // a step has no handle
)

// Played is one counterexample, or one walk, played once.
type Played struct {
	Spec      string       `json:"spec"`
	Guarantee string       `json:"guarantee"`
	Kafka     string       `json:"kafka"` // the version of the brokers that ran
	Verdict   string       `json:"verdict"`
	Reason    string       `json:"reason"` // the model's
	Result    Word         `json:"result"`
	Step      int          `json:"step,omitempty"` // at which the cluster left the trace, or that cannot be forced
	Why       string       `json:"why,omitempty"`
	Saw       string       `json:"saw,omitempty"`
	Seconds   float64      `json:"seconds"`
	Steps     []PlayedStep `json:"steps"`
	Notes     []string     `json:"notes,omitempty"`
	// Again counts how often the run was begun anew because the machine was too busy for a broker's heartbeats.
	Again     int `json:"again,omitempty"`
	disturbed bool
}

// PlayedStep is one step as it was played.
type PlayedStep struct {
	N       int       `json:"n"`
	Action  string    `json:"action"`
	Text    string    `json:"text"`
	Fault   bool      `json:"fault"`
	Seconds float64   `json:"seconds"`
	Log     []LogLine `json:"log,omitempty"` // what the brokers logged meanwhile
}

// LogLine is a line of a node's own log.
type LogLine struct {
	Node string `json:"node"`
	Line string `json:"line"`
}

// Play plays a result on a cluster: a counterexample, or a run that ends well. An error is about the cluster itself, or
// the end of ctx.
func (c *Cluster) Play(ctx context.Context, r *verdict.Result) (*Played, error) {
	p := played(c.home, r)
	begin := time.Now()
	defer func() { p.Seconds = time.Since(begin).Seconds() }()
	x := newRun(c, r)
	defer x.end()
	if err := x.prepare(ctx, r); err != nil {
		return p, fmt.Errorf("before the first step: %w", err)
	}
	err := x.playAll(ctx, p)
	p.Notes = x.notes
	if err != nil {
		p.disturbed = x.disturbed() > 0
		return p, x.judge(p, err)
	}
	holds, saw, err := x.look(ctx, r)
	p.Saw = saw
	if err != nil {
		p.Why = err.Error()
		return p, x.judge(p, err)
	}
	if p.Result = Reproduced; holds && r.Verdict == verdict.Violated {
		p.Result, p.Step = NotReproduced, len(r.Steps)
	} else if !holds && r.Verdict != verdict.Violated {
		p.Result, p.Step = NotReproduced, len(r.Steps)
	}
	return p, nil
}

// played is a result before it is played.
func played(home *Home, r *verdict.Result) *Played {
	return &Played{Spec: r.Spec, Guarantee: r.Guarantee, Kafka: home.Version, Verdict: string(r.Verdict), Reason: r.Reason}
}

// unhandled is the number of the first step that cannot be forced, or 0.
func unhandled(steps []verdict.Step) int {
	for i := range steps {
		if forced(steps[i].Action).How == model.Unforceable {
			return i + 1
		}
	}
	return 0
}

// cannot says why a result cannot be played at all; empty if it can.
func cannot(home *Home, r *verdict.Result) string {
	if r.Kafka != home.line() {
		return fmt.Sprintf("the question is about Kafka %s, %s has %s", r.Kafka, home.Dir, home.Version)
	}
	if n := unhandled(r.Steps); n > 0 {
		action := r.Steps[n-1].Action
		return fmt.Sprintf("step %d: %s cannot be forced: %s", n, action, forced(action).Why)
	}
	for _, s := range r.Settings {
		switch {
		case (s.Key == "app.producer-client" || s.Key == "app.consumer-client") && s.Value != "java-"+home.line() &&
			s.Value != "java-"+home.Version:
			return fmt.Sprintf("%s=%s: the clients at hand are those of Java %s", s.Key, s.Value, home.Version)
		case s.Key == "model.replicate-from" && s.Value == "disk":
			return "model.replicate-from=disk: Kafka's followers copy from the page cache"
		case s.Key == "app.effect" && s.Value == "transactional":
			return "app.effect=transactional: the offset is kept in the application's own store"
		case s.Key == "consumer.group.protocol" && strings.EqualFold(s.Value, "consumer"):
			return "group.protocol=consumer: members cannot be taken out of such a group from outside"
		}
	}
	return ""
}

// playAll plays the steps one after the other.
func (x *run) playAll(ctx context.Context, p *Played) error {
	for i := range x.steps {
		s := &x.steps[i]
		marks, begin := x.c.marks(), time.Now()
		err := x.play(ctx, i)
		p.Steps = append(p.Steps, PlayedStep{N: s.N, Action: s.Action, Text: s.Text, Fault: s.Fault,
			Seconds: time.Since(begin).Seconds(), Log: x.c.linesSince(marks, x.topic)})
		if err != nil {
			p.Step, p.Why = s.N, err.Error()
			return err
		}
	}
	return nil
}

// judge turns an error of a step into the result's word; what is about the cluster itself it returns.
func (x *run) judge(p *Played, err error) error {
	var u unforceable
	switch {
	case errors.As(err, &u):
		p.Result = Unforceable
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	default:
		p.Result = NotReproduced
	}
	return nil
}

// marks are the lengths of all logs.
func (c *Cluster) marks() map[int]int {
	m := map[int]int{}
	for id, n := range c.nodes {
		m[id] = n.log.mark()
	}
	return m
}

// telling are the lines of a broker's log that say something about a run.
var telling = regexp.MustCompile(`(?i)leader|ISR|fenc|truncat|recover|shut ?down|started|epoch|high ?watermark|transaction|coordinator|producer`)

// maxLine and maxLines bound what of a node's log stands beside a step.
const (
	maxLine  = 300
	maxLines = 6
)

// linesSince are the telling lines after some marks: those of a partition, and those of a broker's life.
func (c *Cluster) linesSince(marks map[int]int, topic string) []LogLine {
	var all []LogLine
	for _, id := range c.ids() {
		name := fmt.Sprintf("b%d", id)
		if id == serviceNode {
			name = "controller"
		}
		n := 0
		for _, line := range c.nodes[id].log.since(marks[id]) {
			if len(line) < maxLine && telling.MatchString(line) && (strings.Contains(line, topic+"-") || strings.Contains(line, topic+" ") || life.MatchString(line)) {
				if n++; n <= maxLines {
					all = append(all, LogLine{name, line})
				}
			}
		}
	}
	return all
}

var life = regexp.MustCompile(`(?i)fenced|unfenc|shut down completed|Kafka Server started|starting controlled shutdown|unclean`)

// Playable says that an action has a handle on a real cluster that is worth a random run.
func Playable(action string) bool { return forced(action).How == model.Steady }

// forced says how well the steps of an action can be forced.
func forced(action string) model.Forced {
	for _, a := range model.Actions() {
		if a.Name == action {
			return a.Forced
		}
	}
	return model.Forced{How: model.Unforceable, Why: "there is no such action"}
}
