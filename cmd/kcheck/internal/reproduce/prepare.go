package reproduce

import (
	"context"
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// prepare makes topic, group and clients ready, and holds what the trace will let through.
func (x *run) prepare(ctx context.Context, r *verdict.Result) error {
	x.c.traffic.openAll()
	if err := x.c.settle(ctx); err != nil {
		return err
	}
	if err := x.c.warmUp(ctx); err != nil {
		return err
	}
	if err := x.c.createTopic(ctx, x.topic, x.order, x.topicConfigs()); err != nil {
		return fmt.Errorf("the topic: %w", err)
	}
	if err := x.awaitReplicas(ctx); err != nil {
		return err
	}
	x.app = &application{group: x.topic + "-group", processed: map[string]int{},
		once: x.settings["app.effect"] == "idempotent"}
	if x.producesOutput() {
		if err := x.prepareOutput(ctx, r); err != nil {
			return err
		}
		return x.holdReplication(ctx)
	}
	if x.settings["app.group"] != "new" {
		err := poll(ctx, stepLimit, "the group's first offset", func() (bool, error) {
			err := x.c.commitOffset(ctx, x.app.group, x.topic, x.partition, 0)
			return err == nil, err
		})
		if err != nil {
			return err
		}
	}
	if err := x.startProducer(ctx); err != nil {
		return err
	}
	if err := x.warmUp(ctx); err != nil {
		return err
	}
	x.c.traffic.hold("produce", of(producerID, apiProduce, true))
	x.holdConsumer()
	return x.holdReplication(ctx)
}

// holdReplication holds the fetches of followers and waits until each has one under way, and what leaders ask of the
// controller.
func (x *run) holdReplication(ctx context.Context) error {
	for b := 1; b <= x.replicas; b++ {
		x.c.traffic.hold(gate("fetch", b), fetchOf(b))
		x.c.traffic.hold(gate("alter", b), altersOf(b))
	}
	for b := 2; b <= x.replicas; b++ {
		if _, err := x.awaitMessage(ctx, fmt.Sprintf("the first fetch of b%d", b), fetchOf(b)); err != nil {
			return err
		}
	}
	x.at = -1
	return x.prepareElection(ctx)
}

// awaitReplicas waits until every broker acts on the first leader epoch.
func (x *run) awaitReplicas(ctx context.Context) error {
	x.decisions = []decision{{0, x.order[0]}}
	for b := 1; b <= x.replicas; b++ {
		if err := x.awaitEpoch(ctx, b); err != nil {
			return err
		}
		x.learnt[b] = 1
	}
	return nil
}

// topicSettings are broker settings that a topic has under another name.
var topicSettings = map[string]string{
	"min.insync.replicas": "min.insync.replicas", "unclean.leader.election.enable": "unclean.leader.election.enable",
	"log.flush.interval.messages": "flush.messages", "log.flush.interval.ms": "flush.ms", "log.cleanup.policy": "cleanup.policy",
}

// topicConfigs are the settings of the topic, as the result lists them.
func (x *run) topicConfigs() map[string]string {
	all := map[string]string{}
	for k, v := range x.settings {
		if _, static := x.c.settings[strings.TrimPrefix(k, "broker.")]; static {
			continue
		}
		if name, ok := topicSettings[strings.TrimPrefix(k, "broker.")]; ok && strings.HasPrefix(k, "broker.") && v != "" {
			all[name] = v
		}
	}
	for k, v := range x.settings {
		if key, ok := strings.CutPrefix(k, "topic."); ok && key != "replication.factor" && key != "partitions" && v != "" {
			all[key] = v
		}
	}
	delete(all, "cleanup.policy") // the cleaner does not run
	if x.replicas == 1 && x.producesOutput() {
		delete(all, "min.insync.replicas")
	}
	if x.has("SendIsRefused") {
		all["max.message.bytes"] = fmt.Sprint(refusedSize / 4)
	}
	return all
}

// end lets go of everything that a run holds, and puts its topic away.
func (x *run) end() {
	x.c.traffic.openAll()
	x.c.forgetLate()
	for _, p := range x.c.proxies {
		p.hush(false)
	}
	ctx, cancel := context.WithTimeout(context.Background(), callLimit)
	defer cancel()
	for _, p := range []*process{x.proc, x.oldProc} {
		if p != nil {
			x.c.players.give(p.player)
		}
	}
	if a := x.app; a != nil {
		x.c.players.give(a.producer)
		x.c.players.give(a.consumer)
		for _, m := range a.members {
			x.c.players.give(m)
		}
	}
	x.c.deleteTopic(ctx, x.topic)
}
