package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// questionFlags are the flags that say what is asked.
type questionFlags struct {
	request   kafkaconf.Request
	partFiles map[kafkaconf.Part]*string
	live      liveFlags
	include   []string  // --include
	listTo    io.Writer // where what is found in a folder is listed
	files     *files
}

// add declares the flags.
func (q *questionFlags) add(fs *pflag.FlagSet) {
	q.addConfiguration(fs)
	defer headed(fs, ofQuestion)()
	r := &q.request
	fs.StringArrayVar(&r.Guarantees, "guarantee", nil,
		"`GUARANTEE` to check, repeatable (default at-least-once, with at-most-once beside it for information)")
	fs.StringVar(&r.Counted, "counted", "", "`acked|accepted|attempted`: which messages must not be lost")
	fs.StringVar(&r.Faults, "faults", "", "the fault budget, `a=1,b=2`, none or standard; replaces the spec's")
	fs.StringVar(&r.Messages, "messages", "", "`N` messages that the application sends, 1 to 4 (default 2)")
}

// addConfiguration declares the flags that say of which configuration something is asked.
func (q *questionFlags) addConfiguration(fs *pflag.FlagSet) {
	defer headed(fs, ofConfiguration)()
	q.partFiles = map[kafkaconf.Part]*string{}
	for _, part := range kafkaconf.FileParts {
		q.partFiles[part] = fs.String(string(part), "", "`FILE` of the "+string(part)+", .properties or another format")
	}
	q.live.add(fs)
	r := &q.request
	fs.StringVar(&r.TopicName, "topic-name", "", "the topic to read where a file or a cluster has several: its `NAME`")
	fs.StringVar(&r.Service, "service", "", "which application a file with several is read for: `NAME` of a service, connector or binding")
	fs.StringVar(&r.Cluster, "cluster", "", "which cluster a file with several is read for: its `NAME`, or that of one of its brokers")
	fs.StringVar(&r.Profile, "profile", "", "the active profiles of a Spring application, `A,B`")
	fs.StringArrayVar(&q.include, "include", nil, "take a test for a configuration where a folder is searched: a `PATTERN`, repeatable")
	fs.StringVar(&r.AllowFiles, "allow-files", "", "a folder, `DIR`, of which a spec may name files, beside its own")
	fs.StringArrayVar(&r.Set, "set", nil, "override one setting, `part.key=value`; the last one wins")
	fs.StringVar(&r.Kafka, "kafka", "", "`VERSION` of the brokers (default the newest)")
}

// configures says whether a flag gives a configuration, so that the built-in example is not what is asked about.
func (q *questionFlags) configures() bool {
	return len(q.parts()) > 0 || len(q.request.Set) > 0 || q.live.servers != ""
}

// parts are the configuration files that flags name.
func (q *questionFlags) parts() map[kafkaconf.Part]string {
	given := map[kafkaconf.Part]string{}
	for part, file := range q.partFiles {
		if *file != "" {
			given[part] = *file
		}
	}
	return given
}

// ask is the question of the flags about some files.
func (q *questionFlags) ask(files ...string) kafkaconf.Request {
	r := q.request
	r.Files = files
	r.PartFiles = q.parts()
	if q.files != nil {
		r.ReadFile = q.files.configuration
	}
	return r
}

// limitFlags are the flags of every search.
type limitFlags struct {
	memory  string
	seed    uint64
	workers int
	timeout time.Duration
}

// add declares the flags.
func (l *limitFlags) add(fs *pflag.FlagSet) {
	defer headed(fs, ofSearch)()
	fs.Uint64Var(&l.seed, "seed", 0, "`N` makes random choices, and the hash function, reproducible")
	fs.IntVar(&l.workers, "workers", 0, "`N` goroutines that search (default all cores)")
	fs.StringVar(&l.memory, "memory", "", "memory limit, such as `4GiB` (default half of the machine or container)")
	fs.Var((*duration)(&l.timeout), "timeout", "time limit, such as `2m` (default none); what is known by then is shown")
}

// duration is a flag with a length of time.
type duration time.Duration

// Set implements pflag.Value.
func (d *duration) Set(text string) error {
	t, err := time.ParseDuration(text)
	if err != nil {
		return errors.New("write a number with its unit, such as 30s, 5m or 1h30m")
	}
	*d = duration(t)
	return nil
}

// String implements pflag.Value.
func (d *duration) String() string { return time.Duration(*d).String() }

// Type implements pflag.Value.
func (d *duration) Type() string { return "duration" }

// options checks the flags and translates them.
func (l *limitFlags) options() (verdict.Options, error) {
	o := verdict.Options{Seed: l.seed, Workers: l.workers, Timeout: l.timeout}
	if l.workers < 0 || l.workers > 1024 {
		return o, fmt.Errorf("--workers: %d is not between 1 and 1024; 0 is all cores", l.workers)
	}
	if l.timeout < 0 {
		return o, fmt.Errorf("--timeout: %v is negative; write for example 2m", l.timeout)
	}
	var err error
	if o.Memory, err = parseMemory(l.memory); err != nil {
		return o, fmt.Errorf("--memory: %w", err)
	}
	return o, nil
}

// start checks the flags, limits the memory and starts the clock.
func (l *limitFlags) start(ctx context.Context) (context.Context, context.CancelFunc, verdict.Options, error) {
	o, err := l.options()
	if err != nil {
		return ctx, func() {}, o, err
	}
	if o.Memory == 0 {
		o.Memory = explore.DefaultMemory()
	}
	o.Memory = min(o.Memory, addressSpaceLeft()/2) // the rest is for what Go maps and does not use
	if o.Memory, err = explore.LimitProcess(o.Memory); err != nil {
		return ctx, func() {}, o, fmt.Errorf("--memory: %w", err)
	}
	unlimited := func() { _, _ = explore.LimitProcess(0) }
	if l.timeout > 0 {
		ctx, cancel := context.WithTimeout(ctx, l.timeout)
		return ctx, func() { cancel(); unlimited() }, o, nil
	}
	return ctx, unlimited, o, nil
}

// searchFlags are the flags that say how "kcheck check" searches.
type searchFlags struct {
	limitFlags
	strategy                        string
	exhaust, noReductions, coverage bool
}

// add declares the flags.
func (s *searchFlags) add(fs *pflag.FlagSet) {
	defer headed(fs, ofSearch)()
	fs.StringVar(&s.strategy, "strategy", "bfs",
		"`bfs|dfs|simulate`: bfs gives the minimal counterexample, simulate never says holds")
	s.limitFlags.add(fs)
	fs.BoolVar(&s.exhaust, "exhaust", false, "note a violation and explore the rest of the scope all the same: which other minimal sets of faults break the guarantee")
	fs.BoolVar(&s.noReductions, "no-reductions", false, "explore the plain state space")
	fs.BoolVar(&s.coverage, "coverage", false, "say how often each action and fault fired")
}

// strategies are what --strategy takes.
var strategies = map[string]explore.Strategy{"bfs": explore.BFS, "dfs": explore.DFS, "simulate": explore.Simulate}

// start checks the flags, limits the memory and starts the clock.
func (s *searchFlags) start(ctx context.Context) (context.Context, context.CancelFunc, verdict.Options, error) {
	strategy, known := strategies[s.strategy]
	if !known {
		return ctx, func() {}, verdict.Options{}, fmt.Errorf("--strategy: %w",
			unknown("strategy", s.strategy, slices.Sorted(maps.Keys(strategies))))
	}
	ctx, cancel, o, err := s.limitFlags.start(ctx)
	o.Strategy, o.Exhaust, o.NoReductions, o.Coverage = strategy, s.exhaust, s.noReductions, s.coverage
	return ctx, cancel, o, err
}
