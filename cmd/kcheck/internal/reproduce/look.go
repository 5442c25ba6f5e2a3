package reproduce

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// look says whether the guarantee holds on the cluster after the last step, and what was seen.
func (x *run) look(ctx context.Context, r *verdict.Result) (holds bool, saw string, err error) {
	x.at = len(x.steps) // nothing is ahead any more
	if r.Verdict != verdict.Violated {
		return x.lookAtAll(ctx, r)
	}
	m := firstMessage.FindString(r.Reason)
	if x.producesOutput() {
		return x.lookOutput(ctx, r, m)
	}
	switch r.Guarantee {
	case "at-least-once", "no-acked-loss", "exactly-once", "at-most-once":
		if !strings.Contains(r.Reason, "twice") {
			return x.lookLost(ctx, m)
		}
		n := x.app.processed[m]
		return n < 2, fmt.Sprintf("%s was processed %s", m, times(n)), nil
	case "no-duplicate-in-log":
		return x.lookDoubled(ctx)
	case "order":
		ordered := slices.IsSorted(x.app.sequence)
		return ordered, "the messages were processed in the order " + strings.Join(x.app.sequence, " "), nil
	case "availability", "uninterrupted":
		return x.lookStopped(ctx, r, m)
	}
	return false, "", unforceable{"what a cluster shows of " + r.Guarantee + " is not known"}
}

var firstMessage = regexp.MustCompile(`\bm[1-9]\b`)

func times(n int) string {
	return [...]string{"never", "once", "twice"}[min(n, 2)]
}

// lookLost lets everything happen that can - brokers start again, consumers read to the end - and says whether a message
// was processed.
func (x *run) lookLost(ctx context.Context, m string) (holds bool, saw string, err error) {
	acked, failed, _ := x.outcome(valueOf(m))
	switch err := x.drain(ctx); {
	case errors.Is(err, errNoLeader) && x.copies(m) == "no log":
		return false, m + " is in no log, and no replica can lead the partition any more", nil
	case err != nil:
		return false, "", err
	}
	told := "nothing was reported about it"
	switch {
	case acked != "":
		told = "it was acknowledged"
	case failed != "":
		told = "its send failed with " + strings.SplitN(failed, ":", 2)[0]
	}
	in := x.copies(m)
	saw = fmt.Sprintf("%s: %s; it is in %s; after all brokers were back and the group had read to the end it was processed %s",
		m, told, in, times(x.app.processed[m]))
	return x.app.processed[m] > 0, saw, nil
}

// copies names the logs with a message in them.
func (x *run) copies(m string) string {
	var in []string
	for b := 1; b <= x.replicas; b++ {
		if log, err := x.log(b); err == nil && strings.Contains(log, m+"@") {
			in = append(in, fmt.Sprintf("b%d", b))
		}
	}
	if len(in) == 0 {
		return "no log"
	}
	return "the log of " + strings.Join(in, ", ")
}

// drain brings every broker back and has the group read to the end.
func (x *run) drain(ctx context.Context) error {
	for b := range x.power {
		if err := truncateLog(x.logDir(b), len(strings.Fields(x.want[fmt.Sprintf("b%d.log", b)]))); err != nil {
			return err
		}
	}
	clear(x.power)
	x.c.traffic.open("fetches")
	if err := x.c.settle(ctx); err != nil {
		return err
	}
	for len(x.app.hand) > 0 {
		x.app.process(x.app.hand[0])
		x.app.hand = x.app.hand[1:]
	}
	for len(x.app.old) > 0 {
		x.app.process(x.app.old[0])
		x.app.old = x.app.old[1:]
	}
	return x.readOn(ctx)
}

// errNoLeader says that the partition has no leader although all brokers are back.
var errNoLeader = errors.New("the partition has no leader")

// readOn has the group poll and process until it has reached the high watermark.
func (x *run) readOn(ctx context.Context) error {
	var end int
	noLeader := false
	err := x.awaitThat(ctx, "the replicas to come together", func() (bool, error) {
		p, err := x.c.describe(ctx, x.topic, x.partition)
		if noLeader = err == nil && p.leader < 1; noLeader {
			return false, errNoLeader
		}
		if err != nil {
			return false, err
		}
		log, err := readLog(x.logDir(p.leader))
		if err != nil {
			return false, err
		}
		r, err := x.c.look(ctx, p.leader, x.topic, x.partition, -1, len(log))
		end = r.hw
		return err == nil && r.hw >= len(log), fmt.Errorf("the high watermark is %d of %d", r.hw, len(log))
	})
	if noLeader {
		return errNoLeader
	}
	if err != nil {
		return err
	}
	if err := x.member(ctx); err != nil {
		if strings.Contains(err.Error(), "NoOffsetForPartition") {
			return nil // it waits for a person
		}
		return err
	}
	quiet := 0
	return x.awaitThat(ctx, "the group to read to the end", func() (bool, error) {
		records, _, err := x.pollOnce(ctx, 100*time.Millisecond)
		for _, r := range append(x.app.buffer, records...) {
			x.app.process(r.message)
			quiet = 0
		}
		x.app.buffer = nil
		position, perr := x.app.consumer.ask(ctx, callLimit, "position", x.app.consumerName(), x.topic, fmt.Sprint(x.partition))
		if at, aerr := strconv.Atoi(position); aerr != nil || at < end {
			quiet = 0
		} else {
			quiet++
		}
		return quiet > 2, errors.Join(err, perr)
	})
}

// lookDoubled looks for a message that stands twice below the leader's high watermark.
func (x *run) lookDoubled(ctx context.Context) (holds bool, saw string, err error) {
	p, err := x.c.describe(ctx, x.topic, x.partition)
	if err != nil || p.leader < 1 {
		return false, "", fmt.Errorf("the partition has no leader: %w", err)
	}
	log, err := readLog(x.logDir(p.leader))
	if err != nil {
		return false, "", err
	}
	r, err := x.c.look(ctx, p.leader, x.topic, x.partition, -1, len(log))
	if err != nil {
		return false, "", err
	}
	seen, readable, twice := map[string]bool{}, log[:min(r.hw, len(log))], false
	for _, e := range readable {
		twice = twice || seen[e.message]
		seen[e.message] = true
	}
	return !twice, fmt.Sprintf("consumers can read %s at b%d, below its high watermark %d", logText(readable), p.leader, r.hw), nil
}

// quietTime is how long a message that should not get through is given.
const quietTime = 5 * time.Second

// lookStopped lets everything happen but repairs, waits, and says whether a message got through.
func (x *run) lookStopped(ctx context.Context, r *verdict.Result, m string) (holds bool, saw string, err error) {
	x.c.traffic.openAll()
	for b := range x.fenced {
		delete(x.fenced, b)
	}
	x.wait(ctx, quietTime)
	acked, _, _ := x.outcome(valueOf(m))
	if strings.Contains(r.Reason, "not acknowledged") {
		return acked != "", fmt.Sprintf("%v later %s is acknowledged: %v", quietTime, m, acked != ""), ctx.Err()
	}
	read := ""
	if x.app.consumer != nil {
		if _, _, err := x.pollOnce(ctx, time.Second); err != nil {
			read = "; the consumer's poll ends with " + strings.SplitN(err.Error(), ":", 2)[0]
		}
	}
	return x.app.processed[m] > 0, fmt.Sprintf("%v later %s was processed %s%s", quietTime, m, times(x.app.processed[m]), read), ctx.Err()
}

// wait waits, or until ctx ends.
func (x *run) wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// lookAtAll checks after a run that ends well that the guarantee holds on the cluster, too, once everything has happened
// that can.
func (x *run) lookAtAll(ctx context.Context, r *verdict.Result) (holds bool, saw string, err error) {
	if x.producesOutput() {
		seen, err := x.downstream(ctx)
		return err == nil, "downstream sees " + orNothing(seen), err
	}
	var acked []string
	for i := 1; i <= r.Scope.Messages; i++ {
		m := fmt.Sprintf("m%d", i)
		if a, _, _ := x.outcome(valueOf(m)); a != "" {
			acked = append(acked, m)
		}
	}
	if err := x.drain(ctx); err != nil {
		return false, "", err
	}
	holds = true
	var counts []string
	for _, m := range acked {
		n := x.app.processed[m]
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
		return x.lookDoubled(ctx)
	case "order":
		holds = slices.IsSorted(x.app.sequence)
	}
	return holds, saw, nil
}
