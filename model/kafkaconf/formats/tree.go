package formats

import (
	"strconv"
	"strings"
)

// node is a value of a YAML or JSON document with the place where it stands.
type node struct {
	at     Position
	kind   kind
	text   string  // of a scalar
	plain  bool    // a scalar without quotes
	fields []field // of a mapping, in the order of the file
	items  []*node // of a sequence
}

// kind says what a node is.
type kind uint8

const (
	scalar kind = iota
	mapping
	sequence
	null
)

// String is the word for a message.
func (k kind) String() string { return [...]string{"a value", "a mapping", "a list", "nothing"}[k] }

// field is one entry of a mapping.
type field struct {
	key   string
	at    Position
	value *node
}

// maxDepth bounds the nesting of a document, maxNodes its size once aliases are followed.
const (
	maxDepth = 60
	maxNodes = 100_000
)

// get gives the field of a mapping; false for any other node, nil included.
func (n *node) get(key string) (field, bool) {
	if n == nil {
		return field{}, false
	}
	for _, f := range n.fields {
		if f.key == key {
			return f, true
		}
	}
	return field{}, false
}

// at follows keys through nested mappings; nil where one is missing.
func (n *node) path(keys ...string) *node {
	for _, key := range keys {
		f, found := n.get(key)
		if !found {
			return nil
		}
		n = f.value
	}
	return n
}

// word is the text of the scalar at the end of a path; "" where there is none.
func (n *node) word(keys ...string) string {
	if end := n.path(keys...); end != nil && end.kind == scalar {
		return strings.TrimSpace(end.text)
	}
	return ""
}

// list is the items of a sequence; none for anything else.
func (n *node) list(keys ...string) []*node {
	if end := n.path(keys...); end != nil {
		return end.items
	}
	return nil
}

// properties is a mapping as a list of properties, without what is no text; none of anything else.
func (n *node) properties() []Property {
	var properties []Property
	if n == nil {
		return nil
	}
	for _, f := range n.fields {
		if text, ok := f.value.joined(); ok {
			properties = append(properties, Property{f.key, text, f.at, f.value.at})
		}
	}
	return properties
}

// flatten lists the scalars below a node under their dotted names: {a: {b.c: 1}} is a.b.c. A list of scalars is one
// value, its items separated by commas, as Kafka writes lists.
func (n *node) flatten(prefix string, each func(name string, f field, text string)) {
	for _, f := range n.fields {
		name := f.key
		if prefix != "" {
			name = prefix + "." + f.key
		}
		switch f.value.kind {
		case mapping:
			f.value.flatten(name, each)
		case sequence, scalar:
			if text, ok := f.value.joined(); ok {
				each(name, f, text)
			}
		}
	}
}

// line is everything that a node says, in one line.
func (n *node) line() string {
	if n == nil || n.kind == null {
		return ""
	}
	words := []string{n.text}
	for _, item := range n.items {
		words = append(words, item.line())
	}
	for _, f := range n.fields {
		words = append(words, f.value.line())
	}
	return strings.TrimSpace(strings.Join(strings.Fields(strings.Join(words, " ")), " "))
}

// wholeNumber reads a count; 0 for anything else.
func wholeNumber(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// wholeText writes a count.
func wholeText(n int) string { return strconv.Itoa(n) }

// joined is the text of a scalar, or of a list of scalars, separated by commas.
func (n *node) joined() (string, bool) {
	switch n.kind {
	case scalar:
		return n.text, true
	case sequence:
		texts := make([]string, len(n.items))
		for i, item := range n.items {
			if item.kind != scalar {
				return "", false
			}
			texts[i] = item.text
		}
		return strings.Join(texts, ","), true
	}
	return "", false
}
