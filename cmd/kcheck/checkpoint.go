package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// checkpointFlags say where searches write down how far they are.
type checkpointFlags struct {
	dir    string
	failed bool // one could not be written
}

// add declares the flag.
func (c *checkpointFlags) add(fs *pflag.FlagSet) {
	defer headed(fs, ofSearch)()
	fs.StringVar(&c.dir, "checkpoint", "", "write down in the folder `DIR` how far the search is, every ten minutes and at Ctrl-C; the same command goes on from there, also with other --workers and --memory")
}

// open makes the folder ready; nil where none is named.
func (c *checkpointFlags) open(s streams, requests []kafkaconf.Request, o verdict.Options) (*explore.Checkpoint, error) {
	if c.dir == "" {
		return nil, nil
	}
	point, err := verdict.OpenCheckpoint(c.dir, requests, o)
	if err != nil {
		return nil, fmt.Errorf("--checkpoint: %w", err)
	}
	point.Failed = func(err error) {
		c.failed = true
		say(s.err, "--checkpoint: %v; the one before, if any, is kept", err)
	}
	point.Continued = func(distinct uint64, written time.Time) {
		say(s.err, "going on from the checkpoint of %s, with %s", written.Local().Format(time.DateTime), plural(int(distinct), "state"))
	}
	return point, nil
}

// remind says, where a search was cut short, how it goes on, unless what it found is lost.
func (c *checkpointFlags) remind(ctx context.Context, s streams) {
	if c.dir != "" && ctx.Err() != nil && !c.failed {
		say(s.err, "the same command goes on from the checkpoint in %s", c.dir)
	}
}
