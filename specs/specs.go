// Package specs holds the specs that are built into kcheck: one scenario a file, each with what it teaches and what
// kcheck is expected to answer. They are the examples of the documentation and the regression suite at once.
package specs

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed */*.yaml
var files embed.FS

// root is the folder that the names of built-in specs start with, as in a checkout of kcheck.
const root = "specs/"

// Names lists the built-in specs by path, such as "specs/seed/acks-1-leader-crash.yaml", in a fixed order. Folders
// named bench are left out.
func Names() []string { return walk(".", false) }

// under lists the built-in specs below a folder, without those of a bench folder below it.
func under(folder string) []string {
	if info, err := fs.Stat(files, folder); err != nil || !info.IsDir() {
		return nil
	}
	return walk(folder, false)
}

// walk lists the specs below an existing folder.
func walk(folder string, bench bool) []string {
	var names []string
	visit := func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "bench" && !bench && name != folder:
			return fs.SkipDir
		case !entry.IsDir() && path.Ext(name) == ".yaml":
			names = append(names, root+name)
		}
		return nil
	}
	if err := fs.WalkDir(files, folder, visit); err != nil {
		panic("the files that are built into the program cannot be listed: " + err.Error())
	}
	slices.Sort(names)
	return names
}

// Lookup finds built-in specs by name: the base name of one ("acks-1-leader-crash"), its path with or without
// "specs/" and ".yaml", the same with an alias for the base name, or a folder ("specs", "seed") for all below it.
// Several specs may share a base name; then all are returned. No spec of that name is an empty list.
func Lookup(name string) []string {
	name = path.Clean(name)
	if name+"/" == root {
		return Names()
	}
	want := strings.TrimPrefix(name, root)
	if want == "." {
		return nil
	}
	if folder := under(want); len(folder) > 0 {
		return folder
	}
	want = strings.TrimSuffix(want, ".yaml")
	var found []string
	for _, n := range walk(".", true) {
		short := strings.TrimSuffix(strings.TrimPrefix(n, root), ".yaml")
		if short == want {
			return []string{n}
		}
		if path.Base(short) == want {
			found = append(found, n)
		}
	}
	if n := byAlias()[strings.ToLower(path.Base(want))]; found == nil && n != "" && underFolder(n, path.Dir(want)) {
		found = []string{n}
	}
	return found
}

// underFolder says whether a spec lies in a folder, which is "." where none was named.
func underFolder(name, folder string) bool {
	return folder == "." || path.Dir(strings.TrimPrefix(name, root)) == folder
}

// aliasLine begins the line of a spec, a comment in YAML, that lists the names it had before, separated by spaces.
const aliasLine = "# alias: "

// Aliases are the other names by which a built-in spec can be asked for, such as those it had in earlier releases.
func Aliases(name string) []string {
	data, err := ReadFile(name)
	if err != nil {
		return nil
	}
	var list []string
	for line := range strings.Lines(string(data)) {
		if names, ok := strings.CutPrefix(line, aliasLine); ok {
			list = append(list, strings.Fields(names)...)
		}
	}
	return list
}

// byAlias are the built-in specs by alias, in lower case.
var byAlias = sync.OnceValue(func() map[string]string {
	specs := map[string]string{}
	for _, n := range walk(".", true) {
		for _, alias := range Aliases(n) {
			specs[strings.ToLower(alias)] = n
		}
	}
	return specs
})

// ReadFile reads a built-in spec by the name that [Names] and [Lookup] give.
func ReadFile(name string) ([]byte, error) {
	return files.ReadFile(strings.TrimPrefix(path.Clean(name), root))
}

// About is what a built-in spec says it is about; empty when it says nothing.
func About(name string) string {
	data, err := ReadFile(name)
	if err != nil {
		return ""
	}
	var head struct {
		About string `yaml:"about"`
	}
	if yaml.Unmarshal(data, &head) != nil {
		return ""
	}
	return strings.Join(strings.Fields(head.About), " ")
}
