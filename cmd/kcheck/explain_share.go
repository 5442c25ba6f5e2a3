package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// shareUse is one way to use a share group, as a part of a spec.
type shareUse struct {
	use, app, group string
}

// shareUses are the ways that kcheck explain share-groups compares.
var shareUses = []shareUse{
	{"explicit: ACCEPT after processing, RELEASE on an exception", "{share: explicit}", "{}"},
	{"explicit: as above, REJECT on an exception", "{share: explicit, share-on-exception: reject}", "{}"},
	{"explicit: as above, with a dead-letter queue (4.4)", "{share: explicit, share-on-exception: reject}", "{errors.deadletterqueue.topic.name: dlq.records}"},
	{"explicit: ACCEPT and commitSync before processing", "{share: explicit, commit: before-processing}", "{}"},
	{"implicit: a loop that processes in order and ends on an exception", "{share: implicit}", "{}"},
	{"implicit: an exception is caught, and the loop goes on", "{share: implicit, on-exception: skip}", "{}"},
	{"implicit: another thread processes", "{share: implicit, process: handoff}", "{}"},
}

// shareFaults are the single faults under which each use is looked at.
var shareFaults = []model.FaultKind{model.ConsumerCrash, model.ConsumerException, model.PoisonRecord, model.AppRestart, model.CommitLost,
	model.ConnectionLost, model.LockTimeout, model.LeaderMove, model.BrokerCrash}

// shareGroups prints which use of a share group gives which guarantee: what each of the faults breaks when it happens once,
// as the model finds it at the moment.
func shareGroups(ctx context.Context, w io.Writer) error {
	width := screen(w).Width
	fmt.Fprintln(w, "share-groups (KIP-932)")
	fmt.Fprintln(w)
	fmt.Fprintln(w, wrap.Indent(2, 2, "Members of a share group take records of a partition in turns, and acknowledge each of them. A record "+
		"that is released, or whose lock ends, is delivered again, share.delivery.count.limit times at most; then it is archived "+
		"without a word, or goes to the dead-letter queue. Each way to use one keeps a guarantee, or loses it by a single fault "+
		"of those named (Kafka "+model.Newest.String()+", share.auto.offset.reset=earliest, three replicas):", width))
	for _, u := range shareUses {
		fmt.Fprintf(w, "\n  %s\n", u.use)
		for _, guarantee := range []string{"at-least-once", "at-most-once"} {
			broken, err := u.breaking(ctx, guarantee)
			if err != nil {
				return err
			}
			text := "holds"
			if len(broken) > 0 {
				text = "lost by " + strings.Join(broken, ", ")
			}
			fmt.Fprintln(w, wrap.Indent(4, 19, fmt.Sprintf("%-14s ", guarantee)+text, width))
		}
	}
	fmt.Fprintln(w)
	for _, text := range shareFootnotes {
		fmt.Fprintln(w, wrap.Indent(2, 4, "- "+text, width))
	}
	return nil
}

// shareFootnotes are what holds for every use.
var shareFootnotes = []string{
	"at-least-once is lost in every use when a record fails, or is held by a crash, share.delivery.count.limit times: kcheck check released-until-the-limit",
	"with a limit of 2 that takes the whole batch with it; with more the batch is split in time: kcheck check limit-2-archives-the-batch",
	"deliveries are counted in the leader's memory until they end, so a change of leader forgets one: kcheck check leader-crash-forgets-a-delivery",
	"order is kept by one member that never fails, and by nothing else: kcheck check two-members-take-turns",
	"exactly-once is refused: acknowledgements are in no transaction up to Kafka 4.4",
	"share.auto.offset.reset is latest by default, which skips what is there: kcheck check new-group-starts-at-the-end",
	"RENEW gives a member more time; how long a lock lasts is no question without a clock, and its end is the fault lock-timeout",
}

// breaking names the faults of which one occurrence breaks a guarantee of a use.
func (u *shareUse) breaking(ctx context.Context, guarantee string) ([]string, error) {
	var broken []string
	for _, fault := range shareFaults {
		spec := fmt.Sprintf("guarantee: %s\napp: %s\nfaults: {%s: 1}\nscope: {messages: 2, members: 1}\n", guarantee, u.app, fault)
		if u.group != "{}" {
			spec += "group: " + u.group + "\n"
		}
		request := kafkaconf.Request{Files: []string{"share-groups.yaml"}, ReadFile: func(string) ([]byte, error) { return []byte(spec), nil }}
		report, err := verdict.CheckFiles(ctx, request, verdict.Options{Unexplained: true})
		if err != nil {
			return nil, err
		}
		if report.Results[0].Verdict == verdict.Violated {
			broken = append(broken, fault.String())
		}
	}
	return broken, nil
}
