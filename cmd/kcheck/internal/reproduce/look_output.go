package reproduce

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// lookOutput says whether a guarantee about the output topic holds, as a downstream consumer of it sees it.
func (x *run) lookOutput(ctx context.Context, r *verdict.Result, m string) (holds bool, saw string, err error) {
	switch {
	case strings.Contains(r.Reason, "never sees"):
		if err := x.finishProcess(ctx); err != nil {
			return false, "", err
		}
		seen, err := x.downstream(ctx)
		n := strings.Count(seen+" ", m+"@")
		committed, _ := x.c.committedOffset(ctx, x.app.group, x.inputTopic(), 0)
		return n > 0, fmt.Sprintf("the group has committed input offset %d, and downstream sees %s", committed, orNothing(seen)), err
	case strings.Contains(r.Reason, "aborted"):
		return x.lookAborted(ctx)
	case strings.Contains(r.Reason, "part of a transaction"):
		seen, err := x.downstream(ctx)
		committed, cerr := x.c.committedOffset(ctx, x.app.group, x.inputTopic(), 0)
		if err == nil {
			err = cerr
		}
		n := strings.Count(seen, "@")
		return n <= committed, fmt.Sprintf("downstream sees %s while the group has committed input offset %d", orNothing(seen), committed), err
	}
	x.c.traffic.open("marker")
	seen, err := x.downstream(ctx)
	return strings.Count(seen, m+"@") < 2, "downstream sees " + orNothing(seen), err
}

// lookAborted ends every transaction that is still open as the next process would, and says whether downstream sees an
// output in front of an abort marker.
func (x *run) lookAborted(ctx context.Context) (holds bool, saw string, err error) {
	seen, err := x.downstream(ctx)
	if err != nil {
		return false, "", err
	}
	x.c.traffic.open("marker")
	if x.proc.producer == "" || !x.proc.ready {
		if x.proc.producer == "" {
			err = x.openProducer(ctx)
		}
		if err == nil {
			err = x.awaitReady(ctx)
		}
		if err != nil {
			return false, "", err
		}
	}
	var log string
	err = x.awaitThat(ctx, "the abort marker", func() (bool, error) {
		log, err = x.log(1)
		return strings.Contains(log, "ABORT"), err
	})
	return seen == "", fmt.Sprintf("downstream sees %s; the log is %s", orNothing(seen), log), err
}

func orNothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

// downstream reads the output topic from its start as the downstream application does.
func (x *run) downstream(ctx context.Context) (string, error) {
	p, err := x.c.players.take()
	if err != nil {
		return "", err
	}
	defer x.c.players.give(p)
	level := x.settings["downstream.isolation.level"]
	if level == "" {
		level = "read_uncommitted"
	}
	_, err = p.ask(ctx, callLimit, "consumer", "downstream", x.topic, strconv.Itoa(int(x.partition)), "assign",
		"bootstrap.servers="+x.bootstrap(), "client.id=downstream", "isolation.level="+level, "auto.offset.reset=earliest",
		"enable.auto.commit=false", "fetch.max.wait.ms=50")
	if err != nil {
		return "", err
	}
	var seen []string
	for quiet := 0; quiet < 8; quiet++ {
		text, err := p.ask(ctx, callLimit, "poll", "downstream", "200")
		if err != nil {
			return "", err
		}
		words := strings.Fields(text)
		for _, w := range words[min(1, len(words)):] {
			parts := strings.Split(w, "@")
			seen = append(seen, strings.TrimPrefix(parts[0], "message-")+"@"+parts[1])
			quiet = 0
		}
	}
	return strings.Join(seen, " "), nil
}

// finishProcess lets everything happen that can: brokers start again, transactions end, and the process goes on from its
// position, or its group's, to the end of the input.
func (x *run) finishProcess(ctx context.Context) error {
	for b := range x.power {
		if err := truncateLog(x.logDir(b), len(strings.Fields(x.want[fmt.Sprintf("b%d.log", b)]))); err != nil {
			return err
		}
	}
	clear(x.power)
	if err := x.c.settle(ctx); err != nil {
		return err
	}
	if x.proc.producer == "" || !x.proc.ready || x.proc.consumer == "" {
		if x.proc.producer == "" {
			if err := x.openProducer(ctx); err != nil {
				return err
			}
		}
		if err := x.awaitReady(ctx); err != nil {
			return err
		}
		if x.proc.consumer == "" {
			if err := x.openConsumer(ctx); err != nil {
				return err
			}
		}
	}
	records := x.proc.buffer
	for range 5 {
		more, _, err := x.pollInput(ctx, x.proc, 200*time.Millisecond)
		if err != nil {
			return err
		}
		records = append(records, more...)
	}
	for _, r := range records {
		if r.offset < x.proc.position {
			continue
		}
		if err := x.transform(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// transform sends the output of one message and commits, with nothing held.
func (x *run) transform(ctx context.Context, r record) error {
	p := x.proc
	steps := [][]string{{"send", x.topic, strconv.Itoa(int(x.partition)), valueOf(r.message), "1"}}
	if x.transactional() {
		steps = [][]string{{"begin"}, steps[0], {"commit-transaction"}}
	}
	for _, s := range steps {
		if _, err := p.player.ask(ctx, callLimit, s[0], p.producer, s[1:]...); err != nil {
			return err
		}
	}
	x.note("after the trace the process also processes %s", r.message)
	return nil
}
