package reproduce

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
	"github.com/kcheck/kcheck/model"
)

// sources are what brings faults about, each on its own: of every broker its crashes, its shutdowns and its lags, of the partition
// the moves of its leader, of producer and consumer their crashes. Faults of requests are the gate's.
func (c *clock) sources() []func(context.Context) error {
	var all []func(context.Context) error
	add := func(kind model.FaultKind, of int, f func(ctx context.Context, d *draws, of int) error) {
		rate := faultRate(c.rates, kind)
		if rate == 0 {
			return
		}
		d := newDraws(c.o.Seed, fmt.Sprintf("%s-%d", kind, of))
		all = append(all, func(ctx context.Context) error {
			for ctx.Err() == nil {
				if c.rp.wait(ctx, d.after(rate)); ctx.Err() != nil {
					return nil
				}
				if err := f(ctx, d, of); err != nil {
					return fmt.Errorf("%s: %w", kind, err)
				}
			}
			return nil
		})
	}
	for b := 1; b <= c.rp.replicas; b++ {
		add(model.BrokerCrash, b, c.crashBroker)
		add(model.CleanRestart, b, c.restartBroker)
		add(model.ReplicaLag, b, c.lag)
	}
	add(model.LeaderMove, 0, c.moveLeader)
	add(model.ProducerCrash, 0, c.crashProducer)
	add(model.ConsumerCrash, 0, c.crashConsumer)
	return all
}

// goesDown notes that a broker goes down, unless it is; what for says which fault it is.
func (c *clock) goesDown(b int, kind model.FaultKind) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, is := c.down[b]; is {
		return false
	}
	c.down[b] = time.Now()
	delete(c.back, b)
	c.wentAs[b] = "session-timeout"
	if c.now.Leader == b {
		c.wentAs[b] = "election"
	}
	if kind == model.CleanRestart {
		c.wentAs[b] = ""
	}
	c.happened[kind]++
	c.followers()
	return true
}

// followers tells the ledger who follows. The lock is held.
func (c *clock) followers() {
	of := slices.DeleteFunc(slices.Clone(c.now.ISR), func(b int) bool {
		_, down := c.down[b]
		return down || b == c.now.Leader
	})
	c.ledger.follow(of, c.epoch != c.now.Epoch)
	c.epoch = c.now.Epoch
}

// crashBroker kills a broker and starts it again after a while.
func (c *clock) crashBroker(ctx context.Context, d *draws, b int) error {
	if !c.goesDown(b, model.BrokerCrash) {
		return nil
	}
	c.cluster.Node(b).Kill()
	c.cluster.BreakNode(b, true)
	return c.comesBack(ctx, d, b)
}

// restartBroker has a broker shut down, and starts it again after a while.
func (c *clock) restartBroker(ctx context.Context, d *draws, b int) error {
	if !c.goesDown(b, model.CleanRestart) {
		return nil
	}
	c.cluster.Node(b).Terminate()
	if err := c.cluster.Node(b).AwaitEnd(); err != nil {
		return err
	}
	c.cluster.BreakNode(b, true)
	return c.comesBack(ctx, d, b)
}

// comesBack starts a broker that is down after a random time, once the controller knows that it is gone: earlier it would not
// be let in.
func (c *clock) comesBack(ctx context.Context, d *draws, b int) error {
	c.cluster.Unsilence(b)
	begin := time.Now()
	pause := d.lasts(given(c.rates, "steps.restart"))
	err := poll.Until(ctx, noticeLimit, fmt.Sprintf("the controller to notice that b%d is gone", b), func() (bool, error) {
		return !slices.Contains(c.look().alive, b), nil
	})
	if err != nil {
		return err
	}
	if c.rp.wait(ctx, pause-time.Since(begin)); ctx.Err() != nil {
		return nil
	}
	if err := c.cluster.Node(b).Start(); err != nil {
		return err
	}
	if err := c.cluster.Await(ctx, b); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ledger.note("restart", time.Since(c.down[b]))
	delete(c.down, b)
	c.back[b] = time.Now()
	return nil
}

// noticeLimit bounds how long the controller may take to notice that a broker is gone.
const noticeLimit = time.Minute

// look is what the controller said last.
func (c *clock) look() snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// lag silences a follower until the controller has taken it out of the in-sync set.
func (c *clock) lag(ctx context.Context, _ *draws, b int) error {
	s := c.look()
	if s.Leader == b || !slices.Contains(s.ISR, b) {
		return nil
	}
	c.cluster.Silence(b)
	defer c.cluster.Unsilence(b)
	err := poll.Until(ctx, noticeLimit, fmt.Sprintf("b%d to leave the in-sync set", b), func() (bool, error) {
		return !slices.Contains(c.look().ISR, b) || c.isDown(b), nil
	})
	if err != nil || c.isDown(b) {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.happened[model.ReplicaLag]++
	c.back[b] = time.Now()
	return nil
}

// isDown says whether a fault has a broker down.
func (c *clock) isDown(b int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, is := c.down[b]
	return is
}

// moveLeader makes another member of the in-sync set the preferred leader, and has it elected.
func (c *clock) moveLeader(ctx context.Context, d *draws, _ int) error {
	s := c.look()
	others := slices.DeleteFunc(slices.Clone(s.ISR), func(b int) bool { return b == s.Leader || c.isDown(b) })
	if s.Leader < 1 || len(others) == 0 {
		return nil
	}
	b := others[d.one(len(others))]
	order := append([]int{b}, slices.DeleteFunc(slices.Clone(s.Replicas), func(o int) bool { return o == b })...)
	if err := c.rp.partition.Reorder(ctx, order); err != nil {
		return nil // the controller has other things to do
	}
	if err := c.rp.partition.Elect(ctx); err == nil {
		c.count(model.LeaderMove)
	}
	return nil
}

// crashProducer kills the producing process and starts another.
func (c *clock) crashProducer(ctx context.Context, _ *draws, _ int) error {
	c.producing.Lock()
	defer c.producing.Unlock()
	c.rp.app.producer.Kill()
	c.cluster.BreakClients(func(client string) bool { return strings.HasPrefix(client, producerID) })
	c.count(model.ProducerCrash)
	return c.startProducer(ctx)
}

// crashConsumer kills the consuming process; another takes over.
func (c *clock) crashConsumer(context.Context, *draws, int) error {
	c.mu.Lock()
	p := c.rp.app.consumer
	c.mu.Unlock()
	if p != nil && p.Running() {
		p.Kill()
		c.count(model.ConsumerCrash)
	}
	return nil
}

// watch asks again and again what the controller has decided, and measures how long its decisions take.
func (c *clock) watch(ctx context.Context) error {
	const pause = 30 * time.Millisecond
	for ; ctx.Err() == nil; c.rp.wait(ctx, pause) {
		d, alive, err := c.rp.partition.Believed(ctx, cluster.ServiceNode)
		if err != nil {
			continue // it is busy
		}
		c.noticed(ctx, snapshot{d, alive})
	}
	return nil
}

// noticed compares what the controller says with what it said before.
func (c *clock) noticed(ctx context.Context, s snapshot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.now
	c.now = s
	c.followers()
	for b, since := range c.down {
		step := c.wentAs[b]
		switch {
		case step == "election" && s.Leader > 0 && s.Leader != b, step == "session-timeout" && !slices.Contains(s.ISR, b):
			c.ledger.note(step, time.Since(since))
			c.wentAs[b] = ""
		}
	}
	for b, since := range c.back {
		if slices.Contains(s.ISR, b) {
			c.ledger.note("isr-expand", time.Since(since))
			delete(c.back, b)
		}
	}
	if _, down := c.down[before.Leader]; before.Leader != s.Leader && s.Leader > 0 && before.Leader > 0 && !down {
		go c.learn(ctx, before.Leader, s.Leader, s.Epoch)
	}
}

// learn measures how far apart the old and the new leader learn of a decision. Both follow the controller's log, and what they wait
// for together is no time in which one takes messages that the other will not have. Of two independent exponential times with
// one mean, as the model has them, the difference has that mean.
func (c *clock) learn(ctx context.Context, old, leader, epoch int) {
	learnt := make(chan time.Time, 2)
	for _, b := range []int{old, leader} {
		go func() {
			err := poll.Until(ctx, stepLimit, "", func() (bool, error) {
				d, _, err := c.rp.partition.Believed(ctx, b)
				return err == nil && d.Epoch >= epoch, err
			})
			if err != nil {
				learnt <- time.Time{}
				return
			}
			learnt <- time.Now()
		}()
	}
	one, other := <-learnt, <-learnt
	if !one.IsZero() && !other.IsZero() {
		c.ledger.note("metadata", other.Sub(one).Abs())
	}
}
