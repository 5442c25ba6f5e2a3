package reproduce

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// consumerPolls lets the consumer's fetches through and polls until it has what the model says.
func (rp *replay) consumerPolls(ctx context.Context, s *verdict.Step) error {
	want, err := strconv.Atoi(rp.want["consumer.position"])
	if err != nil {
		return unforceable{"a position " + rp.want["consumer.position"]}
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
	if b := brokerOf(s.Text[len(s.Text)-2:]); err != nil && !rp.learning.current(b) {
		return unforceable{fmt.Sprintf("the consumer has learnt of a newer leader epoch than b%d acts on", b)}
	}
	if err != nil {
		return err
	}
	for _, r := range taken {
		rp.app.hand = append(rp.app.hand, messageIn(r.Message))
	}
	rp.app.known = true
	if got, want := strings.Join(rp.app.hand, " "), rp.want["consumer.polled"]; got != want {
		return diverged{fmt.Sprintf("the poll returned %q, not %q", got, want)}
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
	want := rp.want["consumer.committed"]
	rp.cluster.Traffic.Open("consumer-commit")
	defer rp.holdConsumer()
	if rp.settings["consumer.enable.auto.commit"] != "true" {
		offset, err := strconv.Atoi(want)
		if err != nil {
			return unforceable{"a commit of " + want}
		}
		if err := rp.app.consumer.Commit(ctx, rp.app.consumerName(), rp.place(), offset); err != nil {
			return diverged{"the commit: " + err.Error()}
		}
		return rp.awaitCommitted(ctx)
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

func (rp *replay) awaitCommitted(ctx context.Context) error {
	return rp.awaitThat(ctx, "the committed offset to be "+rp.want["consumer.committed"], func() (bool, error) {
		got, err := rp.committed(ctx)
		return got == rp.want["consumer.committed"], err
	})
}

// waiting is the position of a consumer that has thrown, in the model's words.
const waiting = "stopped with an error"

// waitsForAPerson says whether a poll has thrown because the consumer has no valid position and auto.offset.reset is none.
func waitsForAPerson(err error) bool {
	var e *player.ClientError
	return errors.As(err, &e) && (e.Class == "NoOffsetForPartitionException" || e.Class == "OffsetOutOfRangeException")
}

// consumerResets has a consumer without a valid position look for one.
func (rp *replay) consumerResets(ctx context.Context, s *verdict.Step) error {
	want := rp.want["consumer.position"]
	if rp.app.consumer == nil {
		if err := rp.startConsumer(ctx); err != nil {
			return err
		}
	}
	if rp.app.known || rp.has("PartitionIsAdded") { // it finds out when it fetches
		rp.cluster.Traffic.Open("consumer-fetch")
		defer rp.holdConsumer()
	}
	return rp.awaitThat(ctx, "the consumer's position to be "+want, func() (bool, error) {
		_, assigned, err := rp.pollOnce(ctx, 50*time.Millisecond)
		if err != nil {
			return waitsForAPerson(err) && want == waiting, err
		}
		if !assigned || want == waiting {
			return false, nil
		}
		got, err := rp.position(ctx) // an error where the consumer has not been given this partition yet
		if err == nil && len(rp.app.buffer) > 0 {
			got = rp.app.buffer[0].Offset
		}
		return err == nil && strconv.Itoa(got) == want, err
	})
}

// consumerCrashes kills the consuming process. The next one is started when the trace needs it.
func (rp *replay) consumerCrashes(ctx context.Context, s *verdict.Step) error {
	rp.app.hand = nil
	return rp.dropConsumer(ctx)
}

// processingThrows ends the loop as the application does.
func (rp *replay) processingThrows(ctx context.Context, s *verdict.Step) error {
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
	to := -1 // up to the high watermark
	if i := rp.ahead(func(s *verdict.Step) bool { return s.Action == "ConsumerResets" }); i >= 0 &&
		strings.HasPrefix(rp.settings["consumer.auto.offset.reset"], "earliest") {
		for _, c := range rp.steps[i].Changes {
			if n, err := strconv.Atoi(c.After); err == nil && c.What == "consumer.position" {
				to = n
			}
		}
	}
	l := rp.leader()
	if l == 0 {
		return diverged{"the partition has no leader"}
	}
	return rp.partition.DeleteRecords(ctx, l, to)
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
