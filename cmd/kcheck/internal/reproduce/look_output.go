package reproduce

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// lookOutput says whether a guarantee about the output topic holds, as a downstream consumer of it sees it.
func (rp *replay) lookOutput(ctx context.Context, r *verdict.Result, m string) (holds bool, saw string, err error) {
	switch {
	case strings.Contains(r.Reason, "never sees"):
		if err := rp.finishProcess(ctx); err != nil {
			return false, "", err
		}
		seen, err := rp.downstream(ctx)
		n := strings.Count(seen+" ", m+"@")
		committed, _ := rp.committedInput(ctx)
		return n > 0, fmt.Sprintf("the group has committed input offset %d, and downstream sees %s", committed, orNothing(seen)), err
	case strings.Contains(r.Reason, "aborted"):
		return rp.lookAborted(ctx)
	case strings.Contains(r.Reason, "part of a transaction"):
		seen, err := rp.downstream(ctx)
		committed, cerr := rp.committedInput(ctx)
		if err == nil {
			err = cerr
		}
		n := strings.Count(seen, "@")
		return n <= committed, fmt.Sprintf("downstream sees %s while the group has committed input offset %d", orNothing(seen), committed), err
	}
	rp.cluster.Traffic.Open("marker")
	seen, err := rp.downstream(ctx)
	return strings.Count(seen, m+"@") < 2, "downstream sees " + orNothing(seen), err
}

// lookAborted ends every transaction that is still open as the next process would, and says whether downstream sees an
// output in front of an abort marker.
func (rp *replay) lookAborted(ctx context.Context) (holds bool, saw string, err error) {
	seen, err := rp.downstream(ctx)
	if err != nil {
		return false, "", err
	}
	rp.cluster.Traffic.Open("marker")
	if rp.proc.producer == "" {
		if err := rp.openProducer(ctx); err != nil {
			return false, "", err
		}
	}
	if err := rp.awaitReady(ctx); err != nil {
		return false, "", err
	}
	var log []cluster.Record
	err = rp.awaitThat(ctx, "the abort marker", func() (bool, error) {
		log, err = rp.partition.Log(1)
		return slices.ContainsFunc(log, func(r cluster.Record) bool { return r.Marker == cluster.Abort }), err
	})
	return seen == "", fmt.Sprintf("downstream sees %s; the log is %s", orNothing(seen), logText(log)), err
}

// committedInput is the input offset that the group has committed.
func (rp *replay) committedInput(ctx context.Context) (int, error) {
	return rp.cluster.CommittedOffset(ctx, rp.app.group, rp.input().Topic, 0)
}

func orNothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

// downstream reads the output topic from its start as the downstream application does, until nothing more comes.
func (rp *replay) downstream(ctx context.Context) (string, error) {
	p, err := rp.players.Take(nil)
	if err != nil {
		return "", err
	}
	defer rp.players.Give(p)
	level := rp.settings["downstream.isolation.level"]
	if level == "" {
		level = "read_uncommitted"
	}
	const name = "downstream"
	err = p.Assign(ctx, name, rp.place(), map[string]string{"bootstrap.servers": rp.cluster.Bootstrap(), "client.id": name,
		"isolation.level": level, "auto.offset.reset": "earliest", "enable.auto.commit": "false", "fetch.max.wait.ms": "50"})
	if err != nil {
		return "", err
	}
	var seen []string
	for quiet := 0; quiet < 8; quiet++ {
		records, _, err := p.Poll(ctx, name, 200*time.Millisecond)
		if err != nil {
			return "", err
		}
		for _, r := range records {
			seen = append(seen, fmt.Sprintf("%s@%d", messageIn(r.Message), r.Offset))
			quiet = 0
		}
	}
	return strings.Join(seen, " "), nil
}

// finishProcess lets everything happen that can: brokers start again, transactions end, and the process goes on from its
// position, or its group's, to the end of the input.
func (rp *replay) finishProcess(ctx context.Context) error {
	if err := rp.restorePower(); err != nil {
		return err
	}
	if err := rp.cluster.Settle(ctx); err != nil {
		return err
	}
	if err := rp.awaitClients(ctx); err != nil {
		return err
	}
	for range 5 {
		if _, err := rp.pollInput(ctx, rp.proc, 200*time.Millisecond); err != nil {
			return err
		}
	}
	for _, r := range rp.proc.buffer {
		if r.Offset < rp.proc.position {
			continue
		}
		if err := rp.transform(ctx, messageIn(r.Message)); err != nil {
			return err
		}
	}
	return nil
}

// transform sends the output of one message and commits, with nothing held.
func (rp *replay) transform(ctx context.Context, m string) error {
	p := rp.proc
	rp.note("after the trace the process also processes %s", m)
	send := func() error { return player.Await(ctx, "send()", p.player.Send(p.producer, rp.place(), valueOf(m), 1)) }
	if !rp.transactional() {
		return send()
	}
	if err := p.player.BeginTransaction(ctx, p.producer); err != nil {
		return err
	}
	if err := send(); err != nil {
		return err
	}
	return player.Await(ctx, "commitTransaction()", p.player.EndTransaction(p.producer, player.CommitTransaction))
}
