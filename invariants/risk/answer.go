package risk

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// Options bound the work.
type Options struct {
	// States is the most that are explored; 0 is DefaultStates.
	States int
}

// DefaultStates bounds the states of one question.
const DefaultStates = 300_000

// The units of an answer.
const (
	UnitMessage = "message"
	UnitRecord  = "record-year"
)

// Interval is a lower and an upper bound: what is left open without a time, rounding and truncation are in it.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Share is the part of the risk that runs with one minimal set of faults have.
type Share struct {
	Faults map[string]int `json:"faults"`
	Share  float64        `json:"share"`
}

// Moves is how much the risk changes with a value: 1 is in proportion, -1 in inverse proportion.
type Moves struct {
	Key        string  `json:"key"`
	Elasticity float64 `json:"elasticity"`
}

// Result is how likely it is that a guarantee is violated.
type Result struct {
	Spec      string `json:"spec,omitempty"`
	About     string `json:"about,omitempty"`
	Guarantee string `json:"guarantee"`
	Counted   string `json:"counted,omitempty"`
	Kafka     string `json:"kafka"`
	// Unit is what Low and High are of: a message, or a readable record and year.
	Unit string `json:"unit"`
	Interval
	// LeftOut is the part of High that is due to states that were left out; each of them counts as a loss.
	LeftOut       float64           `json:"left_out"`
	PerYear       *Interval         `json:"per_year,omitempty"`
	ByFaults      []Share           `json:"by_faults"`
	WritesRefused *Interval         `json:"writes_refused,omitempty"` // of the time
	Moves         []Moves           `json:"moves"`                    // what moves the risk most
	Rates         []Value           `json:"rates"`
	Scope         verdict.Scope     `json:"scope"`
	Settings      []verdict.Setting `json:"settings"`
	Fallback      []Fallback        `json:"fallback,omitempty"`
	Notes         []string          `json:"notes"`
	Refused       string            `json:"refused,omitempty"`
	States        int               `json:"states"`
	Seconds       float64           `json:"seconds"`
	// Complete says that the bounds are not wide because states were left out.
	Complete bool `json:"complete"`
}

// Guarantees are those of which there is a risk per message or record.
var Guarantees = []string{"at-most-once", "at-least-once", "exactly-once", "no-acked-loss", "no-duplicate-in-log", "committed-stays"}

// aimOf is what is followed for a guarantee.
func aimOf(name string) (aim, error) {
	switch name {
	case "at-least-once", "no-acked-loss":
		return aim{done: notLost}, nil
	case "at-most-once":
		return aim{done: notTwice}, nil
	case "exactly-once":
		return aim{done: func(k *invariants.Check, s *model.State) bool { return notLost(k, s) && notTwice(k, s) }}, nil
	case "no-duplicate-in-log":
		return aim{done: func(k *invariants.Check, s *model.State) bool { return k.Model.Settled(s) }}, nil
	case "committed-stays":
		return aim{record: true, done: func(*invariants.Check, *model.State) bool { return false }}, nil
	}
	return aim{}, fmt.Errorf("%s has no risk per message or record; ask for one of %s", name, strings.Join(Guarantees, ", "))
}

// notLost says that each message is processed, or does not count and never will.
func notLost(k *invariants.Check, s *model.State) bool {
	m := k.Model
	if m.Stopped(s) {
		return true // it waits for a person
	}
	for msg := range m.Messages() {
		if m.Processed(s, msg) == 0 && (!m.Settled(s) || m.Counts(s, msg, k.Counted)) {
			return false
		}
	}
	return true
}

// notTwice says that each message is processed and its offset committed, or in no log.
func notTwice(k *invariants.Check, s *model.State) bool {
	m := k.Model
	if m.Stopped(s) {
		return true
	}
	if !m.Settled(s) || !m.CaughtUp(s) {
		return false
	}
	for msg := range m.Messages() {
		if m.Processed(s, msg) == 0 && m.HasCopy(s, msg) {
			return false
		}
	}
	return true
}

// prepare is the check of a guarantee with every fault that has a rate, any number of times.
func prepare(q *verdict.Question, rates *Rates, a aim) (*invariants.Check, error) {
	c := q.Config
	if err := Covers(&c); err != nil {
		return nil, err
	}
	c.Timed, c.NoReductions, c.Shortcuts, c.Bounds = true, false, 0, model.Bounds{}
	for i := range c.Faults {
		kind := model.FaultKind(i)
		c.Faults[i] = 0
		if rates.fault(kind) > 0 && (!a.record || kind.OfBroker()) {
			c.Faults[i] = model.Any
		}
	}
	return invariants.Prepare(q.Guarantee, c, q.Counted)
}

// Analyze computes the risk for one question. Its fault budget is ignored, and of its messages one is followed unless the
// question is about more.
func Analyze(ctx context.Context, q verdict.Question, rates *Rates, o Options) (Result, error) {
	begin := time.Now()
	r := blank(&q, rates)
	if len(q.Refused) > 0 {
		r.Refused = strings.Join(q.Refused, "; ")
		return r, nil
	}
	a, err := aimOf(q.Guarantee)
	if err != nil {
		return r, err
	}
	k, err := prepare(&q, rates, a)
	if err != nil {
		return r, err
	}
	c, err := newChain(k, rates, a, nil)
	if err != nil {
		return r, err
	}
	if err := r.compute(ctx, c, o); err != nil {
		return r, err
	}
	if r.High > 0 {
		r.Fallback = fallbacks[q.Guarantee]
	}
	r.Seconds = time.Since(begin).Seconds()
	return r, nil
}

// blank is a result that says what was asked.
func blank(q *verdict.Question, rates *Rates) Result {
	r := Result{Spec: q.Spec, About: q.About, Guarantee: q.Guarantee, Kafka: q.Config.Kafka.String(), Unit: UnitMessage,
		ByFaults: []Share{}, Moves: []Moves{}, Rates: rates.List(), Settings: append([]verdict.Setting{}, q.Settings...),
		Notes: append([]string{}, q.Notes...),
		Scope: verdict.Scope{Messages: q.Config.Scope.Messages, Replicas: q.Config.Topic.Replicas}}
	if q.Guarantee == "committed-stays" {
		r.Unit = UnitRecord
	}
	if g, err := invariants.Lookup(q.Guarantee); err == nil {
		r.Counted = g.Counted(q.Counted, q.Config.App.OutputKafka)
	}
	return r
}

// narrow is how much of the answer truncation may make.
const narrow = 1e-2

// compute explores and solves, with more states as long as what is left out makes the bounds wide.
func (r *Result) compute(ctx context.Context, c *chain, o Options) error {
	most := o.States
	if most == 0 {
		most = DefaultStates
	}
	for size := min(4_000, most); ; size = min(4*size, most) {
		more := c.grow(size)
		if c.err != nil {
			return c.err
		}
		s := newSolver(c)
		answer := s.answer()
		r.take(c, answer)
		if !more || answer.narrow() || size == most || ctx.Err() != nil {
			r.Complete = answer.narrow()
			r.tell(s, answer)
			return nil
		}
	}
}

// take notes the bounds.
func (r *Result) take(c *chain, a answer) {
	r.Interval, r.States = Interval{a.low, a.high}, len(c.nodes)
	r.LeftOut = max(0, a.truncated)
	if c.aim.record {
		r.Low, r.High, r.LeftOut = a.low*Year, a.high*Year, r.LeftOut*Year
		return
	}
	r.High, r.LeftOut = min(1, r.High), min(1, r.LeftOut)
	n := c.rates.messages() * Year
	r.PerYear = &Interval{r.Low * n, r.High * n}
	r.WritesRefused = &Interval{a.refused.Low, min(1, a.refused.High)}
}

// answer is what the equations give: of a message its probability, of a record how often in a second.
type answer struct {
	low, high   float64
	truncated   float64 // of high, what is due to states that were left out
	refused     Interval
	best, worst values
}

// narrow says that the bounds are not wide because of what was left out.
func (a *answer) narrow() bool {
	return !math.IsInf(a.high, 1) && a.truncated <= narrow*a.high
}

// values are what was computed for the nodes, on one side.
type values struct {
	sent  []float64 // the probability of a loss after the send
	cycle []float64 // what is summed up until the return home
	time  []float64 // the time until then
}

// The time to come home from a state that was left out is assumed to be so many times what the slowest step takes, and at least
// so many times the longest from any state that was not. That is no bound that is proved; all of that time counts as a loss, and
// Result.LeftOut says how much of the answer rests on it.
const (
	slowestSteps = 10
	longestTimes = 2
)

// away is the time to come home that is assumed for a state that was left out, in seconds.
func (s *solver) away(before bool, time func(int32) float64) float64 {
	longest := 0.0
	for n, t := range s.accumulated(side{worst: true}, before, time) {
		if s.c.nodes[n].before == before {
			longest = max(longest, t)
		}
	}
	return max(slowestSteps*s.slowest(), longestTimes*longest)
}

// answer solves the equations.
func (s *solver) answer() answer {
	var a answer
	one := func(int32) float64 { return 1 }
	before := !s.c.aim.record
	none, forever := bestCase, side{worst: true, open: s.away(before, one)}
	a.best.time = s.accumulated(none, before, one)
	a.worst.time = s.accumulated(forever, before, one)
	home := s.c.home
	if !s.c.aim.record && s.c.total(home) == 0 {
		return s.atRest()
	}
	if s.c.aim.record {
		a.best.cycle, a.worst.cycle = s.probability(bestCase, false), s.probability(worstCase, false)
		without := s.probability(side{worst: true}, false)
		a.truncated = (a.worst.cycle[home] - without[home]) / a.best.time[home]
	} else {
		a.best.sent, a.worst.sent = s.probability(bestCase, false), s.probability(worstCase, false)
		without := s.probability(side{worst: true}, false)
		a.best.cycle = s.accumulated(none, true, s.weighted(a.best.sent, 0))
		a.worst.cycle = s.accumulated(forever, true, s.weighted(a.worst.sent, 1))
		least := s.accumulated(side{worst: true}, true, s.weighted(without, 0))
		a.truncated = (a.worst.cycle[home] - least[home]) / a.best.time[home]
		refused := func(n int32) float64 {
			if s.c.nodes[n].refuses {
				return 1
			}
			return 0
		}
		a.refused.Low = s.accumulated(none, true, refused)[home] / a.worst.time[home]
		a.refused.High = s.accumulated(forever, true, refused)[home] / a.best.time[home]
	}
	a.low = bestCase.outward(a.best.cycle[home]/a.worst.time[home], 1)
	a.high = worstCase.outward(a.worst.cycle[home]/a.best.time[home], 1)
	if math.IsNaN(a.high) {
		a.high = 1
	}
	return a
}

// atRest is the answer where nothing ever happens to the cluster: it is in its usual state whenever a message is sent.
func (s *solver) atRest() answer {
	var a answer
	sent := s.c.nodes[s.c.home].sent
	if sent < 0 {
		return answer{high: 1, truncated: 1}
	}
	a.best.sent, a.worst.sent = s.probability(bestCase, false), s.probability(worstCase, false)
	without := s.probability(side{worst: true}, false)
	a.low, a.high, a.truncated = a.best.sent[sent], a.worst.sent[sent], a.worst.sent[sent]-without[sent]
	a.best.time, a.worst.time = make([]float64, len(s.c.nodes)), make([]float64, len(s.c.nodes))
	a.best.cycle, a.worst.cycle = make([]float64, len(s.c.nodes)), make([]float64, len(s.c.nodes))
	for _, v := range []*values{&a.best, &a.worst} { // a cycle of one second
		v.time[s.c.home], v.cycle[s.c.home] = 1, v.sent[sent]
	}
	if s.c.nodes[s.c.home].refuses {
		a.refused = Interval{1, 1}
	}
	return a
}

// weighted is the reward of a moment before the send: the probability that a message sent then is lost. open is that of a
// state whose node after the send is not there.
func (s *solver) weighted(sent []float64, open float64) func(n int32) float64 {
	return func(n int32) float64 {
		if to := s.c.nodes[n].sent; to >= 0 {
			return sent[to]
		}
		return open
	}
}

// slowest is the longest mean time of a step that leads back, in seconds: of those that the chain has, of what a person does,
// and of a new disk where disks are lost.
func (s *solver) slowest() float64 {
	longest := s.c.rates.step("operator")
	for i := range s.c.occurrences {
		switch o := &s.c.occurrences[i]; {
		case o.Fault && o.Kind == model.DiskLoss:
			longest = max(longest, s.c.rates.step("disk-replacement"))
		case !o.Fault && o.Message < 0:
			longest = max(longest, 1/o.rate)
		}
	}
	return longest
}
