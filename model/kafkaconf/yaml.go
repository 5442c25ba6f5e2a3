package kafkaconf

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxDepth bounds the nesting of a YAML file; a spec needs three levels.
const maxDepth = 40

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
	if problem, bad := notText(y.file, data); bad {
		y.problems = append(y.problems, problem)
		return nil, false
	}
	if line, deep := nestedTooDeep(data); deep {
		y.problems.add(Failure, Position{y.file, line, 1}, "", "nested more than %d levels deep; a spec has three", maxDepth)
		return nil, false
	}
	file, err := parseYAML(data)
	if err != nil {
		y.syntax(err)
		return nil, false
	}
	switch {
	case len(file.Docs) > 1 && file.Docs[1].Body != nil:
		y.problems.add(Failure, y.position(file.Docs[1].Body), "", "a second document; write one spec per file")
		return nil, false
	case len(file.Docs) == 0 || file.Docs[0].Body == nil:
		y.problems.add(Failure, Position{File: y.file}, "", "the file is empty; a spec has at least guarantee: NAME")
		return nil, false
	}
	return y.mapping(file.Docs[0].Body, "")
}

// parseYAML keeps a defect of the YAML library from ending the program.
func parseYAML(data []byte) (file *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("cannot be parsed as YAML")
		}
	}()
	return parser.ParseBytes(data, 0)
}

// nestedTooDeep finds flow collections and indentation that are deeper than any spec, which the YAML library would
// follow recursively.
func nestedTooDeep(data []byte) (line int, deep bool) {
	level := 0
	for i, text := range strings.Split(string(data), "\n") {
		trimmed := strings.TrimLeft(text, " -")
		if len(text)-len(trimmed) > 8*maxDepth {
			return i + 1, true
		}
		level = max(0, level+strings.Count(text, "[")+strings.Count(text, "{")-strings.Count(text, "]")-strings.Count(text, "}"))
		if level > maxDepth {
			return i + 1, true
		}
	}
	return 0, false
}

// syntax reports what the YAML parser found.
func (y *yamlReader) syntax(err error) {
	at := Position{File: y.file}
	message := err.Error()
	var located yaml.Error
	if errors.As(err, &located) {
		message = located.GetMessage()
		if t := located.GetToken(); t != nil && t.Position != nil {
			at.Line, at.Column = t.Position.Line, t.Position.Column
		}
	}
	y.problems.add(Failure, at, "", "not valid YAML: %s", firstLine(message))
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// position is where a node begins.
func (y *yamlReader) position(n ast.Node) Position {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return Position{File: y.file}
	}
	p := n.GetToken().Position
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return y.position(m.Values[0].Key)
	}
	return Position{y.file, p.Line, p.Column}
}

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
		y.problems.add(Failure, y.position(n), key, "expected a mapping; write %s",
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
			y.problems.add(Failure, at, joinKey(key, name), "is given twice; the first is at line %d", first.Line)
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
		y.problems.add(Failure, y.position(n), key, "has no value; write one")
		return "", false
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return strings.TrimSpace(n.GetToken().Value), true
	case *ast.MappingKeyNode, *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode, *ast.TagNode, *ast.DirectiveNode:
		y.problems.add(Failure, y.position(n), key, "anchors, aliases, merge keys, tags and complex keys are not read; write the value itself")
		return "", false
	}
	y.problems.add(Failure, y.position(n), key, "expected one value; found a %s", strings.ToLower(n.Type().String()))
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

func joinKey(part, key string) string {
	if part == "" {
		return key
	}
	return part + "." + key
}
