package kafkaconf

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf/formats"
	"github.com/kcheck/kcheck/model/kafkaconf/input"
)

// A spec names configuration files: in place of the mapping of a part, or under files, where they say themselves whose
// they are. Their paths are relative to the spec.

// partFiles reads the file, or the files, that stand in place of a mapping.
func (r *specReader) partFiles(p Part, f field) {
	if !slices.Contains(FileParts, p) && p != Downstream {
		r.problems.Add(Failure, r.position(f.value), f.key, "expected a mapping; write %s: {key: value}", f.key)
		return
	}
	for _, w := range r.list(f.value, f.key) {
		if full, data, ok := r.named(w, f.key); ok {
			r.configuration(full, p, data)
		}
	}
}

// files reads the files that say themselves whose they are.
func (r *specReader) files(f field) {
	seen := map[string]bool{}
	for _, w := range r.list(f.value, f.key) {
		full, data, ok := r.named(w, f.key)
		switch {
		case !ok:
		case seen[full]:
			r.problems.Add(Failure, w.at, f.key, "%s is named twice; leave one out", formats.Quote(w.text))
		case full == path.Clean(filepath.ToSlash(r.file)):
			r.problems.Add(Failure, w.at, f.key, "the spec names itself; name configuration files")
		case IsSpec(full, data):
			r.problems.Add(Failure, w.at, f.key, "%s is a spec, and a spec does not name others; name configuration files", formats.Quote(w.text))
		default:
			r.configuration(full, "", data)
		}
		seen[full] = true
	}
}

// configuration takes what a file says. From one that is broken nothing is concluded, nor from what it leaves out.
func (r *specReader) configuration(file string, p Part, data []byte) {
	source, problems := r.request.readSource(file, p, data)
	r.problems = append(r.problems, problems...)
	r.spec.unread = r.spec.unread || problems.Failed()
	r.spec.sources = append(r.spec.sources, source)
}

// named reads a file that the spec names, if it may.
func (r *specReader) named(w word, key string) (full string, data []byte, ok bool) {
	full = w.text
	if !path.IsAbs(full) && !filepath.IsAbs(full) {
		full = path.Join(path.Dir(filepath.ToSlash(r.file)), full)
	}
	if reason := r.request.forbids(r.file, full); reason != "" {
		r.spec.unread = true
		r.problems.Add(Failure, w.at, key, "%s may not be read: %s", formats.Quote(w.text), reason)
		return full, nil, false
	}
	data, err := r.request.Read(full)
	if err != nil {
		r.spec.unread = true
		r.problems.Add(Failure, w.at, key, "cannot read %s: %s; write a path relative to the spec, or {key: value}",
			formats.Quote(w.text), input.Cause(err))
		return full, nil, false
	}
	return full, data, true
}

// forbids says why a spec may not name a file; "" where it may. It may name what is below the nearest folder with .git,
// or without one below its own folder, and below --allow-files: who is handed a spec by somebody else and checks it does
// not show other files of the machine. Links are followed before that is decided.
func (r Request) forbids(spec, file string) string {
	own := filepath.Dir(filepath.FromSlash(spec))
	if _, err := os.Stat(own); errors.Is(err, fs.ErrNotExist) { // a spec that is built in
		if below(own, filepath.FromSlash(file)) {
			return ""
		}
		return "it is not below the spec"
	}
	root, of := repositoryOf(own)
	for _, folder := range []string{root, r.AllowFiles} {
		if folder != "" && below(realPath(folder), realPath(filepath.FromSlash(file))) {
			return ""
		}
	}
	return fmt.Sprintf("it is outside of %s; --allow-files DIR allows a folder", of)
}

// repositoryOf is the folder below which a spec in a folder may name files, and what that is.
func repositoryOf(folder string) (root, of string) {
	root = realPath(folder)
	for dir := root; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return dir, "the repository of the spec"
		}
		if dir == filepath.Dir(dir) {
			return root, "the folder of the spec"
		}
	}
}

// realPath is an absolute path with its links followed as far as it exists.
func realPath(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if followed, err := filepath.EvalSymlinks(abs); err == nil {
		return followed
	}
	if dir := filepath.Dir(abs); dir != abs {
		return filepath.Join(realPath(dir), filepath.Base(abs))
	}
	return abs
}

// below says whether a file is in a folder or in one below it.
func below(folder, file string) bool {
	rel, err := filepath.Rel(folder, file)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
