package formats

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// jsonReader builds the tree of a JSON document from its tokens, whose offsets give the places.
type jsonReader struct {
	file    string
	data    []byte
	decoder *json.Decoder
	nodes   int
	at      offsets
}

// offsets turns growing offsets into lines and columns without beginning anew each time.
type offsets struct {
	offset, line, lineStart int
}

// parseJSON reads a file that holds one JSON document.
func parseJSON(file string, data []byte) (*node, Problems) {
	r := jsonReader{file: file, data: data, decoder: json.NewDecoder(bytes.NewReader(data)), at: offsets{line: 1}}
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
	var problems Problems
	at, syntax := int(r.decoder.InputOffset()), (*json.SyntaxError)(nil)
	if errors.As(err, &syntax) {
		at = int(syntax.Offset) - 1
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		at, err = len(data), errors.New("the file ends in the middle of the document")
	}
	problems.Add(Failure, r.position(min(max(at, 0), len(data))), "", "not valid JSON: %s", err)
	return nil, problems
}

// position is the place of an offset. Offsets are asked for in ascending order, except of errors.
func (r *jsonReader) position(offset int) Position {
	if offset < r.at.offset {
		r.at = offsets{line: 1}
	}
	for i := r.at.offset; i < offset; i++ {
		if r.data[i] == '\n' {
			r.at.line, r.at.lineStart = r.at.line+1, i+1
		}
	}
	r.at.offset = offset
	return Position{r.file, r.at.line, 1 + len(bytes.Runes(r.data[r.at.lineStart:offset]))}
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
	if r.nodes++; depth > maxDepth || r.nodes > maxNodes {
		return nil, fmt.Errorf("nested more than %d levels deep, or more than %d values", maxDepth, maxNodes)
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
