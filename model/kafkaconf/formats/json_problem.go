package formats

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strings"
)

// JSONProblem is what encoding/json found wrong with a document, with its place, the key, and what would be right.
func JSONProblem(file string, data []byte, err error) Problem {
	p := Problem{File: file, Severity: Failure}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &syntax) && int(syntax.Offset) >= len(data) && strings.HasPrefix(syntax.Error(), "unexpected end"):
		p.Line, p.Column = lineColumn(data, len(data))
		p.Message = "not valid JSON: the file ends in the middle of the document"
	case errors.As(err, &syntax):
		p.Line, p.Column = lineColumn(data, max(int(syntax.Offset)-1, 0))
		p.Message = "not valid JSON: " + syntax.Error()
	case errors.As(err, &kind):
		p.Key = kind.Field
		if offset := max(min(int(kind.Offset), len(data))-1, 0); isAt(data[:offset], kind.Field) {
			p.Line, p.Column = lineColumn(data, offset)
		}
		value, number, _ := strings.Cut(kind.Value, " ")
		if number != "" {
			value = number
		}
		p.Message = fmt.Sprintf("%s stands here; expected %s", value, jsonKind(kind.Type))
	default:
		p.Message = strings.TrimPrefix(err.Error(), "json: ")
	}
	p.Message = OneLine(p.Message)
	return p
}

// lastKey matches the last key of a piece of JSON.
var lastKey = regexp.MustCompile(`(?s)^.*"([^"]*)"\s*:`)

// isAt says whether a document that is cut off at a value is cut off at the field of that path. Types that read themselves
// count the offset of an error from their own beginning.
func isAt(before []byte, field string) bool {
	m := lastKey.FindSubmatch(before[max(0, len(before)-4096):])
	return m != nil && string(m[1]) == field[strings.LastIndexByte(field, '.')+1:]
}

// jsonKind says in plain words what a value of a type is in JSON.
func jsonKind(t reflect.Type) string {
	if t.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) || reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return "a text"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Map, reflect.Struct:
		return "an object"
	case reflect.Pointer:
		return jsonKind(t.Elem())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number that is not negative and not too large"
	}
	return "a whole number"
}
