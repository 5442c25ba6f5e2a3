package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/invariants/cache"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// cacheFlags say where verdicts are kept.
type cacheFlags struct{ dir string }

// add declares the flag.
func (c *cacheFlags) add(fs *pflag.FlagSet) {
	defer headed(fs, ofSearch)()
	fs.StringVar(&c.dir, "cache", "", "keep final verdicts in the folder `DIR` and take them from there; those of another kcheck are not looked at (default none are kept)")
}

// open opens the folder; nil where none is named. What is wrong with an entry is said, and is no failure.
func (c *cacheFlags) open(s streams) (*cache.Store, error) {
	if c.dir == "" {
		return nil, nil
	}
	store, err := verdict.OpenCache(c.dir, func(message string) { say(s.err, "--cache: %s", message) })
	if err != nil {
		return nil, fmt.Errorf("--cache: %s: %s", c.dir, plain(err))
	}
	return store, nil
}
