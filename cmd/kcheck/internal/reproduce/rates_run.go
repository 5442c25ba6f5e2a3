package reproduce

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/jvm"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// ClockOptions say how long a run by the clock is.
type ClockOptions struct {
	Messages int    // that are sent
	Seed     uint64 // of the clock
}

// clock is a run with faults by a clock.
type clock struct {
	*bench
	rp     *replay // without a trace: it makes the topic and the settings of the clients
	config *model.Config
	rates  *risk.Rates
	o      ClockOptions
	ledger *ledger
	begin  time.Time

	mu       sync.Mutex
	now      snapshot          // what the controller said last
	epoch    int               // the leader epoch that the ledger knows of
	down     map[int]time.Time // since when brokers are
	wentAs   map[int]string    // what a broker that is down was: the step that ends its part
	back     map[int]time.Time // since when brokers are back, and not in the in-sync set
	lagging  map[int]bool
	happened map[model.FaultKind]int

	producing sync.Mutex // held while there is no producer
}

// snapshot is what the controller said at one moment.
type snapshot struct {
	cluster.Decision
	alive []int
}

// Clock sends messages on a cluster of its own while faults come by a clock, and counts for every question - of one
// configuration - for how many the guarantee is broken. tell is told how far it is.
func Clock(ctx context.Context, home *jvm.Home, questions []verdict.Question, rates *risk.Rates, o ClockOptions, tell func(text string)) (*Clocked, error) {
	q := &questions[0]
	r := &verdict.Result{Spec: q.Spec, Settings: q.Settings, Kafka: q.Config.Kafka.String(),
		Scope: verdict.Scope{Messages: 1, Replicas: q.Config.Topic.Replicas}}
	kind := cluster.Kind{Brokers: q.Config.Topic.Replicas, ZooKeeper: zooKeeper(home, r), Features: featuresOf(home, r), Settings: staticSettings(r)}
	if kind.ZooKeeper || !home.HasAdminRequests() {
		return nil, errors.New("faults come by a clock on clusters with KRaft alone")
	}
	if s := given(rates, "steps.session-timeout"); s > 0 {
		kind.Settings["broker.session.timeout.ms"] = millis(s)
	}
	b, err := openBench(ctx, home, kind, Options{})
	if err != nil {
		return nil, err
	}
	defer b.close()
	c := &clock{bench: b, rp: newReplay(b, r), config: &q.Config, rates: rates, o: o, ledger: newLedger(), down: map[int]time.Time{},
		wentAs: map[int]string{}, back: map[int]time.Time{}, lagging: map[int]bool{}, happened: map[model.FaultKind]int{}}
	if err := c.run(ctx, tell); err != nil {
		b.dump()
		return nil, err
	}
	return c.report(ctx, questions)
}

// millis writes seconds as milliseconds.
func millis(seconds float64) string { return strconv.Itoa(max(1, int(seconds*1000))) }

// run sends the messages while the faults come, then lets everything come to its end.
func (c *clock) run(ctx context.Context, tell func(string)) error {
	if err := c.prepare(ctx); err != nil {
		return err
	}
	all, end := context.WithCancel(ctx)
	defer end()
	var running sync.WaitGroup
	failed := make(chan error, 8)
	start := func(in context.Context, what string, f func(context.Context) error) {
		running.Go(func() {
			if err := f(in); err != nil && in.Err() == nil {
				failed <- fmt.Errorf("%s: %w", what, err)
			}
		})
	}
	faulty, calm := context.WithCancel(all)
	defer calm()
	gates, open := context.WithCancel(all)
	defer open()
	g := c.gate()
	running.Go(func() { g.run(gates) })
	start(all, "looking at the cluster", c.watch)
	start(all, "the consumer", c.consume)
	var faults sync.WaitGroup
	for _, f := range c.sources() {
		faults.Go(func() {
			if err := f(faulty); err != nil && faulty.Err() == nil {
				failed <- err
			}
		})
	}
	sent := make(chan error, 1)
	go func() { sent <- c.produce(all, tell) }()
	var err error
	select {
	case err = <-failed:
	case err = <-sent:
	}
	calm()
	faults.Wait()
	if err == nil {
		tell("all are sent; reading to the end")
		err = c.settle(ctx, open)
	}
	end()
	running.Wait()
	return err
}

// prepare makes topic, group and producer ready.
func (c *clock) prepare(ctx context.Context) error {
	rp := c.rp
	if err := c.cluster.CreateTopic(ctx, rp.partition.Topic, rp.learning.order, rp.topicConfigs()); err != nil {
		return fmt.Errorf("the topic: %w", err)
	}
	if err := rp.awaitReplicas(ctx); err != nil {
		return err
	}
	err := poll.Until(ctx, stepLimit, "the group's first offset", func() (bool, error) {
		err := c.cluster.CommitOffset(ctx, rp.app.group, rp.partition.Topic, rp.partition.Index, 0)
		return err == nil, err
	})
	if err != nil {
		return err
	}
	c.begin = time.Now()
	return c.startProducer(ctx)
}

// gate is the gate in the proxies.
func (c *clock) gate() *ratesGate {
	return &ratesGate{traffic: c.cluster.Traffic, ledger: c.ledger, seed: c.o.Seed, request: newDraws(c.o.Seed, "request-lost"),
		response: newDraws(c.o.Seed, "response-lost"), requestLost: faultRate(c.rates, model.RequestLost),
		ansLost: faultRate(c.rates, model.ResponseLost), fetch: given(c.rates, "steps.fetch"), fetches: map[int]*draws{},
		all: c.config.Prod.Acks == model.AcksAll, lost: c.count}
}

// count notes that a fault has happened.
func (c *clock) count(k model.FaultKind) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.happened[k]++
}

// metadataAge is metadata.max.age.ms of the clients, in seconds: without a time in the file of rates less than Kafka's default, so
// that a run ends soon.
func (c *clock) metadataAge() float64 {
	if s := given(c.rates, "steps.metadata-age"); s > 0 {
		return 2 * s
	}
	return 30
}

// startProducer starts a producer, in a new process where the last one has died.
func (c *clock) startProducer(ctx context.Context) error {
	a := &c.rp.app
	if a.producer == nil || !a.producer.Running() {
		p, err := c.players.Take(c.ledger.event)
		if err != nil {
			return err
		}
		a.producer = p
	}
	a.producers++
	more := map[string]string{"linger.ms": "0", "batch.size": "1", "max.block.ms": "60000", "request.timeout.ms": "30000",
		"delivery.timeout.ms": "120000", "metadata.max.age.ms": millis(c.metadataAge())}
	for setting, key := range map[string]string{"request.timeout.ms": "steps.request-timeout", "delivery.timeout.ms": "steps.delivery-timeout",
		"max.block.ms": "steps.max-block"} {
		if s := given(c.rates, key); s > 0 {
			more[setting] = millis(s)
		}
	}
	if err := a.producer.Producer(ctx, a.producerName(), c.rp.clientSettings("producer", a.producerName(), more)); err != nil {
		return err
	}
	return a.producer.Partitions(ctx, a.producerName(), c.rp.partition.Topic)
}

// produce sends the messages, at random times as often as the rates say.
func (c *clock) produce(ctx context.Context, tell func(string)) error {
	times := newDraws(c.o.Seed, "messages")
	next := time.Now()
	for i := range c.o.Messages {
		next = next.Add(times.after(c.rates.Number("messages")))
		c.rp.wait(ctx, time.Until(next))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c.producing.Lock()
		value := c.ledger.send()
		called := c.rp.app.producer.Send(c.rp.app.producerName(), c.rp.place(), value, 1)
		c.producing.Unlock()
		go func() {
			if a := <-called; a.Err != nil && !errors.Is(a.Err, player.ErrEnded) {
				c.ledger.failed(value)
			}
		}()
		if i%500 == 499 {
			tell(fmt.Sprintf("%d of %d messages, %v", i+1, c.o.Messages, c.soFar()))
		}
	}
	return nil
}

// soFar says which faults have happened.
func (c *clock) soFar() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[string]int{}
	for k, n := range c.happened {
		all[k.String()] = n
	}
	return all
}

// endLimit bounds how long everything may take to come to its end.
const endLimit = 3 * time.Minute

// settle lets the producer come to its end, brings every broker back, and has the group read to the end.
func (c *clock) settle(ctx context.Context, open func()) error {
	open()
	if err := c.cluster.Settle(ctx); err != nil {
		return err
	}
	lost := c.timesOf(model.ProducerCrash) > 0
	err := poll.Until(ctx, endLimit, "the producer to be told about every message", func() (bool, error) { return c.ledger.waits() == 0, nil })
	if err != nil && !lost {
		return err
	}
	end := 0
	if end, err = c.rp.awaitReplicated(ctx); err != nil {
		return err
	}
	err = poll.Until(ctx, endLimit, "the group to read to the end", func() (bool, error) {
		committed, err := c.rp.committed(ctx)
		return committed >= end, errors.Join(err, fmt.Errorf("it has committed %d of %d", committed, end))
	})
	if err != nil {
		return err
	}
	d, err := c.rp.partition.Decided(ctx)
	if err != nil {
		return err
	}
	log, err := c.rp.partition.Log(d.Leader)
	c.ledger.log(log)
	return err
}

// timesOf is how often a fault has happened.
func (c *clock) timesOf(k model.FaultKind) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.happened[k]
}

// consume has one member after the other read, process and commit.
func (c *clock) consume(ctx context.Context) error {
	work := newDraws(c.o.Seed, "process")
	for ctx.Err() == nil {
		p, err := c.players.Take(nil)
		if err != nil {
			return err
		}
		a := &c.rp.app
		c.mu.Lock()
		a.consumers++
		name := a.consumerName()
		a.consumer = p
		c.mu.Unlock()
		more := c.rp.consumerTimes()
		more["fetch.min.bytes"], more["metadata.max.age.ms"] = "1", millis(c.metadataAge())
		if s := c.rates.Number("steps.commit"); c.config.App.Commit == model.CommitAuto {
			more["auto.commit.interval.ms"] = millis(2 * s)
		}
		if err = p.Subscribe(ctx, name, c.rp.partition.Topic, c.rp.clientSettings("consumer", name, more)); err == nil {
			err = c.read(ctx, p, name, work)
		}
		if err != nil && ctx.Err() == nil && p.Running() {
			return err
		}
		p.Kill()
		c.cluster.BreakClients(func(client string) bool { return client == name })
		err = poll.Until(ctx, stepLimit, "the group to be without members", func() (bool, error) {
			err := c.cluster.RemoveMembers(ctx, a.group)
			return err == nil, err
		})
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

// read polls, processes and commits until the process is killed.
func (c *clock) read(ctx context.Context, p *player.Player, name string, work *draws) error {
	for p.Running() && ctx.Err() == nil {
		records, _, err := p.Poll(ctx, name, 100*time.Millisecond)
		if err != nil {
			return err
		}
		for _, r := range records {
			if err := c.work(ctx, p, name, r, work); err != nil {
				return err
			}
		}
	}
	return nil
}

// work processes a record, and commits as the application does. A process that has been killed does neither.
func (c *clock) work(ctx context.Context, p *player.Player, name string, r player.Record, work *draws) error {
	commit := func() error {
		if c.config.App.Commit == model.CommitAuto {
			return nil
		}
		return p.Commit(ctx, name, c.rp.place(), r.Offset+1)
	}
	if c.config.App.Commit == model.CommitBeforeProcessing {
		if err := commit(); err != nil {
			return err
		}
	}
	begin := time.Now()
	c.rp.wait(ctx, work.lasts(c.rates.Number("steps.process")))
	if !p.Running() {
		return player.ErrEnded
	}
	c.ledger.process(r.Message)
	c.ledger.note("process", time.Since(begin))
	if c.config.App.Commit == model.CommitAfterProcessing {
		return commit()
	}
	return nil
}

// measured are the rates with the times that the steps took.
func (c *clock) measured() (*risk.Rates, []StepTime) {
	rates := c.rates.Clone()
	rates.Set("steps.metadata-age", fmt.Sprintf("%gs", c.metadataAge()/2), "metadata.max.age.ms of the clients, of which a half is left on average")
	var all []StepTime
	for _, step := range slices.Sorted(maps.Keys(c.ledger.steps)) {
		t := c.ledger.steps[step]
		if t.n == 0 {
			continue
		}
		mean := t.sum / time.Duration(t.n)
		text := fmt.Sprintf("%.3gms", max(1e-3, float64(mean)/float64(time.Millisecond)))
		s := StepTime{Key: "steps." + step, Given: given(c.rates, "steps."+step), Mean: mean.Seconds(), Times: t.n}
		if wrong := rates.Set(s.Key, text, fmt.Sprintf("measured, %d times", t.n)); wrong == "" {
			all = append(all, s)
		}
	}
	return rates, all
}
