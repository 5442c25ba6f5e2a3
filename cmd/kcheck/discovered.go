package main

import (
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/discover"
)

// addFolder takes every spec below a folder, or, where there is none, asks a question for each system whose
// configurations are there. A spec speaks for its folder: what is around it is not looked for.
func (in *inputs) addFolder(folder string) {
	found, err := discover.Below(in.flags.files.ctx, os.DirFS(folder), discover.Options{Include: in.flags.include, Request: in.flags.request})
	if err != nil {
		in.fail(folder, plain(err))
		return
	}
	for _, name := range found.Unreadable {
		in.fail(below(folder, []string{name})[0], "cannot be read")
	}
	for _, spec := range below(folder, found.Specs) {
		in.specs = append(in.specs, in.flags.ask(spec))
	}
	if len(found.Specs) > 0 {
		return
	}
	if len(found.Systems) == 0 {
		in.fail(folder, "no spec and no configuration of Kafka below this folder; name the files (kcheck check --help lists the formats)")
	}
	listFound(in.flags.listTo, folder, found)
	for _, system := range found.Systems {
		in.systems = append(in.systems, below(folder, system.Files))
	}
}

// below puts a folder before the paths of files.
func below(folder string, files []string) []string {
	out := make([]string, len(files))
	for i, f := range files {
		out[i] = filepath.ToSlash(filepath.Join(folder, filepath.FromSlash(f)))
	}
	return out
}

// listFound writes what was found, a line for each system and each file.
func listFound(w io.Writer, folder string, found discover.Found) {
	if w == nil || len(found.Files) == 0 {
		return
	}
	say(w, "%s: %d of Kafka's configurations, %s", folder, len(found.Files), plural(len(found.Systems), "system"))
	for i, s := range found.Systems {
		say(w, "  system %d: %s", i+1, s.Name())
	}
	for _, f := range found.Files {
		what := f.Format
		if parts := (kafkaconf.FileRead{Parts: f.Parts}).PartNames(); parts != "" {
			what += ": " + parts
		}
		if f.Why != "" {
			what += "; " + f.Why
		}
		say(w, "  %-9s %s: %s", f.Status, path.Clean(f.Path), strings.TrimPrefix(what, "; "))
	}
}
