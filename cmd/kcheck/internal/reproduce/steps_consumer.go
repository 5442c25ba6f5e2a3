package reproduce

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// consumerPolls lets the consumer's fetches through and polls until it has what the model says.
func (rp *replay) consumerPolls(ctx context.Context, s *verdict.Step) error {
	want, err := offsetOf(s.Params.Offset)
	if err != nil {
		return err
	}
	if err := rp.member(ctx); err != nil {
		return err
	}
	rp.cluster.Traffic.Open("consumer-fetch")
	defer rp.holdConsumer()
	var taken []player.Record
	err = rp.awaitThat(ctx, fmt.Sprintf("a poll up to offset %d", want), func() (bool, error) {
		for len(rp.app.buffer) > 0 && rp.app.buffer[0].Offset < want {
			taken = append(taken, rp.app.buffer[0])
			rp.app.buffer = rp.app.buffer[1:]
		}
		if len(taken) > 0 && taken[len(taken)-1].Offset >= want-1 {
			return true, nil
		}
		_, _, err := rp.pollOnce(ctx, 100*time.Millisecond)
		return false, err
	})
	if b := brokerOf(s); err != nil && !rp.learning.current(b) {
		return unforceable{fmt.Sprintf("the consumer has learnt of a newer leader epoch than b%d acts on", b)}
	}
	if err != nil {
		return err
	}
	for _, r := range taken {
		rp.app.hand = append(rp.app.hand, messageIn(r.Message))
	}
	rp.app.known = true
	if want := rp.want["consumer.polled"].Messages; !slices.Equal(rp.app.hand, want) {
		return left("the application has %v in hand, not %v", rp.app.hand, want)
	}
	return nil
}

// holdConsumer holds what the consumer fetches and commits by itself.
func (rp *replay) holdConsumer() {
	rp.cluster.Traffic.Hold("consumer-fetch", requestsOf(consumerID, kmsg.Fetch, false))
	rp.cluster.Traffic.Hold("consumer-commit", requestsOf(consumerID, kmsg.OffsetCommit, false))
}

// consumerProcesses is the application's own doing.
func (rp *replay) consumerProcesses(context.Context, *verdict.Step) (err error) {
	rp.app.hand, err = rp.app.processNext(rp.app.hand)
	return err
}

// oldMemberProcesses is the same in a member that has lost the partition.
func (rp *replay) oldMemberProcesses(context.Context, *verdict.Step) (err error) {
	rp.app.old, err = rp.app.processNext(rp.app.old)
	return err
}

// consumerCommits commits as the application does, or lets the client's own commit through, which it makes in a poll.
func (rp *replay) consumerCommits(ctx context.Context, s *verdict.Step) error {
	want, err := offsetOf(s.Params.Offset)
	if err != nil {
		return err
	}
	rp.cluster.Traffic.Open("consumer-commit")
	defer rp.holdConsumer()
	if !rp.autoCommits() {
		if err := rp.app.consumer.Commit(ctx, rp.app.consumerName(), rp.place(), want); err != nil {
			return failed("commitSync()", err)
		}
		return rp.awaitCommitted(ctx, want)
	}
	return rp.awaitThat(ctx, "the consumer's own commit", func() (bool, error) {
		_, _, err := rp.pollOnce(ctx, 20*time.Millisecond)
		if err != nil {
			return false, err
		}
		got, err := rp.committed(ctx)
		return got == want, err
	})
}

func (rp *replay) awaitCommitted(ctx context.Context, want int) error {
	return rp.awaitThat(ctx, fmt.Sprintf("the committed offset to be %d", want), func() (bool, error) {
		got, err := rp.committed(ctx)
		return got == want, err
	})
}

// hasStopped says whether a poll has thrown because the consumer has no valid position and auto.offset.reset is none.
func hasStopped(err error) bool {
	var e *player.ClientError
	return errors.As(err, &e) && (e.Class == "NoOffsetForPartitionException" || e.Class == "OffsetOutOfRangeException")
}

// consumerResets has a consumer without a valid position look for one.
func (rp *replay) consumerResets(ctx context.Context, s *verdict.Step) error {
	want, goesOn := rp.want.number("consumer.position")
	if rp.app.consumer == nil {
		if err := rp.startConsumer(ctx); err != nil {
			return err
		}
	}
	if rp.app.known || rp.has("PartitionIsAdded") { // it finds out when it fetches
		rp.cluster.Traffic.Open("consumer-fetch")
		defer rp.holdConsumer()
	}
	if !goesOn {
		return rp.awaitThat(ctx, "the consumer to stop", func() (bool, error) {
			_, _, err := rp.pollOnce(ctx, 50*time.Millisecond)
			return hasStopped(err), err
		})
	}
	return rp.awaitThat(ctx, fmt.Sprintf("the consumer's position to be %d", want), func() (bool, error) {
		_, assigned, err := rp.pollOnce(ctx, 50*time.Millisecond)
		if err != nil || !assigned {
			return false, err
		}
		got, err := rp.position(ctx) // an error where the consumer has not been given this partition yet
		if err == nil && len(rp.app.buffer) > 0 {
			got = rp.app.buffer[0].Offset
		}
		return err == nil && got == want, err
	})
}

// consumerCrashes kills the consuming process. The next one is started when the trace needs it.
func (rp *replay) consumerCrashes(ctx context.Context, s *verdict.Step) error {
	rp.app.hand = nil
	return rp.dropConsumer(ctx)
}

// processingThrows ends the loop as the application does, or goes on behind the record.
func (rp *replay) processingThrows(ctx context.Context, s *verdict.Step) (err error) {
	switch s.Outcome {
	case "dead-letter":
		rp.app.hand, err = rp.app.processNext(rp.app.hand)
		return err
	case "tried-again":
		return nil
	case "skipped":
		rp.app.hand = rp.app.hand[1:]
		return nil
	}
	rp.app.hand = nil
	if rp.settings["app.on-exception"] != "close" {
		return rp.dropConsumer(ctx)
	}
	rp.cluster.Traffic.Open("consumer-commit")
	rp.cluster.Traffic.Open("consumer-fetch")
	defer rp.holdConsumer()
	if rp.app.consumer != nil {
		if err := rp.app.consumer.CloseConsumer(ctx, rp.app.consumerName()); err != nil {
			return err
		}
	}
	return rp.dropConsumer(ctx)
}

// oldMemberFails is a member that has lost the partition failing at a record for good.
func (rp *replay) oldMemberFails(_ context.Context, s *verdict.Step) (err error) {
	switch {
	case s.Outcome == "dead-letter":
		rp.app.old, err = rp.app.processNext(rp.app.old)
	case s.Outcome == "skipped" && len(rp.app.old) > 0:
		rp.app.old = rp.app.old[1:]
	default:
		rp.app.old = nil
	}
	return err
}

// partitionIsReassigned takes the member out of the group, as max.poll.interval.ms would, while it works on; another
// process takes its place.
func (rp *replay) partitionIsReassigned(ctx context.Context, s *verdict.Step) error {
	a := &rp.app
	if a.consumer != nil {
		a.members = append(a.members, a.consumer)
		if err := rp.cluster.RemoveMembers(ctx, a.group); err != nil {
			return err
		}
	}
	a.old, a.hand = append(a.old, a.hand...), nil
	a.consumer = nil
	return rp.startConsumer(ctx)
}

// committedOffsetIsLost deletes the group's committed offset while the group is away.
func (rp *replay) committedOffsetIsLost(ctx context.Context, s *verdict.Step) error {
	if err := rp.dropConsumer(ctx); err != nil {
		return err
	}
	return rp.cluster.DeleteOffset(ctx, rp.app.group, rp.partition.Topic, rp.partition.Index)
}

// recordsAreDeleted moves the start of the log.
func (rp *replay) recordsAreDeleted(ctx context.Context, s *verdict.Step) error {
	start, _ := rp.want.number("log-start-offset")
	l := rp.leader()
	if l == 0 {
		return left("the partition has no leader")
	}
	return rp.partition.DeleteRecords(ctx, l, start)
}

// partitionIsAdded gives the topic a second partition, which the run follows from then on; the group has a member that knows
// only the first.
func (rp *replay) partitionIsAdded(ctx context.Context, s *verdict.Step) error {
	if rp.at > 0 {
		return unforceable{"the followed partition cannot be new in the middle of a run"}
	}
	if err := rp.member(ctx); err != nil {
		return err
	}
	if err := rp.cluster.AddPartition(ctx, rp.partition.Topic, rp.learning.order); err != nil {
		return err
	}
	rp.partition, rp.app.buffer = rp.cluster.Partition(rp.partition.Topic, 1), nil
	return rp.awaitReplicas(ctx)
}
