package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// diskFlags say where searches keep what does not fit into the memory.
type diskFlags struct{ where string }

// add declares the flag.
func (d *diskFlags) add(fs *pflag.FlagSet) {
	defer headed(fs, ofSearch)()
	fs.StringVar(&d.where, "disk", "", "keep in the folder `DIR[,SIZE]` what does not fit into --memory, at most SIZE, such as 200GiB; not together with --checkpoint")
}

// open checks the flag; nil where no folder is named. checkpoint is the folder that --checkpoint names.
func (d *diskFlags) open(o verdict.Options, checkpoint string) (*explore.Disk, error) {
	if d.where == "" {
		return nil, nil
	}
	disk := &explore.Disk{Dir: d.where}
	if i := strings.LastIndexByte(d.where, ','); i >= 0 {
		size, err := parseMemory(d.where[i+1:])
		if err != nil {
			return nil, fmt.Errorf("--disk: %w", err)
		}
		if size == 0 {
			return nil, errors.New("--disk: after the comma a size is missing, such as 200GiB")
		}
		disk.Dir, disk.Size = d.where[:i], size
	}
	switch {
	case disk.Dir == "":
		return nil, errors.New("--disk: the folder is missing; write DIR or DIR,SIZE")
	case o.Strategy != explore.BFS:
		return nil, errors.New("--disk needs --strategy bfs")
	case checkpoint != "":
		return nil, errors.New("--disk and --checkpoint exclude each other: what is on disk is not part of a checkpoint")
	}
	return disk, nil
}
