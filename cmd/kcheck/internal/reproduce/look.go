package reproduce

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// seen is what the cluster shows of a guarantee.
type seen struct {
	holds bool
	text  string // for people
}

// looks are how the symptoms of violations are looked for on a cluster. Each looks for one message of those for which the
// guarantee is broken, where the symptom is about messages.
var looks = map[invariants.Symptom]func(rp *replay, ctx context.Context, m model.MessageID) (seen, error){
	invariants.Lost:            (*replay).lookLost,
	invariants.Twice:           (*replay).lookTwice,
	invariants.TwiceInLog:      (*replay).lookDoubled,
	invariants.Disorder:        (*replay).lookDisorder,
	invariants.RecordGone:      (*replay).lookGone,
	invariants.LogsDiffer:      (*replay).lookDiffer,
	invariants.NoProgress:      (*replay).lookStopped,
	invariants.OutputLost:      (*replay).lookOutputLost,
	invariants.OutputTwice:     (*replay).lookOutputTwice,
	invariants.OutputAborted:   (*replay).lookAborted,
	invariants.OutputTorn:      (*replay).lookTorn,
	invariants.OutputDisorder:  (*replay).lookOutputDisorder,
	invariants.OutputNotInTime: (*replay).lookOutputStopped,
}

// look says whether the guarantee holds on the cluster after the last step, and what was seen.
func (rp *replay) look(ctx context.Context, r *verdict.Result) (seen, error) {
	rp.at = len(rp.steps) // nothing is ahead any more
	if r.Verdict != verdict.Violated {
		return rp.lookAtAll(ctx, r)
	}
	return looks[r.Symptom](rp, ctx, r.Broken[0])
}

func times(n int) string {
	return [...]string{"never", "once", "twice"}[min(n, 2)]
}

// lookLost lets everything happen that can - brokers start again, consumers read to the end - and says whether a message
// was processed.
func (rp *replay) lookLost(ctx context.Context, m model.MessageID) (seen, error) {
	o := rp.of(m)
	switch err := rp.drain(ctx); {
	case errors.Is(err, errNoLeader) && len(rp.copies(m)) == 0:
		return seen{false, fmt.Sprintf("%s is in no log, and no replica can lead the partition any more", m)}, nil
	case err != nil:
		return seen{}, err
	}
	told := "nothing was reported about it"
	switch {
	case o.acked:
		told = "it was acknowledged"
	case o.told:
		told = "its send failed with " + exceptionOf(o.err)
	}
	n := rp.app.processed[m]
	return seen{n > 0, fmt.Sprintf("%s: %s; it is in %s; after all brokers were back and the group had read to the end it was processed %s",
		m, told, logsText(rp.copies(m)), times(n))}, nil
}

// lookTwice says whether a message was processed at most once.
func (rp *replay) lookTwice(_ context.Context, m model.MessageID) (seen, error) {
	n := rp.app.processed[m]
	return seen{n < 2, fmt.Sprintf("%s was processed %s", m, times(n))}, nil
}

// lookDisorder says whether the messages were processed in the order in which they were sent. Where the model has no consumer,
// the group reads to the end first.
func (rp *replay) lookDisorder(ctx context.Context, _ model.MessageID) (seen, error) {
	if !rp.want.has("consumer.position") {
		if err := rp.drain(ctx); err != nil {
			return seen{}, err
		}
	}
	return seen{slices.IsSorted(rp.app.sequence), fmt.Sprintf("the messages were processed in the order %v", rp.app.sequence)}, nil
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
func (rp *replay) copies(m model.MessageID) []int {
	var in []int
	for b := 1; b <= rp.replicas; b++ {
		log, err := rp.partition.Log(b)
		if err == nil && slices.ContainsFunc(entries(log), func(e model.Entry) bool { return e.Message == m }) {
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

// lookDoubled looks for a message that stands twice below the leader's high watermark.
func (rp *replay) lookDoubled(ctx context.Context, _ model.MessageID) (seen, error) {
	d, err := rp.partition.Decided(ctx)
	if err != nil || d.Leader < 1 {
		return seen{}, fmt.Errorf("the partition has no leader: %w", err)
	}
	log, err := rp.partition.Log(d.Leader)
	if err != nil {
		return seen{}, err
	}
	s, err := rp.partition.Look(ctx, d.Leader, cluster.AnyEpoch, len(log))
	if err != nil {
		return seen{}, err
	}
	readable := entries(log[:min(s.HighWatermark, len(log))])
	twice, known := false, map[model.MessageID]bool{}
	for _, e := range readable {
		twice = twice || known[e.Message]
		known[e.Message] = true
	}
	return seen{!twice, fmt.Sprintf("consumers can read %s at b%d, below its high watermark %d", logText(readable), d.Leader, s.HighWatermark)}, nil
}

// lookGone says whether the leader's log has every record that the model says was readable once and is missing in it. That the
// high watermark passed the record was seen in the step in which the model has it pass.
func (rp *replay) lookGone(ctx context.Context, _ model.MessageID) (seen, error) {
	d, err := rp.partition.Decided(ctx)
	if err != nil || d.Leader < 1 {
		return seen{}, fmt.Errorf("the partition has no leader: %w", err)
	}
	log, err := rp.log(d.Leader)
	if err != nil {
		return seen{}, err
	}
	gone := slices.DeleteFunc(rp.gone(d.Leader), func(m model.MessageID) bool {
		return slices.ContainsFunc(log, func(e model.Entry) bool { return e.Message == m })
	})
	return seen{len(gone) == 0, fmt.Sprintf("the log of b%d, which leads, is %s; of what was readable it lacks %v",
		d.Leader, orNothing(logText(log)), gone)}, nil
}

// gone are the messages that some log of the trace had and the leader's last one has not.
func (rp *replay) gone(leader int) []model.MessageID {
	var all []model.MessageID
	last, _ := rp.want.log(leader)
	for _, s := range rp.steps {
		for _, c := range s.Changes {
			for _, e := range c.To.Log {
				in := func(l model.Entry) bool { return l.Message == e.Message }
				if e.Message != 0 && !slices.ContainsFunc(last, in) && !slices.Contains(all, e.Message) {
					all = append(all, e.Message)
				}
			}
		}
	}
	return all
}

// lookDiffer says whether no two replicas hold different records at an offset.
func (rp *replay) lookDiffer(context.Context, model.MessageID) (seen, error) {
	at, texts := map[int]model.Entry{}, []string{}
	same := true
	for b := 1; b <= rp.replicas; b++ {
		log, err := rp.log(b)
		if err != nil {
			return seen{}, err
		}
		texts = append(texts, fmt.Sprintf("b%d's log is %s", b, orNothing(logText(log))))
		for _, e := range log {
			if other, known := at[e.Offset]; known && other != e {
				same = false
			}
			at[e.Offset] = e
		}
	}
	return seen{same, strings.Join(texts, ", ")}, nil
}

// quietTime is how long a message that should not get through is given.
const quietTime = 5 * time.Second

// lookStopped lets everything happen but repairs, waits, and says whether a message got through.
func (rp *replay) lookStopped(ctx context.Context, m model.MessageID) (seen, error) {
	rp.cluster.OpenAll()
	clear(rp.faults.fenced)
	rp.wait(ctx, quietTime)
	if !rp.want.is(m, model.Acked) {
		acked := rp.of(m).acked
		return seen{acked, fmt.Sprintf("%v later %s is acknowledged: %v", quietTime, m, acked)}, ctx.Err()
	}
	read := ""
	if rp.app.consumer != nil {
		if _, _, err := rp.pollOnce(ctx, time.Second); err != nil {
			read = "; the consumer's poll ends with " + exceptionOf(err)
		}
	}
	n := rp.app.processed[m]
	return seen{n > 0, fmt.Sprintf("%v later %s was processed %s%s", quietTime, m, times(n), read)}, ctx.Err()
}

// lookAtAll checks after a run that ends well that the guarantee holds on the cluster, too, once everything has happened
// that can.
func (rp *replay) lookAtAll(ctx context.Context, r *verdict.Result) (seen, error) {
	if rp.producesOutput() {
		log, err := rp.downstream(ctx)
		return seen{err == nil, "downstream sees " + orNothing(logText(log))}, err
	}
	var acked []model.MessageID
	for m := model.MessageID(1); int(m) <= r.Scope.Messages; m++ {
		if rp.of(m).acked {
			acked = append(acked, m)
		}
	}
	if err := rp.drain(ctx); err != nil {
		return seen{}, err
	}
	var counts []string
	holds := true
	for _, m := range acked {
		n := rp.app.processed[m]
		counts = append(counts, fmt.Sprintf("%s %s", m, times(n)))
		holds = holds && allowed(r.Guarantee, n)
	}
	switch r.Guarantee {
	case "no-duplicate-in-log":
		return rp.lookDoubled(ctx, 0)
	case "order":
		holds = slices.IsSorted(rp.app.sequence)
	}
	return seen{holds, "of what was acknowledged the group processed " + orNothing(strings.Join(counts, ", "))}, nil
}

// allowed says whether a guarantee lets an acknowledged message be processed so many times.
func allowed(guarantee string, n int) bool {
	switch guarantee {
	case "at-least-once", "no-acked-loss", "availability", "uninterrupted":
		return n > 0
	case "at-most-once":
		return n < 2
	case "exactly-once":
		return n == 1
	}
	return true
}
