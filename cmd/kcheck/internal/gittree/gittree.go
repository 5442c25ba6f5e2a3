// Package gittree reads the files of a git repository as they were at a revision, and says which files of the work tree
// are the repository's or may become so. It runs the git program.
package gittree

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"strings"
)

// maxBlob bounds how much is read of one file, maxTree how much of all.
const (
	maxBlob = 32 << 20
	maxTree = 512 << 20
)

// Repository is a repository with a work tree.
type Repository struct {
	Root string // the folder of the work tree
}

// Open finds the repository that a folder is in.
func Open(ctx context.Context, dir string) (Repository, error) {
	out, err := git(ctx, dir, nil, "rev-parse", "--show-toplevel")
	if err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return Repository{}, errors.New("the program git is not installed")
		}
		return Repository{}, errors.New("this folder is not in a git repository")
	}
	return Repository{strings.TrimRight(string(out), "\r\n")}, nil
}

// Commit is the name of the commit that a revision means.
func (r Repository) Commit(ctx context.Context, revision string) (string, error) {
	out, err := git(ctx, r.Root, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("no revision %q in this repository; write a branch, a tag or a commit", revision)
	}
	return strings.TrimSpace(string(out)), nil
}

// Files are the paths of the files at a commit, from the root of the repository.
func (r Repository) Files(ctx context.Context, commit string) ([]string, error) {
	out, err := git(ctx, r.Root, nil, "ls-tree", "-r", "-z", "--name-only", commit)
	return split(out), err
}

// Working are the paths of the files in the work tree that are tracked, or not tracked and not ignored.
func (r Repository) Working(ctx context.Context) (map[string]bool, error) {
	out, err := git(ctx, r.Root, nil, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	set := map[string]bool{}
	for _, name := range split(out) {
		set[name] = true
	}
	return set, err
}

// Tree is the file system of the files at a commit that keep takes.
func (r Repository) Tree(ctx context.Context, commit string, keep func(name string) bool) (fs.FS, error) {
	all, err := r.Files(ctx, commit)
	if err != nil {
		return nil, err
	}
	var names []string
	var asked bytes.Buffer
	for _, name := range all {
		if keep(name) && !strings.Contains(name, "\n") {
			names = append(names, name)
			fmt.Fprintf(&asked, "%s:%s\n", commit, name)
		}
	}
	blobs, err := git(ctx, r.Root, &asked, "cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	return pack(names, blobs)
}

// pack makes a file system of what cat-file --batch prints: for each name a line "HASH blob SIZE", the content, and a line
// end, or a line that ends in "missing".
func pack(names []string, blobs []byte) (fs.FS, error) {
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	in := bufio.NewReader(bytes.NewReader(blobs))
	total := 0
	for _, name := range names {
		head, err := in.ReadString('\n')
		if err != nil {
			return nil, errors.New("git ended in the middle of its answer")
		}
		hash, kind, size := "", "", 0
		if n, _ := fmt.Sscan(head, &hash, &kind, &size); n != 3 {
			continue // missing
		}
		data := make([]byte, min(size, maxBlob))
		if _, err := io.ReadFull(in, data); err != nil {
			return nil, errors.New("git ended in the middle of a file")
		}
		if _, err := in.Discard(size - len(data) + 1); err != nil {
			return nil, errors.New("git ended in the middle of a file")
		}
		if total += len(data); total > maxTree {
			return nil, errors.New("the revision holds more than kcheck reads; name the files")
		}
		if kind != "blob" || size > maxBlob {
			continue
		}
		file, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := file.Write(data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
}

// git runs git in a folder.
func git(ctx context.Context, dir string, in io.Reader, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir}, args...)...)
	cmd.Stdin = in
	out, err := cmd.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) && len(failed.Stderr) > 0 {
		first, _, _ := strings.Cut(strings.TrimSpace(string(failed.Stderr)), "\n")
		return out, fmt.Errorf("git %s: %s", args[0], first)
	}
	return out, err
}

// split takes a list apart that is separated by zero bytes.
func split(list []byte) []string {
	return strings.FieldsFunc(string(list), func(c rune) bool { return c == 0 })
}
