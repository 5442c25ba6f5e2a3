package specs

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestNames checks that every spec can be asked for by its base name, and that bench folders are left out.
func TestNames(t *testing.T) {
	t.Parallel()
	names := Names()
	if len(names) == 0 {
		t.Fatal("no spec is built in")
	}
	seen := map[string]string{}
	for _, n := range names {
		base := strings.TrimSuffix(path.Base(n), ".yaml")
		if other, ok := seen[base]; ok {
			t.Errorf("%s and %s have the same base name", other, n)
		}
		seen[base] = n
		if strings.Contains(n, "/bench/") {
			t.Errorf("%s is in a bench folder", n)
		}
		if About(n) == "" {
			t.Errorf("%s does not say what it is about", n)
		}
	}
}

// TestLookup checks the names by which a spec or a folder of specs can be asked for.
func TestLookup(t *testing.T) {
	t.Parallel()
	spec := Names()[0]
	short := strings.TrimSuffix(spec, ".yaml")
	for _, name := range []string{spec, short, strings.TrimPrefix(short, "specs/"), path.Base(short), "./" + spec} {
		if got := Lookup(name); !slices.Equal(got, []string{spec}) {
			t.Errorf("Lookup(%q) = %v, want %s", name, got, spec)
		}
	}
	for _, name := range []string{"specs", "specs/", "./specs"} {
		if got := Lookup(name); !slices.Equal(got, Names()) {
			t.Errorf("Lookup(%q) has %d specs of %d", name, len(got), len(Names()))
		}
	}
	folder := path.Dir(spec)
	for _, name := range []string{folder, strings.TrimPrefix(folder, "specs/")} {
		got := Lookup(name)
		if !slices.Contains(got, spec) || len(got) == len(Names()) {
			t.Errorf("Lookup(%q) = %v", name, got)
		}
	}
	for _, name := range []string{"", ".", "/", "..", "../specs", "/etc", "no-such-spec", "specs/no", "specs.go"} {
		if got := Lookup(name); len(got) != 0 {
			t.Errorf("Lookup(%q) = %v, want none", name, got)
		}
	}
}

// TestAliases checks that a spec can be asked for by each name it had before, in any case, and that no name means two
// specs.
func TestAliases(t *testing.T) {
	t.Parallel()
	taken := map[string]string{}
	for _, n := range walk(".", true) {
		taken[strings.TrimSuffix(path.Base(n), ".yaml")] = n
	}
	for _, n := range walk(".", true) {
		folder := path.Dir(strings.TrimPrefix(n, "specs/"))
		for _, alias := range Aliases(n) {
			if other, ok := taken[alias]; ok {
				t.Errorf("%s is the name of %s and of %s", alias, other, n)
			}
			taken[alias] = n
			for _, name := range []string{alias, strings.ToUpper(alias), folder + "/" + alias, "specs/" + folder + "/" + alias + ".yaml"} {
				if got := Lookup(name); !slices.Equal(got, []string{n}) {
					t.Errorf("Lookup(%q) = %v, want %s", name, got, n)
				}
			}
			if got := Lookup("bench/" + alias); folder != "bench" && len(got) != 0 {
				t.Errorf("Lookup(%q) = %v, want none", "bench/"+alias, got)
			}
		}
	}
	if got := Lookup("k20"); !slices.Equal(got, []string{"specs/known/unclean-election-stale-replica.yaml"}) {
		t.Errorf("k20 is %v", got)
	}
}

// TestOnlySpecs checks that nothing else is built into the program: sources and documents of this folder stay outside.
func TestOnlySpecs(t *testing.T) {
	t.Parallel()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Ext(name) != ".yaml" {
			t.Errorf("%s is built in", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestReadFile checks that what is listed can be read, and nothing else.
func TestReadFile(t *testing.T) {
	t.Parallel()
	for _, n := range Names() {
		if data, err := ReadFile(n); err != nil || len(data) == 0 {
			t.Errorf("%s: %d bytes, %v", n, len(data), err)
		}
	}
	for _, n := range []string{"specs/none.yaml", "../go.mod", "/etc/hosts", ""} {
		if _, err := ReadFile(n); err == nil {
			t.Errorf("%q can be read", n)
		}
	}
}
