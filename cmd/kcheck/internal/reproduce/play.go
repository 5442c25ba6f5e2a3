package reproduce

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/jvm"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// Outcome is the result of replaying a trace.
type Outcome string

// The outcomes.
const (
	Reproduced    Outcome = "reproduced"       // the guarantee is broken on the cluster, too
	NotReproduced Outcome = "not reproduced"   // the cluster left the trace, or the guarantee held
	Unforceable   Outcome = "cannot be forced" // a step has no handle
)

// Played is one counterexample, or one walk, played once.
type Played struct {
	Spec      string       `json:"spec"`
	Guarantee string       `json:"guarantee"`
	Kafka     string       `json:"kafka"` // the version of the brokers that ran
	Verdict   string       `json:"verdict"`
	Reason    string       `json:"reason"` // the model's
	Result    Outcome      `json:"result"`
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
	N       int            `json:"n"`
	Action  string         `json:"action"`
	Text    string         `json:"text"`
	Fault   bool           `json:"fault"`
	Seconds float64        `json:"seconds"`
	Log     []cluster.Line `json:"log,omitempty"` // what the brokers logged meanwhile
}

// play plays a result: a counterexample, or a run that ends well. An error is about the cluster itself, or the end of ctx.
func (b *bench) play(ctx context.Context, r *verdict.Result) (*Played, error) {
	p := played(b.cluster.Home, r)
	begin := time.Now()
	defer func() { p.Seconds = time.Since(begin).Seconds() }()
	rp := newReplay(b, r)
	defer rp.end()
	if err := rp.prepare(ctx, r); err != nil {
		return p, fmt.Errorf("before the first step: %w", err)
	}
	err := rp.playAll(ctx, p)
	p.Notes = rp.notes
	if err != nil {
		p.disturbed = rp.disturbed()
		return p, p.judge(err)
	}
	saw, err := rp.look(ctx, r)
	p.Saw = saw.text
	if err != nil {
		p.Why = err.Error()
		return p, p.judge(err)
	}
	if p.Result = Reproduced; saw.holds == (r.Verdict == verdict.Violated) {
		p.Result, p.Step = NotReproduced, len(r.Steps)
	}
	return p, nil
}

// played is a result before it is played.
func played(home *jvm.Home, r *verdict.Result) *Played {
	return &Played{Spec: r.Spec, Guarantee: r.Guarantee, Kafka: home.Version, Verdict: string(r.Verdict), Reason: r.Reason}
}

// unhandled is the number of the first step that cannot be forced, or 0.
func unhandled(steps []verdict.Step) int {
	for i := range steps {
		if how := forced(steps[i].Action).How; how != model.Steady && how != model.Unsteady {
			return i + 1
		}
	}
	return 0
}

// cannot says why a result cannot be played at all; empty if it can.
func cannot(home *jvm.Home, r *verdict.Result) string {
	if r.Kafka != home.Line() && r.Kafka != home.Version {
		return fmt.Sprintf("the question is about Kafka %s, %s has %s", r.Kafka, home.Dir, home.Version)
	}
	if r.Verdict == verdict.Violated && (looks[r.Symptom] == nil || len(r.Broken) == 0) {
		return "the result does not say what can be seen of the violation: an older kcheck wrote it; check again"
	}
	if n := unhandled(r.Steps); n > 0 {
		action := r.Steps[n-1].Action
		return fmt.Sprintf("step %d: %s cannot be forced: %s", n, action, forced(action).Why)
	}
	for _, s := range r.Settings {
		switch {
		case (s.Key == "app.producer-client" || s.Key == "app.consumer-client") && s.Value != "java-"+home.Line() &&
			s.Value != "java-"+home.Version && !(home.HasScalaClients() && s.Value == "scala-"+home.Line()):
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
func (rp *replay) playAll(ctx context.Context, p *Played) error {
	for i := range rp.steps {
		s := &rp.steps[i]
		marks, begin := rp.cluster.Marks(), time.Now()
		err := rp.play(ctx, i)
		p.Steps = append(p.Steps, PlayedStep{N: s.N, Action: s.Action, Text: s.Text, Fault: s.Fault,
			Seconds: time.Since(begin).Seconds(), Log: rp.cluster.LinesSince(marks, rp.partition.Topic)})
		if err != nil {
			p.Step, p.Why = s.N, err.Error()
			return err
		}
	}
	return nil
}

// judge turns an error of a step into the result; what is about the cluster itself it returns.
func (p *Played) judge(err error) error {
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

// Playable says that an action has a handle on a real cluster that is worth a random run.
func Playable(action string) bool { return forced(action).How == model.Steady }

// forced says how well the steps of an action can be forced.
func forced(action string) model.Forced { return model.ActionNamed(action).Forced }
