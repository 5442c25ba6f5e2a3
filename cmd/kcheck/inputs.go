package main

import (
	"context"
	_ "embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/input"
	"github.com/kcheck/kcheck/specs"
)

// example is the spec that "kcheck check" without arguments checks. It has no expect.
//
//go:embed example.yaml
var example []byte

// exampleName is how results and problems name the built-in example.
const exampleName = "example.yaml"

// requests are the questions that the arguments and flags ask, in the order of the arguments. Configuration files
// together are one question, at the place of the first; beside specs they go to each. A live cluster is asked once.
func (q *questionFlags) requests(ctx context.Context, s streams, args []string) ([]kafkaconf.Request, []kafkaconf.Problem) {
	q.files, q.listTo = s.files, s.err
	if problems := q.askCluster(ctx); len(problems) > 0 {
		return nil, problems
	}
	if len(args) == 0 {
		return []kafkaconf.Request{q.withoutFiles()}, nil
	}
	in := inputs{flags: q}
	for _, arg := range args {
		in.add(arg)
	}
	return in.questions(), in.problems
}

// withoutFiles is the question when no file is named: the flags' own, or the example.
func (q *questionFlags) withoutFiles() kafkaconf.Request {
	if q.configures() {
		return q.ask()
	}
	r := q.ask(exampleName)
	r.ReadFile = func(name string) ([]byte, error) {
		if name == exampleName {
			return example, nil
		}
		return q.files.configuration(name)
	}
	return r
}

// inputs sorts positional arguments into specs and configurations.
type inputs struct {
	flags    *questionFlags
	specs    []kafkaconf.Request
	systems  [][]string // the configuration files of each system
	named    int        // one more than the index of the system of the files that are arguments; 0 without one
	problems []kafkaconf.Problem
}

// questions are the specs, each with the files of each system, or the systems where there is no spec.
func (in *inputs) questions() []kafkaconf.Request {
	var all []kafkaconf.Request
	if len(in.specs) == 0 {
		for _, files := range in.systems {
			all = append(all, in.flags.ask(files...))
		}
		return all
	}
	if len(in.systems) == 0 {
		return in.specs
	}
	for _, spec := range in.specs {
		for _, files := range in.systems {
			r := spec
			r.Files = slices.Concat(spec.Files, files)
			all = append(all, r)
		}
	}
	return all
}

// add takes one argument: a file, a folder or the name of a built-in spec.
func (in *inputs) add(arg string) {
	info, err := os.Stat(arg)
	switch {
	case arg == input.Stdin:
		in.addFile(arg)
	case errors.Is(err, fs.ErrNotExist):
		in.addName(arg)
	case err != nil:
		in.fail(arg, plain(err))
	case info.IsDir():
		in.addFolder(arg)
	default:
		in.addFile(arg)
	}
}

// addFile takes a spec or a configuration file, recognised by content.
func (in *inputs) addFile(file string) {
	data, err := in.flags.files.configuration(file)
	if err != nil {
		in.fail(file, plain(err))
		return
	}
	switch {
	case kafkaconf.IsSpec(file, data):
		in.specs = append(in.specs, in.flags.ask(file))
	case in.named == 0:
		in.systems = append(in.systems, []string{file})
		in.named = len(in.systems)
	default:
		in.systems[in.named-1] = append(in.systems[in.named-1], file)
	}
}

// addName takes the name of a built-in spec.
func (in *inputs) addName(name string) {
	found := specs.Lookup(name)
	if len(found) == 0 {
		in.fail(name, "no such file, and no built-in spec of that name"+hint(name, specNames()))
	}
	for _, spec := range found {
		r := in.flags.ask(spec)
		r.ReadFile = in.flags.readBuiltIn
		in.specs = append(in.specs, r)
	}
}

// specNames are the names by which built-in specs can be asked for: the base name of each and its path.
func specNames() []string {
	names := specs.Names()
	for _, n := range names {
		names = append(names, strings.TrimSuffix(filepath.Base(n), ".yaml"))
	}
	return names
}

// readBuiltIn reads a built-in spec and what it refers to, and from the disk what flags name.
func (q *questionFlags) readBuiltIn(name string) ([]byte, error) {
	if data, err := specs.ReadFile(name); err == nil {
		return data, nil
	}
	return q.files.configuration(name)
}

// fail notes a problem with an argument.
func (in *inputs) fail(file, message string) {
	in.problems = append(in.problems,
		kafkaconf.Problem{File: file, Message: message, Severity: kafkaconf.Failure})
}
