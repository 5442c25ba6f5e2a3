package formats

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// yamlReader builds trees from YAML, with anchors, aliases and merge keys followed.
type yamlReader struct {
	file    string
	anchors map[string]ast.Node
	nodes   int
}

// parseYAML reads a file of one or more YAML documents; empty ones are left out.
func parseYAML(file string, data []byte) ([]*node, Problems) {
	parsed, problems := ParseYAML(file, data)
	if parsed == nil {
		return nil, problems
	}
	var documents []*node
	for _, document := range parsed.Docs {
		if document == nil || document.Body == nil {
			continue
		}
		r := yamlReader{file: file, anchors: map[string]ast.Node{}}
		root, err := r.tree(document.Body, 0)
		var located placed
		if errors.As(err, &located) {
			problems.Add(Failure, located.at, "", "%s", located.message)
			continue
		}
		if root.kind != null {
			documents = append(documents, root)
		}
	}
	return documents, problems
}

// ParseYAML parses YAML. What could exhaust the YAML library is refused before: a file that is too large, no text, or
// nested too deep. A file of YAML that cannot be parsed is nil.
func ParseYAML(file string, data []byte) (*ast.File, Problems) {
	if problem, bad := NotText(file, data); bad {
		return nil, Problems{problem}
	}
	var problems Problems
	if line, deep := nestedTooDeep(data); deep {
		problems.Add(Failure, Position{file, line, 1}, "", "nested more than %d levels deep", maxDepth)
		return nil, problems
	}
	parsed, err := parseBytes(data)
	if err != nil {
		problem := YAMLProblem(file, err)
		problem.Message = "not valid YAML: " + problem.Message
		return nil, Problems{problem}
	}
	return parsed, nil
}

// parseBytes keeps a defect of the YAML library from ending the program.
func parseBytes(data []byte) (file *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("cannot be parsed")
		}
	}()
	return parser.ParseBytes(data, 0)
}

// nestedTooDeep finds flow collections and indentation that are deeper than any configuration, which the YAML library
// would follow recursively.
func nestedTooDeep(data []byte) (line int, deep bool) {
	level := 0
	for text := range bytes.Lines(data) {
		line++
		trimmed := bytes.TrimLeft(text, " -")
		opened := bytes.Count(text, []byte("[")) + bytes.Count(text, []byte("{"))
		closed := bytes.Count(text, []byte("]")) + bytes.Count(text, []byte("}"))
		if level = max(0, level+opened-closed); level > maxDepth || len(text)-len(trimmed) > 8*maxDepth {
			return line, true
		}
	}
	return 0, false
}

// YAMLProblem is what the YAML library found, with its place.
func YAMLProblem(file string, err error) Problem {
	at := Position{File: file}
	message := ""
	var located yaml.Error
	if !errors.As(err, &located) {
		message = err.Error()
	} else { // whose Error would print the source around it, which takes long for a long line
		message = located.GetMessage()
		if t := located.GetToken(); t != nil && t.Position != nil {
			at.Line, at.Column = t.Position.Line, t.Position.Column
		}
	}
	first, _, _ := strings.Cut(strings.TrimSpace(strings.ReplaceAll(message, "\t", "tab")), "\n")
	first = yamlQuotes.ReplaceAllString(first, "$1")
	return Problem{File: file, Line: at.Line, Column: at.Column, Message: shortened(WithoutSecrets(first), 200) + yamlRemedy(first), Severity: Failure}
}

// yamlQuotes matches the reasons in which the YAML library quotes a piece of the file, in which anything may stand.
var yamlQuotes = regexp.MustCompile(`^(invalid header option|unknown YAML version).*`)

// yamlRemedies are what is mostly the cause where the YAML library gives a reason, by a part of the reason.
var yamlRemedies = []struct{ reason, remedy string }{
	{"mapping value is not allowed", "look at the indentation here and above, and quote a text that has a colon in it"},
	{"value is not allowed in this context", "look at the indentation here and above"},
	{"non-map value is specified", "write KEY: VALUE, with a blank behind the colon"},
	{"unexpected key name", "write KEY: VALUE, with a blank behind the colon"},
	{"unexpected map key", "write KEY: VALUE, with a blank behind the colon"},
	{"double-quoted text", "close the quotes"},
	{"single-quoted text", "close the quotes"},
	{"flow map", "close the brace, or begin a block with KEY: VALUE lines"},
	{"'}' must be specified", "close the brace, and put a comma between the entries"},
	{"']' must be specified", "close the bracket, and put a comma between the values"},
	{"sequence end token", "close the bracket"},
	{"already defined", "write the key once"},
	{"reserved character", "quote the text"},
	{"tab character", "indent with blanks"},
	{"invalid key", "write KEY: VALUE, with a name for the key"},
	{"invalid header option", "write | or > alone, and the text in the lines below"},
}

// yamlRemedy says what to look at; "" where that is not known.
func yamlRemedy(reason string) string {
	for _, r := range yamlRemedies {
		if strings.Contains(reason, r.reason) {
			return "; " + r.remedy
		}
	}
	return ""
}

// placed is an error with its place.
type placed struct {
	at      Position
	message string
}

// Error implements error.
func (p placed) Error() string { return p.message }

// position is where a node begins.
func (r *yamlReader) position(n ast.Node) Position {
	return YAMLPosition(r.file, n)
}

// YAMLPosition is where a YAML node begins: a block mapping at its first key.
func YAMLPosition(file string, n ast.Node) Position {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return Position{File: file}
	}
	p := n.GetToken().Position
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return YAMLPosition(file, m.Values[0].Key)
	}
	return Position{file, p.Line, p.Column}
}

// tree turns a node of the YAML library into one of ours.
func (r *yamlReader) tree(n ast.Node, depth int) (*node, error) {
	if r.nodes++; depth > maxDepth || r.nodes > maxNodes {
		return nil, placed{r.position(n), "aliases make this file larger than any configuration"}
	}
	out := &node{at: r.position(n)}
	switch n := n.(type) {
	case nil, *ast.NullNode:
		out.kind = null
	case *ast.StringNode:
		out.text, out.plain = n.Value, n.Token.Type == token.StringType
	case *ast.LiteralNode:
		out.text = n.Value.Value
	case *ast.MappingNode:
		out.kind = mapping
		return out, r.entries(out, n.Values, depth)
	case *ast.MappingValueNode:
		out.kind = mapping
		return out, r.entries(out, []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		out.kind = sequence
		for _, item := range n.Values {
			value, err := r.tree(item, depth+1)
			if err != nil {
				return nil, err
			}
			out.items = append(out.items, value)
		}
	case *ast.AnchorNode:
		r.anchors[n.Name.GetToken().Value] = n.Value
		return r.tree(n.Value, depth)
	case *ast.AliasNode:
		return r.alias(n, depth)
	case *ast.TagNode:
		return r.tree(n.Value, depth)
	default:
		out.text = strings.TrimSpace(n.GetToken().Value)
	}
	return out, nil
}

// alias follows an alias; what it stands for keeps the place where it is written.
func (r *yamlReader) alias(n *ast.AliasNode, depth int) (*node, error) {
	name := n.Value.GetToken().Value
	target, found := r.anchors[name]
	if !found {
		return nil, placed{r.position(n), "unknown alias *" + OneLine(name)}
	}
	return r.tree(target, depth+1)
}

// entries reads the entries of a mapping. What a merge key brings counts only where the mapping itself is silent.
func (r *yamlReader) entries(out *node, entries []*ast.MappingValueNode, depth int) error {
	var merged []field
	for _, e := range entries {
		value, err := r.tree(e.Value, depth+1)
		if err != nil {
			return err
		}
		if _, isMerge := e.Key.(*ast.MergeKeyNode); isMerge {
			for _, m := range append([]*node{value}, value.items...) {
				merged = append(merged, m.fields...)
			}
			continue
		}
		key, err := r.tree(e.Key, depth+1)
		if err != nil {
			return err
		}
		if first, again := out.get(key.text); again {
			return placed{key.at, fmt.Sprintf("%s is given twice; the first is at line %d", Quote(key.text), first.at.Line)}
		}
		out.fields = append(out.fields, field{key.text, key.at, value})
	}
	for _, f := range merged {
		if _, found := out.get(f.key); !found {
			out.fields = append(out.fields, f)
		}
	}
	return nil
}
