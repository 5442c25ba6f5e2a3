package main

import (
	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
)

// detailFlags are the flags that say how much of the report of a check is wanted.
type detailFlags struct{ full, brief bool }

// add declares the flags.
func (d *detailFlags) add(fs *pflag.FlagSet) {
	defer headed(fs, ofResult)()
	fs.BoolVar(&d.full, "full", false, "text: everything; the other forms always have it")
	fs.BoolVar(&d.brief, "brief", false, "text and markdown: one line a result")
}

// options are the options of a report.
func (d *detailFlags) options() report.Options { return report.Options{Brief: d.brief, Full: d.full} }
