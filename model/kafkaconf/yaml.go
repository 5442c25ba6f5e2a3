package kafkaconf

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// field is one entry of a YAML mapping.
type field struct {
	key   string
	at    Position
	value ast.Node
}

// yamlReader turns YAML nodes into fields and texts, collecting what is wrong.
type yamlReader struct {
	file     string
	problems Problems
}

// document parses a file that holds one mapping.
func (y *yamlReader) document(data []byte) ([]field, bool) {
	file, problems := formats.ParseYAML(y.file, data)
	y.problems = append(y.problems, problems...)
	if file == nil {
		return nil, false
	}
	switch {
	case len(file.Docs) > 1 && file.Docs[1].Body != nil:
		y.problems.Add(Failure, y.position(file.Docs[1].Body), "", "a second document; write one spec per file")
		return nil, false
	case len(file.Docs) == 0 || file.Docs[0].Body == nil:
		y.problems.Add(Failure, Position{File: y.file}, "", "the file is empty; a spec has at least guarantee: NAME")
		return nil, false
	}
	return y.mapping(file.Docs[0].Body, "")
}

// position is where a node begins.
func (y *yamlReader) position(n ast.Node) Position { return formats.YAMLPosition(y.file, n) }

// mapping lists the entries of a mapping in the order of the file. Nothing at all counts as an empty mapping.
func (y *yamlReader) mapping(n ast.Node, key string) ([]field, bool) {
	var entries []*ast.MappingValueNode
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return nil, true
	case *ast.MappingNode:
		entries = n.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{n}
	default:
		y.problems.Add(Failure, y.position(n), key, "expected a mapping; write %s",
			map[bool]string{true: "key: value lines", false: key + ": {key: value}"}[key == ""])
		return nil, false
	}
	var fields []field
	seen := map[string]Position{}
	for _, e := range entries {
		name, ok := y.text(e.Key, key)
		if !ok {
			continue
		}
		at := y.position(e.Key)
		if first, again := seen[name]; again {
			y.problems.Add(Failure, at, joinKey(key, name), "is given twice; the first is at line %d", first.Line)
			continue
		}
		seen[name] = at
		fields = append(fields, field{name, at, e.Value})
	}
	return fields, true
}

// text is the text of a scalar as it stands in the file, so that 0.10 stays 0.10 and a quoted value is the same as one
// without quotes.
func (y *yamlReader) text(n ast.Node, key string) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), true
	case *ast.NullNode, nil:
		y.problems.Add(Failure, y.position(n), key, "has no value; write one")
		return "", false
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return strings.TrimSpace(n.GetToken().Value), true
	case *ast.MappingKeyNode, *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode, *ast.TagNode, *ast.DirectiveNode:
		y.problems.Add(Failure, y.position(n), key, "anchors, aliases, merge keys, tags and complex keys are not read; write the value itself")
		return "", false
	}
	y.problems.Add(Failure, y.position(n), key, "expected one value; found a %s", strings.ToLower(n.Type().String()))
	return "", false
}

// word is a text with its position.
type word struct {
	text string
	at   Position
}

// list reads one scalar or a sequence of scalars.
func (y *yamlReader) list(n ast.Node, key string) []word {
	sequence, ok := n.(*ast.SequenceNode)
	if !ok {
		if s, ok := y.text(n, key); ok {
			return []word{{s, y.position(n)}}
		}
		return nil
	}
	var words []word
	for _, item := range sequence.Values {
		if s, ok := y.text(item, key); ok {
			words = append(words, word{s, y.position(item)})
		}
	}
	return words
}

// isPlainText says whether a node is a scalar that may be a path.
func isPlainText(n ast.Node) bool {
	s, ok := n.(*ast.StringNode)
	return ok && s.GetToken().Type != token.NullType
}

// isList says whether a node is a sequence.
func isList(n ast.Node) bool { _, ok := n.(*ast.SequenceNode); return ok }

func joinKey(part, key string) string {
	if part == "" {
		return key
	}
	return part + "." + key
}
