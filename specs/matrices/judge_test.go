package matrices

import (
	"context"
	"fmt"

	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Truth is what kcheck says of one cell.
type Truth struct {
	// Crash, Power and Disk are how many broker-crash, power-loss or disk-loss alone an acknowledged message survives.
	Crash, Power, Disk int
	// Lagging is how many disk-loss it survives when followers may fall behind as well (replica-lag).
	Lagging int
	// Writes is how many brokers may be down (broker-crash) while writes and reads go on.
	Writes int

	loss, writes resilience.Result
}

// upTo is the largest number of faults that is looked at: as many as there are replicas in the tables.
const upTo = 3

// Judge computes the truth of one cell, for Kafka 4.1 and its defaults otherwise, with one message.
func Judge(ctx context.Context, acks string, replicas, minISR int) (*Truth, error) {
	t := &Truth{}
	var err error
	n := uint8(min(replicas, upTo))
	kinds := model.Budget{}
	kinds[model.BrokerCrash], kinds[model.PowerLoss], kinds[model.DiskLoss], kinds[model.ReplicaLag] = n, n, n, n-1
	if t.loss, err = analyze(ctx, acks, replicas, minISR, "no-acked-loss", kinds); err != nil {
		return nil, err
	}
	kinds = model.Budget{}
	kinds[model.BrokerCrash] = n
	if t.writes, err = analyze(ctx, acks, replicas, minISR, "uninterrupted", kinds); err != nil {
		return nil, err
	}
	t.Crash, t.Power, t.Disk = tolerated(&t.loss, "broker-crash"), tolerated(&t.loss, "power-loss"), tolerated(&t.loss, "disk-loss")
	t.Lagging, t.Writes = t.Disk, tolerated(&t.writes, "broker-crash")
	for _, set := range t.loss.Minimal {
		if lost := set.Faults["disk-loss"]; lost+set.Faults["replica-lag"] == sum(set.Faults) {
			t.Lagging = min(t.Lagging, max(lost-1, 0))
		}
	}
	return t, nil
}

func sum(set map[string]int) (n int) {
	for _, c := range set {
		n += c
	}
	return n
}

// analyze finds the minimal fault sets of one cell.
func analyze(ctx context.Context, acks string, replicas, minISR int, guarantee string, kinds model.Budget) (resilience.Result, error) {
	resolved, err := kafkaconf.Load(kafkaconf.Request{Messages: "1", Faults: "none", Guarantees: []string{guarantee},
		Set: []string{"producer.acks=" + acks, fmt.Sprint("topic.replication.factor=", replicas), fmt.Sprint("topic.min.insync.replicas=", minISR)}})
	if err != nil {
		return resilience.Result{}, err
	}
	r, err := resilience.Analyze(ctx, verdict.Questions(resolved)[0], resilience.Bound{UpTo: upTo, Kinds: &kinds}, verdict.Options{})
	if err == nil && !r.Complete {
		err = fmt.Errorf("not decided: %s", r.Reason)
	}
	return r, err
}

// tolerated is how many occurrences of a fault alone are tolerated.
func tolerated(r *resilience.Result, fault string) int {
	for _, k := range r.Kinds {
		if k.Fault == fault {
			return k.Tolerated
		}
	}
	return 0
}

// Finding is what is wrong with a claim, and the run that shows it; nil where nothing shows it but its absence.
type Finding struct {
	Text  string
	Shown *verdict.Counterexample
}

// Findings compares a claim with the truth.
func (c *Claim) Findings(t *Truth) []Finding {
	var list []Finding
	add := func(shown *verdict.Counterexample, format string, args ...any) {
		list = append(list, Finding{fmt.Sprintf(format, args...), shown})
	}
	switch {
	case c.Loss == unsaid:
	case t.Disk < c.Loss:
		add(t.show("disk-loss"), "too high: %d lost brokers are enough to lose an acknowledged message", t.Disk+1)
	case t.Lagging < c.Loss:
		add(t.show("replica-lag"), "too high as soon as a follower lags: then %s enough", count(t.Lagging+1))
	case t.Lagging > c.Loss:
		add(nil, "too low: no loss with %d lost brokers either, whatever lags; that writes stop is not loss", t.Lagging)
	}
	switch {
	case c.Writes == unsaid:
	case t.Writes < c.Writes:
		add(t.stop(), "too high for writes: they stop with %d down", t.Writes+1)
	case t.Writes > c.Writes:
		add(nil, "too low for writes: they go on with %d down", t.Writes)
	}
	return list
}

func count(n int) string {
	if n == 1 {
		return "1 lost broker is"
	}
	return fmt.Sprintf("%d lost brokers are", n)
}

// show is the smallest counterexample of lost brokers with, or without, lagging followers.
func (t *Truth) show(with string) *verdict.Counterexample {
	for i := range t.loss.Minimal {
		set := &t.loss.Minimal[i]
		if set.Faults["disk-loss"]+set.Faults["replica-lag"] == sum(set.Faults) && set.Faults[with] > 0 {
			return set
		}
	}
	return nil
}

func (t *Truth) stop() *verdict.Counterexample {
	if len(t.writes.Minimal) == 0 {
		return nil
	}
	return &t.writes.Minimal[0]
}
