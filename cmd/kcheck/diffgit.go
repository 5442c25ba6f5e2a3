package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/gittree"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/discover"
)

// gitSides are the configurations at a revision and in the work tree, as two questions.
type gitSides struct {
	flags    *questionFlags
	ctx      context.Context
	revision string
	repo     gittree.Repository
	old      fs.FS           // the files at the revision
	working  map[string]bool // the files of the work tree
	problems []verdict.Problem
}

// openGit finds the repository of the current folder and reads the revision.
func openGit(ctx context.Context, q *questionFlags, revision string, paths []string) (*gitSides, error) {
	g := &gitSides{flags: q, ctx: ctx, revision: revision}
	var err error
	if g.repo, err = gittree.Open(ctx, "."); err != nil {
		return nil, fmt.Errorf("--git: %w", err)
	}
	commit, err := g.repo.Commit(ctx, revision)
	if err != nil {
		return nil, fmt.Errorf("--git: %w", err)
	}
	named := map[string]bool{}
	for _, p := range paths {
		if inside, err := g.inside(p); err == nil {
			named[inside] = true
		}
	}
	if g.old, err = g.repo.Tree(ctx, commit, func(name string) bool { return named[name] || discover.MayBe(name) }); err != nil {
		return nil, fmt.Errorf("--git: %w", err)
	}
	if g.working, err = g.repo.Working(ctx); err != nil {
		return nil, fmt.Errorf("--git: %w", err)
	}
	return g, nil
}

// inside is the path of a file of the work tree from the root of the repository.
func (g *gitSides) inside(name string) (string, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if followed, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		abs = filepath.Join(followed, filepath.Base(abs))
	}
	rel, err := filepath.Rel(g.repo.Root, abs)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", fmt.Errorf("%s is not in the repository %s", name, g.repo.Root)
	}
	return filepath.ToSlash(rel), nil
}

// versions are one question about the files at the revision and in the work tree. A side without these files has none.
type versions struct {
	name     string // empty for the only one
	old, now []kafkaconf.Request
}

// requests are the questions about the two sides: of the files that are named, or of what is found below a folder.
func (g *gitSides) requests(paths []string) ([]versions, error) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	var files []string
	for _, p := range paths {
		inside, err := g.inside(p)
		if err != nil {
			return nil, err
		}
		if info, err := fs.Stat(g.old, inside); err == nil && !info.IsDir() || isFile(p) {
			files = append(files, inside)
			continue
		}
		if len(paths) > 1 {
			return nil, fmt.Errorf("%s is a folder or does not exist; name one folder, or files", p)
		}
		return g.discovered(inside)
	}
	return g.named(files)
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// named asks about files: on each side about those that it has.
func (g *gitSides) named(files []string) ([]versions, error) {
	var before, after []string
	for _, f := range files {
		_, errOld := fs.Stat(g.old, f)
		here := filepath.Join(g.repo.Root, filepath.FromSlash(f))
		if errOld == nil {
			before = append(before, f)
		}
		if isFile(here) {
			after = append(after, f)
		}
		g.oneSide(f, errOld == nil, isFile(here))
	}
	return []versions{{old: g.sideOf(before, true), now: g.sideOf(after, false)}}, nil
}

// oneSide says so when a file exists on one side only.
func (g *gitSides) oneSide(file string, old, now bool) {
	if old == now {
		return
	}
	side := map[bool]string{true: "at " + g.revision, false: "in the work tree"}[old]
	g.problems = append(g.problems, verdict.Problem{File: file, Message: "exists only " + side, Severity: kafkaconf.Warning})
}

// sideOf is the question about the files of one side; none where there are no files.
func (g *gitSides) sideOf(files []string, old bool) []kafkaconf.Request {
	if len(files) == 0 {
		return nil
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = g.name(f, old)
	}
	r := g.flags.ask(names...)
	if old {
		r.ReadFile = g.readOld
	}
	return []kafkaconf.Request{r}
}

// name is how a file of a side is called: REV:PATH as git has it, or the path from the current folder.
func (g *gitSides) name(file string, old bool) string {
	if old {
		return g.revision + ":" + file
	}
	here := filepath.Join(g.repo.Root, filepath.FromSlash(file))
	if cwd, err := os.Getwd(); err == nil {
		if followed, err := filepath.EvalSymlinks(cwd); err == nil {
			cwd = followed
		}
		if rel, err := filepath.Rel(cwd, here); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return here
}

// readOld reads a file at the revision.
func (g *gitSides) readOld(name string) ([]byte, error) {
	return fs.ReadFile(g.old, path.Clean(strings.TrimPrefix(name, g.revision+":")))
}

// discovered asks about what is found below a folder on both sides: about each system, or each spec, that both have.
func (g *gitSides) discovered(folder string) ([]versions, error) {
	found, err := g.find(folder)
	if err != nil {
		return nil, err
	}
	before, after := g.questions(found[0], folder), g.questions(found[1], folder)
	g.compareFiles(before, after)
	pairs, onlyOld, onlyNow := pairSystems(before, after)
	for _, i := range onlyOld {
		g.oneSide(systemName(before[i]), true, false)
	}
	for _, i := range onlyNow {
		g.oneSide(systemName(after[i]), false, true)
	}
	if len(pairs) == 0 {
		return nil, fmt.Errorf("%s at %s and %s in the work tree, and none that both have; name the files to compare",
			plural(len(before), "system"), g.revision, plural(len(after), "system"))
	}
	var list []versions
	for _, p := range pairs {
		v := versions{old: g.sideOf(before[p[0]], true), now: g.sideOf(after[p[1]], false)}
		if len(before) > 1 || len(after) > 1 {
			v.name = systemName(after[p[1]])
		}
		list = append(list, v)
	}
	return list, nil
}

// systemName names a system by its files.
func systemName(files []string) string { return discover.System{Files: files}.Name() }

// find looks for systems below a folder at the revision and in the work tree.
func (g *gitSides) find(folder string) (found [2]discover.Found, err error) {
	o := discover.Options{Include: g.flags.include, Request: g.flags.request}
	for i, tree := range []fs.FS{g.old, os.DirFS(g.repo.Root)} {
		side := tree
		if i == 1 {
			o.Only = func(name string) bool { return g.working[path.Join(folder, name)] }
		}
		if folder != "." {
			if side, err = fs.Sub(tree, folder); err != nil {
				return found, err
			}
			if _, err := fs.Stat(tree, folder); err != nil {
				return found, fmt.Errorf("%s exists only on one side of the comparison", folder)
			}
		}
		if found[i], err = discover.Below(g.ctx, side, o); err != nil {
			return found, err
		}
	}
	return found, nil
}

// questions are the files of each question about what was found.
func (g *gitSides) questions(found discover.Found, folder string) [][]string {
	var out [][]string
	for _, spec := range found.Specs {
		out = append(out, []string{path.Join(folder, spec)})
	}
	for _, s := range found.Systems {
		var files []string
		for _, f := range s.Files {
			files = append(files, path.Join(folder, f))
		}
		out = append(out, files)
	}
	return out
}

// compareFiles says which files of the systems only one side has.
func (g *gitSides) compareFiles(before, after [][]string) {
	old, now := slices.Concat(before...), slices.Concat(after...)
	all := slices.Concat(old, now)
	slices.Sort(all)
	for _, f := range slices.Compact(all) {
		_, missing := fs.Stat(g.old, f)
		g.oneSide(f, missing == nil, g.working[f] && isFile(filepath.Join(g.repo.Root, filepath.FromSlash(f))))
	}
}
