package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/jvm"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// reproduceHelp is what "kcheck reproduce --help" prints above the flags.
const reproduceHelp = `Plays counterexamples on a cluster of real Apache Kafka brokers on this machine's
loopback interface, step by step, with real clients and real faults, and says
whether the guarantee is broken there, too. RESULT.json is what kcheck check
--format json wrote; with --spec the spec is checked first. With --walks random
runs of specs that hold are played, and what can be seen of the cluster is held
against the model at every step.

With --rates faults come by a clock, as often as the file of kcheck risk --rates
says: messages are sent all the while, and of each guarantee it is counted for how
many it is broken, with the 95 % interval, beside what kcheck risk computes for the
same faults and for the times that the steps took on the cluster. The faults are
broker-crash, clean-restart, leader-move, replica-lag, request-lost, response-lost,
producer-crash and consumer-crash; of the steps the file can set fetch, process,
commit, restart, session-timeout, request-timeout, delivery-timeout and max-block.

--kafka-home is an unpacked distribution, or what cmd/kcheck/internal/reproduce/
fetch-kafka.sh fetches from Maven Central: Kafka 0.8.2 with its own clients, or
0.10.2 or later. Before 3.3, and where a spec has zookeeper.connect, the cluster has
ZooKeeper. It needs a JDK, 17 or later. All processes are ended, and all files
removed, at the end.

Exit status: 0 everything was reproduced, or what was counted agrees with what is
computed; 1 something was not, or does not; 2 kcheck could not look; 3 a step
cannot be forced.`

// reproduceCommand is "kcheck reproduce" with its flags.
type reproduceCommand struct {
	streams  streams
	question questionFlags
	home     string
	specs    []string
	repeat   int
	pause    bool
	walks    int
	rates    string
	sends    int
	seed     uint64
	table    string
	form     formFlags
}

// newReproduce is "kcheck reproduce".
func newReproduce(s streams) *cobra.Command {
	c := &reproduceCommand{streams: s}
	cmd := &cobra.Command{
		Use:   "reproduce [RESULT.json] --kafka-home DIR [flags]",
		Short: "counterexamples, played on a cluster of real brokers",
		Long:  reproduceHelp,
		Example: `  kcheck reproduce result.json --kafka-home kafka-4.1
  kcheck reproduce --spec acks-1-leader-crash --kafka-home kafka-4.1
  kcheck reproduce --spec acks-1-leader-crash --rates rates.yaml --sends 10000 --kafka-home kafka-4.1`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&c.home, "kafka-home", os.Getenv("KCHECK_KAFKA_HOME"), "`DIR` of Apache Kafka, with its jars in DIR/libs")
	fs.StringArrayVar(&c.specs, "spec", nil, "check this `NAME|FILE|DIR` first and play its counterexamples; repeatable")
	fs.IntVar(&c.repeat, "repeat", 1, "play each `N` times")
	fs.BoolVar(&c.pause, "pause", false, "pause a broker (SIGSTOP) until it reads several decisions of the controller at once")
	fs.IntVar(&c.walks, "walks", 0, "play `N` random runs of each --spec, which should hold")
	fs.StringVar(&c.rates, "rates", "", "let faults come by a clock, as often as `FILE` says, and count losses")
	fs.IntVar(&c.sends, "sends", 2000, "with --rates: send `N` messages")
	fs.Uint64Var(&c.seed, "seed", 1, "`N` selects the random runs, or what the clock draws")
	fs.StringVar(&c.table, "table", "", "also write a table of what was played to `FILE`")
	c.question.add(fs)
	c.form.add(fs, []string{"text", "json"})
	return cmd
}

// run finds what is to be played, plays it and writes one report.
func (c *reproduceCommand) run(ctx context.Context, args []string) error {
	if err := c.form.check(c.streams); err != nil {
		return err
	}
	home, err := jvm.OpenHome(c.home)
	if err != nil {
		say(c.streams.err, "%s", err)
		return status(verdict.ExitError)
	}
	if c.rates != "" {
		return c.clock(ctx, home, args)
	}
	results, err := c.results(ctx, args)
	if err != nil {
		return err
	}
	if len(results) == 0 {
		return errors.New("there is no counterexample to play; --walks plays runs of specs that hold")
	}
	out := &reproduce.Report{Kcheck: verdict.Version, Kafka: home.Version}
	err = reproduce.Batch(ctx, home, results, reproduce.Options{Repeat: c.repeat, Pause: c.pause}, func(p *reproduce.Played) {
		out.Played = append(out.Played, p)
		c.announce(p, len(results)*c.repeat)
	})
	if err != nil && len(out.Played) == 0 {
		return err
	}
	if err := c.write(out); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	if code := out.Exit(); code != 0 {
		return status(code)
	}
	return nil
}

// results are the counterexamples, or runs, to play.
func (c *reproduceCommand) results(ctx context.Context, args []string) ([]verdict.Result, error) {
	if len(args) == 1 == (len(c.specs) > 0 || c.question.configures()) {
		return nil, errors.New("kcheck reproduce takes one RESULT.json, or --spec; see kcheck reproduce --help")
	}
	if len(args) == 1 {
		return savedResults(c.streams, args[0])
	}
	if c.walks > 0 {
		return c.randomRuns(ctx)
	}
	requests, problems := c.question.requests(ctx, c.streams, c.specs)
	printProblems(c.streams, problems)
	if len(problems) > 0 {
		return nil, status(verdict.ExitError)
	}
	var all []verdict.Result
	for _, request := range requests {
		checked, _ := verdict.CheckFiles(ctx, request, verdict.Options{}) // the problems are printed
		printProblems(c.streams, checked.Problems)
		for _, r := range checked.Results {
			if r.Verdict == verdict.Violated {
				all = append(all, r)
			}
		}
	}
	return all, ctx.Err()
}

// maxWalkSteps is after how many steps a random run settles.
const maxWalkSteps = 25

// randomRuns are random runs of the specs, each for its first guarantee.
func (c *reproduceCommand) randomRuns(ctx context.Context) ([]verdict.Result, error) {
	loaded, _, err := c.question.load(ctx, c.streams, "reproduce", c.specs)
	if err != nil {
		return nil, err
	}
	var all []verdict.Result
	for _, l := range loaded {
		q := verdict.Questions(l.resolved)[0]
		for n, number := 0, uint64(0); n < c.walks && number < uint64(10*c.walks) && ctx.Err() == nil; number++ {
			r, err := verdict.Walk(q, c.seed, number, maxWalkSteps, reproduce.Playable)
			if err != nil {
				return nil, err
			}
			if r != nil && reproduce.Steady(r) {
				all = append(all, *r)
				n++
			}
		}
	}
	return all, ctx.Err()
}

// savedResults are the counterexamples of a file.
func savedResults(s streams, file string) ([]verdict.Result, error) {
	saved, err := readSaved(s, file)
	if err != nil {
		return nil, err
	}
	var all []verdict.Result
	for _, r := range saved.Results {
		if r.Verdict == verdict.Violated {
			all = append(all, r)
		}
	}
	return all, nil
}

// announce says on standard error what a run came to, where there are several.
func (c *reproduceCommand) announce(p *reproduce.Played, of int) {
	if of < 2 {
		return
	}
	text := fmt.Sprintf("%-16s %s %s (%.0f s)", p.Result, p.Spec, p.Guarantee, p.Seconds)
	if p.Why != "" {
		text += fmt.Sprintf(": step %d: %s", p.Step, strings.SplitN(p.Why, "\n", 2)[0])
	}
	say(c.streams.err, "%s", text)
}

// write writes the report, and the table.
func (c *reproduceCommand) write(out *reproduce.Report) error {
	if c.table != "" {
		var b bytes.Buffer
		if err := out.Table(&b, time.Now().Format(time.DateOnly)); err != nil {
			return err
		}
		if err := writeFile(c.table, b.Bytes()); err != nil {
			return fmt.Errorf("--table: %s: %s", c.table, plain(err))
		}
	}
	return c.form.write(c.streams, report.Plain(out, out.Text), report.Options{})
}
