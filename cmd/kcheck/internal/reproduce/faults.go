package reproduce

import (
	"context"
	"fmt"
	"slices"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
)

// faults is what the brokers of a replay suffer at the moment.
type faults struct {
	power  map[int]bool // brokers whose machine is down, not just the process
	disk   map[int]bool // brokers that have lost their log directory
	fenced map[int]bool // brokers whose heartbeats are held
	// noticed are brokers whose absence the controller has noticed before they were back, although in the trace it has not: it may
	// have taken them out of the in-sync set.
	noticed map[int]bool
	// entered are followers that the leader has taken into the in-sync set by their fetch, before 2.7, though the trace has that later or
	// never: see [replay.countedEarly] for where it matters.
	entered map[int]bool
	// sessions counts how many sessions of each broker with the controller the trace has had run out.
	sessions map[int]int
	begin    cluster.Marks // where the replay begins in the nodes' logs
}

func newFaults(begin cluster.Marks) faults {
	return faults{map[int]bool{}, map[int]bool{}, map[int]bool{}, map[int]bool{}, map[int]bool{}, map[int]int{}, begin}
}

// disturbed says whether a broker's session with the controller ran out although the trace did not have it so: the machine
// was too busy for its heartbeats, and the replay says nothing.
func (rp *replay) disturbed() bool {
	for b, n := range rp.cluster.SessionsEnded(rp.faults.begin) {
		if n > rp.faults.sessions[b] {
			return true
		}
	}
	return false
}

// fence holds the heartbeats of a broker.
func (rp *replay) fence(b int) {
	rp.faults.fenced[b] = true
	delete(rp.faults.entered, b)
	rp.faults.sessions[b]++
	rp.cluster.Silence(b)
}

// unfence lets the heartbeats of a broker through again and waits until the controller counts it as there.
func (rp *replay) unfence(ctx context.Context, b int) error {
	if !rp.faults.fenced[b] {
		return nil
	}
	rp.cluster.Unsilence(b)
	delete(rp.faults.fenced, b)
	return rp.awaitThere(ctx, b)
}

// awaitThere waits until the controller counts a broker as there.
func (rp *replay) awaitThere(ctx context.Context, b int) error {
	return rp.awaitThat(ctx, fmt.Sprintf("the controller to count b%d as there", b), func() (bool, error) {
		alive, err := rp.cluster.Alive(ctx)
		return slices.Contains(alive, b), err
	})
}

// awaitGone waits until the controller has noticed that a broker is gone.
func (rp *replay) awaitGone(ctx context.Context, b int) error {
	return rp.awaitThat(ctx, fmt.Sprintf("the controller to notice that b%d is gone", b), func() (bool, error) {
		alive, err := rp.cluster.Alive(ctx)
		return err == nil && !slices.Contains(alive, b), err
	})
}

// restorePower gives every broker whose machine is down the log that the model says survived.
func (rp *replay) restorePower() error {
	for b := range rp.faults.power {
		if err := rp.truncate(b); err != nil {
			return err
		}
	}
	clear(rp.faults.power)
	return nil
}

// truncate gives a broker that is down the log that the model says survived.
func (rp *replay) truncate(b int) error {
	end, _ := rp.want.number("log-start-offset")
	if log, _ := rp.want.log(b); len(log) > 0 {
		end = log[len(log)-1].Offset + 1
	}
	return rp.partition.Truncate(b, end)
}
