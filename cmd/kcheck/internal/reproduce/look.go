package reproduce

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// look says whether the guarantee holds on the cluster after the last step, and what was seen.
func (rp *replay) look(ctx context.Context, r *verdict.Result) (holds bool, saw string, err error) {
	rp.at = len(rp.steps) // nothing is ahead any more
	if r.Verdict != verdict.Violated {
		return rp.lookAtAll(ctx, r)
	}
	m := firstMessage.FindString(r.Reason)
	if rp.producesOutput() {
		return rp.lookOutput(ctx, r, m)
	}
	switch r.Guarantee {
	case "at-least-once", "no-acked-loss", "exactly-once", "at-most-once":
		if !strings.Contains(r.Reason, "twice") {
			return rp.lookLost(ctx, m)
		}
		n := rp.app.processed[m]
		return n < 2, fmt.Sprintf("%s was processed %s", m, times(n)), nil
	case "no-duplicate-in-log":
		return rp.lookDoubled(ctx)
	case "order":
		ordered := slices.IsSorted(rp.app.sequence)
		return ordered, "the messages were processed in the order " + strings.Join(rp.app.sequence, " "), nil
	case "availability", "uninterrupted":
		return rp.lookStopped(ctx, r, m)
	}
	return false, "", unforceable{"what a cluster shows of " + r.Guarantee + " is not known"}
}

var firstMessage = regexp.MustCompile(`\bm[1-9]\b`)

func times(n int) string {
	return [...]string{"never", "once", "twice"}[min(n, 2)]
}

// lookLost lets everything happen that can - brokers start again, consumers read to the end - and says whether a message
// was processed.
func (rp *replay) lookLost(ctx context.Context, m string) (holds bool, saw string, err error) {
	o := rp.of(m)
	switch err := rp.drain(ctx); {
	case errors.Is(err, errNoLeader) && len(rp.copies(m)) == 0:
		return false, m + " is in no log, and no replica can lead the partition any more", nil
	case err != nil:
		return false, "", err
	}
	told := "nothing was reported about it"
	switch {
	case o.acked:
		told = "it was acknowledged"
	case o.told:
		told = "its send failed with " + exceptionOf(o.err)
	}
	in := logsText(rp.copies(m))
	saw = fmt.Sprintf("%s: %s; it is in %s; after all brokers were back and the group had read to the end it was processed %s",
		m, told, in, times(rp.app.processed[m]))
	return rp.app.processed[m] > 0, saw, nil
}

// exceptionOf is the class of the exception that a client threw; another error as it is.
func exceptionOf(err error) string {
	var e *player.ClientError
	if errors.As(err, &e) {
		return e.Class
	}
	return err.Error()
}

// copies are the brokers with a message in their logs.
func (rp *replay) copies(m string) []int {
	var in []int
	for b := 1; b <= rp.replicas; b++ {
		log, err := rp.partition.Log(b)
		if err == nil && slices.ContainsFunc(log, func(r cluster.Record) bool { return entryText(r) == m }) {
			in = append(in, b)
		}
	}
	return in
}

// logsText names the logs of some brokers.
func logsText(brokers []int) string {
	if len(brokers) == 0 {
		return "no log"
	}
	return "the log of " + strings.Join(brokerNames(brokers), ", ")
}

// drain brings every broker back and has the group read to the end.
func (rp *replay) drain(ctx context.Context) error {
	if err := rp.restorePower(); err != nil {
		return err
	}
	if err := rp.cluster.Settle(ctx); err != nil {
		return err
	}
	for _, m := range append(rp.app.hand, rp.app.old...) {
		rp.app.process(m)
	}
	rp.app.hand, rp.app.old = nil, nil
	return rp.readOn(ctx)
}

// errNoLeader says that the partition has no leader although all brokers are back.
var errNoLeader = errors.New("the partition has no leader")

// readOn has the group poll and process until it has reached the high watermark.
func (rp *replay) readOn(ctx context.Context) error {
	var end int
	noLeader := false
	err := rp.awaitThat(ctx, "the replicas to come together", func() (bool, error) {
		p, err := rp.partition.Decided(ctx)
		if noLeader = err == nil && p.Leader < 1; noLeader {
			return false, errNoLeader
		}
		if err != nil {
			return false, err
		}
		log, err := rp.partition.Log(p.Leader)
		if err != nil {
			return false, err
		}
		r, err := rp.partition.Look(ctx, p.Leader, cluster.AnyEpoch, len(log))
		end = r.HighWatermark
		return err == nil && r.HighWatermark >= len(log), fmt.Errorf("the high watermark is %d of %d", r.HighWatermark, len(log))
	})
	if noLeader {
		return errNoLeader
	}
	if err != nil {
		return err
	}
	if err := rp.member(ctx); err != nil {
		if waitsForAPerson(err) {
			return nil
		}
		return err
	}
	quiet := 0
	return rp.awaitThat(ctx, "the group to read to the end", func() (bool, error) {
		_, _, err := rp.pollOnce(ctx, 100*time.Millisecond)
		for _, r := range rp.app.buffer {
			rp.app.process(messageIn(r.Message))
			quiet = 0
		}
		rp.app.buffer = nil
		at, perr := rp.position(ctx)
		if perr != nil || at < end {
			quiet = 0
		} else {
			quiet++
		}
		return quiet > 2, errors.Join(err, perr)
	})
}

// lookDoubled looks for a message that stands twice below the leader's high watermark.
func (rp *replay) lookDoubled(ctx context.Context) (holds bool, saw string, err error) {
	p, err := rp.partition.Decided(ctx)
	if err != nil || p.Leader < 1 {
		return false, "", fmt.Errorf("the partition has no leader: %w", err)
	}
	log, err := rp.partition.Log(p.Leader)
	if err != nil {
		return false, "", err
	}
	r, err := rp.partition.Look(ctx, p.Leader, cluster.AnyEpoch, len(log))
	if err != nil {
		return false, "", err
	}
	seen, readable, twice := map[string]bool{}, log[:min(r.HighWatermark, len(log))], false
	for _, e := range readable {
		twice = twice || seen[entryText(e)]
		seen[entryText(e)] = true
	}
	return !twice, fmt.Sprintf("consumers can read %s at b%d, below its high watermark %d", logText(readable), p.Leader, r.HighWatermark), nil
}

// quietTime is how long a message that should not get through is given.
const quietTime = 5 * time.Second

// lookStopped lets everything happen but repairs, waits, and says whether a message got through.
func (rp *replay) lookStopped(ctx context.Context, r *verdict.Result, m string) (holds bool, saw string, err error) {
	rp.cluster.Traffic.OpenAll()
	clear(rp.faults.fenced)
	rp.wait(ctx, quietTime)
	acked := rp.of(m).acked
	if strings.Contains(r.Reason, "not acknowledged") {
		return acked, fmt.Sprintf("%v later %s is acknowledged: %v", quietTime, m, acked), ctx.Err()
	}
	read := ""
	if rp.app.consumer != nil {
		if _, _, err := rp.pollOnce(ctx, time.Second); err != nil {
			read = "; the consumer's poll ends with " + exceptionOf(err)
		}
	}
	return rp.app.processed[m] > 0, fmt.Sprintf("%v later %s was processed %s%s", quietTime, m, times(rp.app.processed[m]), read), ctx.Err()
}

// lookAtAll checks after a run that ends well that the guarantee holds on the cluster, too, once everything has happened
// that can.
func (rp *replay) lookAtAll(ctx context.Context, r *verdict.Result) (holds bool, saw string, err error) {
	if rp.producesOutput() {
		seen, err := rp.downstream(ctx)
		return err == nil, "downstream sees " + orNothing(seen), err
	}
	var acked []string
	for i := 1; i <= r.Scope.Messages; i++ {
		m := fmt.Sprintf("m%d", i)
		if rp.of(m).acked {
			acked = append(acked, m)
		}
	}
	if err := rp.drain(ctx); err != nil {
		return false, "", err
	}
	holds = true
	var counts []string
	for _, m := range acked {
		n := rp.app.processed[m]
		counts = append(counts, fmt.Sprintf("%s %s", m, times(n)))
		switch r.Guarantee {
		case "at-least-once", "no-acked-loss", "availability", "uninterrupted":
			holds = holds && n > 0
		case "at-most-once":
			holds = holds && n < 2
		case "exactly-once":
			holds = holds && n == 1
		}
	}
	saw = "of what was acknowledged the group processed " + orNothing(strings.Join(counts, ", "))
	switch r.Guarantee {
	case "no-duplicate-in-log":
		return rp.lookDoubled(ctx)
	case "order":
		holds = slices.IsSorted(rp.app.sequence)
	}
	return holds, saw, nil
}
