package formats

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// jsonReader builds the tree of a JSON document from its tokens, whose offsets give the places.
type jsonReader struct {
	data    []byte
	decoder *json.Decoder
	nodes   int
	at      Position // of the last offset that was asked for
	offset  int
}

// maxJSONNodes bounds the size of a JSON document; a plan of Terraform may be large.
const maxJSONNodes = 1_000_000

// parseJSON reads a file that holds one JSON document.
func parseJSON(file string, data []byte) (*node, Problems) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	r := jsonReader{data: data, decoder: json.NewDecoder(bytes.NewReader(data)), at: Position{file, 1, 1}}
	r.decoder.UseNumber()
	root, err := r.value(0)
	if err == nil {
		if _, more := r.decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the document")
		}
	}
	if err == nil {
		return root, nil
	}
	at, message := r.at, err.Error()
	if syntax := (*json.SyntaxError)(nil); errors.As(json.Unmarshal(data, new(any)), &syntax) {
		message = strings.Replace(syntax.Error(), "unexpected end of JSON input", "the file ends in the middle of the document", 1)
		line, column := lineColumn(data, max(int(syntax.Offset)-1, 0))
		at = Position{file, line, column}
	}
	var problems Problems
	problems.Add(Failure, at, "", "not valid JSON: %s", message)
	return nil, problems
}

// position is the place of an offset. Offsets are asked for in ascending order.
func (r *jsonReader) position(offset int) Position {
	for r.offset < offset {
		c, size := utf8.DecodeRune(r.data[r.offset:])
		r.offset += size
		if r.at.Column++; c == '\n' {
			r.at.Line, r.at.Column = r.at.Line+1, 1
		}
	}
	return r.at
}

// next is the place where the next token begins.
func (r *jsonReader) next() Position {
	i := int(r.decoder.InputOffset())
	for i < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[i]) >= 0 {
		i++
	}
	return r.position(i)
}

// value reads one value with everything in it.
func (r *jsonReader) value(depth int) (*node, error) {
	if r.nodes++; depth > maxDepth || r.nodes > maxJSONNodes {
		return nil, fmt.Errorf("nested more than %d levels deep, or more than %d values", maxDepth, maxJSONNodes)
	}
	n := &node{at: r.next()}
	token, err := r.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		return n, r.collection(n, token, depth)
	case nil:
		n.kind = null
	default:
		n.text = fmt.Sprint(token)
	}
	return n, nil
}

// collection reads the rest of an object or an array.
func (r *jsonReader) collection(n *node, open json.Delim, depth int) error {
	n.kind = map[json.Delim]kind{'{': mapping, '[': sequence}[open]
	for r.decoder.More() {
		f := field{at: r.next()}
		if n.kind == mapping {
			key, err := r.decoder.Token()
			if err != nil {
				return err
			}
			f.key = fmt.Sprint(key)
		}
		value, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		if f.value = value; n.kind == sequence {
			n.items = append(n.items, value)
			continue
		}
		if _, again := n.get(f.key); again && len(n.fields) < 1000 {
			return fmt.Errorf("%s is given twice in one object", Quote(f.key))
		}
		n.fields = append(n.fields, f)
	}
	_, err := r.decoder.Token()
	return err
}
