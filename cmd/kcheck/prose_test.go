package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// prose are the names of the fields that hold sentences, or values in words, for people.
var prose = []string{"Text", "Reason", "Headline", "Before", "After", "Fates"}

// looks are the functions that look into a string.
var looks = []string{"Contains", "ContainsAny", "Count", "Cut", "CutPrefix", "CutSuffix", "EqualFold", "Fields", "FieldsFunc", "HasPrefix",
	"HasSuffix", "Index", "Split", "SplitN", "MatchString", "FindString", "FindStringSubmatch"}

// mayReadProse are the folders in which such a name is something else, each with the reason.
var mayReadProse = map[string]string{
	"explore/internal/mem":          "the Text of a bufio.Scanner over the kernel's own files",
	"model/kafkaconf":               "the Text of a setting is its value as it stands in the file",
	"model/kafkaconf/discover":      "as in model/kafkaconf",
	"cmd/kcheck/internal/reproduce": "to be played from the typed steps",
}

// TestNoCodeReadsProse looks through the tree for code that decides by a sentence: what a step is about, how it ended and
// what it changed are in its Params, Outcome and in the typed values of its Changes.
func TestNoCodeReadsProse(t *testing.T) {
	const root = "../.."
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil || mayReadProse[filepath.ToSlash(filepath.Dir(rel))] != "" {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if readsProse(n) {
				t.Errorf("%s:%d decides by a sentence", rel, files.Position(n.Pos()).Line)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// readsProse says that a node looks into a sentence, compares it with a literal, or switches by it.
func readsProse(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		f, ok := n.Fun.(*ast.SelectorExpr)
		return ok && slices.Contains(looks, f.Sel.Name) && slices.ContainsFunc(n.Args, isProse)
	case *ast.BinaryExpr:
		return (n.Op == token.EQL || n.Op == token.NEQ) && (isProse(n.X) && isWords(n.Y) || isWords(n.X) && isProse(n.Y))
	case *ast.SwitchStmt:
		return n.Tag != nil && isProse(n.Tag)
	}
	return false
}

// isProse says that an expression is a field that holds a sentence.
func isProse(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	return ok && slices.Contains(prose, s.Sel.Name)
}

// isWords says that an expression is a literal that is not empty: whether there is a sentence at all may be asked.
func isWords(e ast.Expr) bool {
	l, ok := e.(*ast.BasicLit)
	return ok && l.Kind == token.STRING && len(l.Value) > 2
}
