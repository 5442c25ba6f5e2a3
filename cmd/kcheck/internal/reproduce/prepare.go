package reproduce

import (
	"context"
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// prepare makes topic, group and clients ready, and holds what the trace will let through.
func (rp *replay) prepare(ctx context.Context, r *verdict.Result) error {
	if err := rp.cluster.Settle(ctx); err != nil {
		return err
	}
	if err := rp.cluster.WarmUp(ctx); err != nil {
		return err
	}
	if err := rp.cluster.CreateTopic(ctx, rp.partition.Topic, rp.learning.order, rp.topicConfigs()); err != nil {
		return fmt.Errorf("the topic: %w", err)
	}
	if err := rp.awaitReplicas(ctx); err != nil {
		return err
	}
	if rp.producesOutput() {
		if err := rp.prepareOutput(ctx, r); err != nil {
			return err
		}
		return rp.holdReplication(ctx)
	}
	switch {
	case rp.shares():
		if err := rp.prepareShare(ctx); err != nil {
			return err
		}
	case rp.settings["app.group"] != "new":
		err := poll.Until(ctx, stepLimit, "the group's first offset", func() (bool, error) {
			err := rp.cluster.CommitOffset(ctx, rp.app.group, rp.partition.Topic, rp.partition.Index, 0)
			return err == nil, err
		})
		if err != nil {
			return err
		}
	}
	if err := rp.startProducer(ctx); err != nil {
		return err
	}
	if err := rp.warmUp(ctx); err != nil {
		return err
	}
	rp.holdProducer()
	rp.holdConsumer()
	return rp.holdReplication(ctx)
}

// holdReplication holds the fetches of followers and waits until each has one under way, and what leaders ask of the
// controller.
func (rp *replay) holdReplication(ctx context.Context) error {
	for b := 1; b <= rp.replicas; b++ {
		rp.cluster.Traffic.Hold(gate("fetch", b), fetchOf(b))
		rp.cluster.Traffic.Hold(gate("alter", b), altersOf(b))
		if rp.cluster.Home.AsksWhereToTruncate() {
			rp.cluster.Traffic.Hold(gate("truncate", b), rp.truncationOf(b))
		}
	}
	for b := 2; b <= rp.replicas; b++ {
		if _, err := rp.awaitMessage(ctx, fmt.Sprintf("the first fetch of b%d", b), fetchOf(b)); err != nil {
			return err
		}
	}
	rp.at = -1
	return rp.prepareElection(ctx)
}

// awaitReplicas waits until every broker acts on the first leader epoch.
func (rp *replay) awaitReplicas(ctx context.Context) error {
	rp.learning.decisions = []decision{{0, rp.learning.order[0]}}
	for b := 1; b <= rp.replicas; b++ {
		if err := rp.awaitEpoch(ctx, b); err != nil {
			return err
		}
		rp.learning.learnt[b] = 1
	}
	return nil
}

// topicSettings are broker settings that a topic has under another name.
var topicSettings = map[string]string{
	"min.insync.replicas": "min.insync.replicas", "unclean.leader.election.enable": "unclean.leader.election.enable",
	"log.flush.interval.messages": "flush.messages", "log.flush.interval.ms": "flush.ms", "log.cleanup.policy": "cleanup.policy",
}

// topicConfigs are the settings of the topic, as the result lists them.
func (rp *replay) topicConfigs() map[string]string {
	all := map[string]string{}
	for k, v := range rp.settings {
		if _, static := rp.cluster.Settings[strings.TrimPrefix(k, "broker.")]; static {
			continue
		}
		if name, ok := topicSettings[strings.TrimPrefix(k, "broker.")]; ok && strings.HasPrefix(k, "broker.") && v != "" {
			all[name] = v
		}
	}
	for k, v := range rp.settings {
		if key, ok := strings.CutPrefix(k, "topic."); ok && key != "replication.factor" && key != "partitions" && v != "" {
			all[key] = v
		}
	}
	delete(all, "cleanup.policy") // the cleaner does not run
	if rp.replicas == 1 && rp.producesOutput() {
		delete(all, "min.insync.replicas")
	}
	if rp.has("SendIsRefused") || rp.has("BatchIsRefused") {
		all["max.message.bytes"] = fmt.Sprint(refusedSize / 4)
	}
	return all
}

// end lets go of everything that a replay holds, and puts its topic away.
func (rp *replay) end() {
	rp.cluster.Release()
	for _, p := range []*process{rp.proc, rp.old} {
		if p != nil {
			rp.players.Give(p.player)
		}
	}
	for _, s := range rp.app.sharers {
		rp.players.Give(s.player)
	}
	for _, p := range append(rp.app.members, rp.app.producer, rp.app.consumer) {
		rp.players.Give(p)
	}
	ctx, cancel := context.WithTimeout(context.Background(), stepLimit)
	defer cancel()
	_ = rp.cluster.DeleteTopic(ctx, rp.partition.Topic) // nobody uses its name again
}
