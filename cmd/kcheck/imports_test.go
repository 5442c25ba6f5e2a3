package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const modulePath = "github.com/kcheck/kcheck/"

// mayImport says which top-level folders the packages of a top-level folder may import: imports point one way. The
// folder specs is data, built in by a package that imports nothing of ours; what judges the data is test code.
var mayImport = map[string][]string{
	"specs":             {"specs"},
	"specs/kafkaspec":   {"explore"}, // models by hand that tests compare with
	"explore":           {"explore"},
	"explore/peerbench": {"explore", "specs"}, // a program of its own, which no package imports
	"model":             {"model", "explore"},
	"invariants":        {"invariants", "model", "explore"},
	"cmd":               {"cmd", "specs", "invariants", "model", "explore"},
}

// TestImportsPointOneWay holds every file that is not a test against mayImport.
func TestImportsPointOneWay(t *testing.T) {
	const root = "../.."
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		from := strings.Split(filepath.ToSlash(rel), "/")[0]
		for _, apart := range []string{"explore/peerbench", "specs/kafkaspec"} {
			if strings.HasPrefix(filepath.ToSlash(rel), apart+"/") {
				from = apart
			}
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if to, ours := strings.CutPrefix(name, modulePath); ours && !allowed(from, strings.Split(to, "/")[0]) {
				t.Errorf("%s imports %s: %s may import %v only", rel, name, from, mayImport[from])
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func allowed(from, to string) bool {
	for _, name := range mayImport[from] {
		if name == to {
			return true
		}
	}
	return false
}
