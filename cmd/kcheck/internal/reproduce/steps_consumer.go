package reproduce

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

func init() {
	for name, h := range map[string]func(x *run, ctx context.Context, s *verdict.Step) error{
		"ConsumerPolls":         consumerPolls,
		"ConsumerProcesses":     consumerProcesses,
		"ConsumerCommits":       consumerCommits,
		"ConsumerResets":        consumerResets,
		"OldMemberProcesses":    oldMemberProcesses,
		"ConsumerCrashes":       consumerCrashes,
		"ProcessingThrows":      processingThrows,
		"PartitionIsReassigned": partitionIsReassigned,
		"CommittedOffsetIsLost": committedOffsetIsLost,
		"RecordsAreDeleted":     recordsAreDeleted,
		"PartitionIsAdded":      partitionIsAdded,
	} {
		handlers[name] = h
	}
}

// member makes sure that the group has a member with the partition.
func (x *run) member(ctx context.Context) error {
	if x.app.consumer == nil {
		if err := x.startConsumer(ctx); err != nil {
			return err
		}
	}
	return x.awaitThat(ctx, "the consumer to be given the partition", func() (bool, error) {
		records, assigned, err := x.pollOnce(ctx, 20*time.Millisecond)
		x.app.buffer = append(x.app.buffer, records...)
		return assigned, err
	})
}

// consumerPolls lets the consumer's fetches through and polls until it has what the model says.
func consumerPolls(x *run, ctx context.Context, s *verdict.Step) error {
	want, err := strconv.Atoi(x.want["consumer.position"])
	if err != nil {
		return unforceable{"a position " + x.want["consumer.position"]}
	}
	if err := x.member(ctx); err != nil {
		return err
	}
	x.c.traffic.open("consumer-fetch")
	defer x.holdConsumer()
	var taken []record
	err = x.awaitThat(ctx, fmt.Sprintf("a poll up to offset %d", want), func() (bool, error) {
		for len(x.app.buffer) > 0 && x.app.buffer[0].offset < want {
			taken = append(taken, x.app.buffer[0])
			x.app.buffer = x.app.buffer[1:]
		}
		if len(taken) > 0 && taken[len(taken)-1].offset >= want-1 {
			return true, nil
		}
		records, _, err := x.pollOnce(ctx, 100*time.Millisecond)
		x.app.buffer = append(x.app.buffer, records...)
		return false, err
	})
	if b := brokerOf(s.Text[len(s.Text)-2:]); err != nil && x.learnt[b] < len(x.decisions) {
		return unforceable{fmt.Sprintf("the consumer has learnt of a newer leader epoch than b%d acts on", b)}
	}
	if err != nil {
		return err
	}
	for _, r := range taken {
		x.app.hand = append(x.app.hand, r.message)
	}
	x.app.known, x.app.position = true, want
	if got, want := strings.Join(x.app.hand, " "), x.want["consumer.polled"]; got != want {
		return diverged{fmt.Sprintf("the poll returned %q, not %q", got, want)}
	}
	return nil
}

// holdConsumer holds what the consumer fetches and commits by itself.
func (x *run) holdConsumer() {
	x.c.traffic.hold("consumer-fetch", of(consumerID, apiFetch, false))
	x.c.traffic.hold("consumer-commit", of(consumerID, apiOffsetCommit, false))
}

// consumerProcesses is the application's own doing.
func consumerProcesses(x *run, ctx context.Context, s *verdict.Step) error {
	if len(x.app.hand) == 0 {
		return diverged{"the application has nothing to process"}
	}
	x.app.process(x.app.hand[0])
	x.app.hand = x.app.hand[1:]
	return nil
}

func oldMemberProcesses(x *run, ctx context.Context, s *verdict.Step) error {
	if len(x.app.old) == 0 {
		return diverged{"the former member has nothing to process"}
	}
	x.app.process(x.app.old[0])
	x.app.old = x.app.old[1:]
	return nil
}

// consumerCommits commits as the application does, or lets the client's own commit through, which it makes in a poll.
func consumerCommits(x *run, ctx context.Context, s *verdict.Step) error {
	want := x.want["consumer.committed"]
	x.c.traffic.open("consumer-commit")
	defer x.holdConsumer()
	if x.settings["consumer.enable.auto.commit"] != "true" {
		_, err := x.app.consumer.ask(ctx, callLimit, "commit", x.app.consumerName(), x.topic, strconv.Itoa(int(x.partition)), want)
		if err != nil {
			return diverged{"the commit: " + err.Error()}
		}
		return x.awaitCommitted(ctx)
	}
	return x.awaitThat(ctx, "the consumer's own commit", func() (bool, error) {
		records, _, err := x.pollOnce(ctx, 20*time.Millisecond)
		x.app.buffer = append(x.app.buffer, records...)
		if err != nil {
			return false, err
		}
		got, err := x.committed(ctx)
		return got == want, err
	})
}

func (x *run) awaitCommitted(ctx context.Context) error {
	return x.awaitThat(ctx, "the committed offset to be "+x.want["consumer.committed"], func() (bool, error) {
		got, err := x.committed(ctx)
		return got == x.want["consumer.committed"], err
	})
}

// committed is the group's committed offset as the model writes it.
func (x *run) committed(ctx context.Context) (string, error) {
	n, err := x.c.committedOffset(ctx, x.app.group, x.topic, x.partition)
	if n < 0 {
		return "none", err
	}
	return strconv.Itoa(n), err
}

// consumerResets has a consumer without a valid position look for one.
func consumerResets(x *run, ctx context.Context, s *verdict.Step) error {
	want := x.want["consumer.position"]
	if x.app.consumer == nil {
		if err := x.startConsumer(ctx); err != nil {
			return err
		}
	}
	if x.app.known || x.has("PartitionIsAdded") { // it finds out when it fetches
		x.c.traffic.open("consumer-fetch")
		defer x.holdConsumer()
	}
	return x.awaitThat(ctx, "the consumer's position to be "+want, func() (bool, error) {
		records, assigned, err := x.pollOnce(ctx, 50*time.Millisecond)
		x.app.buffer = append(x.app.buffer, records...)
		if err != nil {
			if strings.Contains(err.Error(), "NoOffsetForPartition") || strings.Contains(err.Error(), "OffsetOutOfRange") {
				return want == "waits for a person", err
			}
			return false, err
		}
		if !assigned || want == "waits for a person" || !x.given(ctx) {
			return false, nil
		}
		if len(x.app.buffer) > 0 {
			return strconv.Itoa(x.app.buffer[0].offset) == want, nil
		}
		got, err := x.app.consumer.ask(ctx, callLimit, "position", x.app.consumerName(), x.topic, strconv.Itoa(int(x.partition)))
		return got == want, err
	})
}

// given says that the consumer has been given the partition that the run follows.
func (x *run) given(ctx context.Context) bool {
	_, err := x.app.consumer.ask(ctx, callLimit, "position", x.app.consumerName(), x.topic, strconv.Itoa(int(x.partition)))
	return err == nil
}

// consumerCrashes kills the consuming process. The next one is started when the trace needs it.
func consumerCrashes(x *run, ctx context.Context, s *verdict.Step) error {
	x.app.hand = nil
	return x.dropConsumer(ctx)
}

// dropConsumer kills the consuming process and takes it out of the group, as its session timeout would.
func (x *run) dropConsumer(ctx context.Context) error {
	a := x.app
	if a.consumer == nil {
		return nil
	}
	a.consumer.kill()
	a.consumer, a.known, a.buffer = nil, false, nil
	x.breakConsumers()
	return x.c.removeMembers(ctx, a.group)
}

func (x *run) breakConsumers() {
	for _, p := range x.c.proxies {
		p.breakAll(func(c *connection) bool { return strings.HasPrefix(c.name(), consumerID) })
	}
}

// processingThrows ends the loop as the application does.
func processingThrows(x *run, ctx context.Context, s *verdict.Step) error {
	x.app.hand = nil
	if x.settings["app.on-exception"] != "close" {
		return x.dropConsumer(ctx)
	}
	x.c.traffic.open("consumer-commit")
	x.c.traffic.open("consumer-fetch")
	defer x.holdConsumer()
	if x.app.consumer != nil {
		if _, err := x.app.consumer.ask(ctx, callLimit, "close-consumer", x.app.consumerName()); err != nil {
			return err
		}
	}
	return x.dropConsumer(ctx)
}

// partitionIsReassigned takes the member out of the group, as max.poll.interval.ms would, while it works on; another
// process takes its place.
func partitionIsReassigned(x *run, ctx context.Context, s *verdict.Step) error {
	a := x.app
	if a.consumer != nil {
		a.members = append(a.members, a.consumer)
		if err := x.c.removeMembers(ctx, a.group); err != nil {
			return err
		}
	}
	a.old, a.hand = append(a.old, a.hand...), nil
	a.consumer = nil
	return x.startConsumer(ctx)
}

// committedOffsetIsLost deletes the group's committed offset while the group is away.
func committedOffsetIsLost(x *run, ctx context.Context, s *verdict.Step) error {
	if err := x.dropConsumer(ctx); err != nil {
		return err
	}
	return x.c.deleteOffset(ctx, x.app.group, x.topic, x.partition)
}

// recordsAreDeleted moves the start of the log.
func recordsAreDeleted(x *run, ctx context.Context, s *verdict.Step) error {
	to := -1 // up to the high watermark
	if i := x.ahead(func(s *verdict.Step) bool { return s.Action == "ConsumerResets" }); i >= 0 &&
		strings.HasPrefix(x.settings["consumer.auto.offset.reset"], "earliest") {
		for _, c := range x.steps[i].Changes {
			if n, err := strconv.Atoi(c.After); err == nil && c.What == "consumer.position" {
				to = n
			}
		}
	}
	return x.c.deleteRecords(ctx, x.leader(), x.topic, x.partition, to)
}

// partitionIsAdded gives the topic a second partition, which the run follows from then on; the group has a member that knows
// only the first.
func partitionIsAdded(x *run, ctx context.Context, s *verdict.Step) error {
	if x.at > 0 {
		return unforceable{"the followed partition cannot be new in the middle of a run"}
	}
	if err := x.member(ctx); err != nil {
		return err
	}
	if err := x.c.addPartition(ctx, x.topic, x.order); err != nil {
		return err
	}
	x.partition, x.app.buffer = 1, nil
	return x.awaitReplicas(ctx)
}
