package repair

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// Edits of a spec. The tree of the YAML says where keys and values are; the text is changed there and nowhere else.

// root is the mapping of a document; nil where it is none.
func (d *document) root() *ast.MappingNode {
	file, err := parser.ParseBytes([]byte(d.text), parser.ParseComments)
	if err != nil || len(file.Docs) == 0 {
		return nil
	}
	return mapping(file.Docs[0].Body)
}

// mapping is a node as a mapping, which the parser makes a node of its own for a single entry; nil for any other node.
func mapping(n ast.Node) *ast.MappingNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n
	case *ast.MappingValueNode:
		return &ast.MappingNode{Start: n.Start, Values: []*ast.MappingValueNode{n}, BaseNode: &ast.BaseNode{}}
	}
	return nil
}

// entry finds an entry of a mapping by its key.
func entry(m *ast.MappingNode, key string) *ast.MappingValueNode {
	for _, e := range m.Values {
		if e.Key.GetToken().Value == key {
			return e
		}
	}
	return nil
}

// entryAt finds the entry whose key stands at a line and column, in a mapping or below it.
func entryAt(m *ast.MappingNode, line, column int) *ast.MappingValueNode {
	for _, e := range m.Values {
		if at := e.Key.GetToken().Position; at.Line == line && at.Column == column {
			return e
		}
		if below := mapping(e.Value); below != nil {
			if found := entryAt(below, line, column); found != nil {
				return found
			}
		}
	}
	return nil
}

// setYAML puts a new value where a key stands, with the quotes of the old one. It returns false where no key stands
// there, or where its value is not one word.
func (d *document) setYAML(line, column int, value string) bool {
	root := d.root()
	if root == nil {
		return false
	}
	e := entryAt(root, line, column)
	return e != nil && d.setScalar(e.Value, value)
}

// setScalar replaces a scalar.
func (d *document) setScalar(n ast.Node, value string) bool {
	if _, scalar := n.(ast.ScalarNode); !scalar {
		return false
	}
	t := n.GetToken()
	old := strings.TrimSpace(t.Origin)
	from := d.offset(t.Position.Line, t.Position.Column)
	if old == "" || !strings.HasPrefix(d.text[from:], old) {
		return false
	}
	switch t.Type {
	case token.SingleQuoteType:
		value = "'" + value + "'"
	case token.DoubleQuoteType:
		value = `"` + value + `"`
	}
	d.splice(from, from+len(old), value)
	return true
}

// addToPart adds an entry to the mapping of a part of a spec. It returns false where the part is there and is no
// mapping, such as the name of a file.
func (d *document) addToPart(part, key, value string, assumed []string) bool {
	root := d.root()
	if root == nil {
		return false
	}
	e := entry(root, part)
	if e == nil {
		d.insert(placeOfPart(root), part+": {"+strings.Join(append(assumed, key+": "+value), ", ")+"}")
		return true
	}
	if _, empty := e.Value.(*ast.NullNode); empty {
		d.insert(e.Key.GetToken().Position.Line+1, "  "+key+": "+value)
		return true
	}
	m := mapping(e.Value)
	switch {
	case m == nil:
		return false
	case m.IsFlowStyle:
		d.addToFlow(m, key+": "+value)
	default:
		last := m.Values[len(m.Values)-1]
		indent := strings.Repeat(" ", m.Values[0].Key.GetToken().Position.Column-1)
		d.insert(lastLine(last)+1, indent+key+": "+value)
	}
	return true
}

// addToFlow adds an entry behind the last of a mapping in braces.
func (d *document) addToFlow(m *ast.MappingNode, text string) {
	end := d.offset(m.End.Position.Line, m.End.Position.Column)
	n := len(m.Values)
	if n == 0 {
		d.splice(d.offset(m.Start.Position.Line, m.Start.Position.Column)+1, end, text)
		return
	}
	last := m.Values[n-1].Value.GetToken()
	at := d.offset(last.Position.Line, last.Position.Column) + len(strings.TrimSpace(last.Origin))
	if _, none := m.Values[n-1].Value.(*ast.NullNode); none || at > end {
		at = end
	}
	d.splice(at, at, ", "+text)
}

// lastLine is the last line of an entry of a mapping.
func lastLine(e *ast.MappingValueNode) int {
	if m := mapping(e.Value); m != nil {
		if m.IsFlowStyle && m.End != nil {
			return m.End.Position.Line
		}
		if n := len(m.Values); n > 0 {
			return lastLine(m.Values[n-1])
		}
	}
	return max(e.Key.GetToken().Position.Line, e.Value.GetToken().Position.Line)
}

// afterParts are the keys of a spec that stand behind the parts that Kafka itself has.
var afterParts = []string{"app", "model", "faults", "scope", "expect"}

// placeOfPart is the line for a new part: before the keys that stand behind it, or the one after the last.
func placeOfPart(root *ast.MappingNode) int {
	for _, e := range root.Values {
		if slices.Contains(afterParts, e.Key.GetToken().Value) {
			return e.Key.GetToken().Position.Line
		}
	}
	return lastLine(root.Values[len(root.Values)-1]) + 1
}

// expectHolds corrects what a spec expects of its guarantees: all of them hold now.
func (d *document) expectHolds() {
	root := d.root()
	if root == nil {
		return
	}
	e := entry(root, "expect")
	if e == nil {
		return
	}
	values := []ast.Node{e.Value}
	if m := mapping(e.Value); m != nil {
		values = nil
		for _, e := range m.Values {
			values = append(values, e.Value)
		}
	}
	slices.Reverse(values) // so that what is replaced moves nothing that is still to be replaced
	for _, v := range values {
		d.setScalar(v, string(verdict.Holds))
	}
}
