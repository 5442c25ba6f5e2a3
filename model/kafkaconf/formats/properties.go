package formats

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kcheck/kcheck/model/kafkaconf/input"
)

// Property is one entry of a .properties file.
type Property struct {
	Key, Value     string
	KeyAt, ValueAt Position
}

// ParseProperties reads a .properties file as java.util.Properties.load does: comments with # and !, values that
// continue on the next line after a backslash, the escapes \t \n \r \f and \uXXXX, and "=", ":" or blanks between key
// and value. Entries come in the order of the file, repetitions included; placeholders such as ${file:...} are left as
// they are. What load would refuse, and what is no text at all, is a problem.
func ParseProperties(file string, data []byte) ([]Property, Problems) {
	if problem, bad := NotText(file, data); bad {
		return nil, Problems{problem}
	}
	var properties []Property
	var problems Problems
	s := scanner{data: string(bytes.TrimPrefix(data, []byte("\uFEFF"))), line: 1, column: 1}
	for s.toEntry() {
		p := Property{}
		p.Key, p.KeyAt = s.key(file, &problems)
		p.Value, p.ValueAt = s.value(file, &problems)
		properties = append(properties, p)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return properties, nil
}

// maxLines is far more than a configuration has: each may be an entry, and a problem of its own.
const maxLines = 50_000

// NotText says why data is no text: too long, binary, or not UTF-8.
func NotText(file string, data []byte) (Problem, bool) {
	problem := Problem{File: file, Severity: Failure}
	limit, lines := input.MaxText, bytes.Count(data, []byte("\n"))
	if input.IsJSON(data) {
		limit, lines = input.MaxJSON, 0 // a large plan has many
	}
	switch control := bytes.IndexFunc(data, isControl); {
	case len(data) > limit:
		problem.Message = fmt.Sprintf("the file has %d bytes; a configuration has at most %d", len(data), limit)
	case lines > maxLines:
		problem.Message = fmt.Sprintf("the file has %d lines; a configuration has at most %d", lines, maxLines)
	case control >= 0:
		problem.Line, problem.Column = lineColumn(data, control)
		problem.Message = fmt.Sprintf("byte 0x%02x: this is a binary file; expected a text file", data[control])
	case !utf8.Valid(data):
		at := 0
		for at < len(data) {
			r, size := utf8.DecodeRune(data[at:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			at += size
		}
		problem.Line, problem.Column = lineColumn(data, at)
		problem.Message = fmt.Sprintf("byte 0x%02x is not UTF-8; save the file as UTF-8", data[at])
	default:
		return problem, false
	}
	return problem, true
}

// isControl says whether a character does not occur in text files.
func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' || r == 0x7f
}

// lineColumn turns an offset into a line and a column, both from 1.
func lineColumn(data []byte, offset int) (line, column int) {
	before := data[:offset]
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}

// scanner walks over the characters of a .properties file.
type scanner struct {
	data         string
	at           int
	line, column int
}

func (s *scanner) done() bool { return s.at >= len(s.data) }

// peek is the next character; a carriage return counts as the end of the line.
func (s *scanner) peek() rune {
	r, _ := utf8.DecodeRuneInString(s.data[s.at:])
	return r
}

// next takes one character; "\r\n" is one line end.
func (s *scanner) next() rune {
	r, size := utf8.DecodeRuneInString(s.data[s.at:])
	s.at += size
	switch {
	case r == '\r' && strings.HasPrefix(s.data[s.at:], "\n"):
		s.at++
		fallthrough
	case r == '\n' || r == '\r':
		s.line, s.column = s.line+1, 1
		return '\n'
	}
	s.column++
	return r
}

func isBlank(r rune) bool   { return r == ' ' || r == '\t' || r == '\f' }
func isLineEnd(r rune) bool { return r == '\n' || r == '\r' }

func (s *scanner) skipBlanks() {
	for !s.done() && isBlank(s.peek()) {
		s.next()
	}
}

// toEntry moves to the first character of the next entry, over blank lines and comments.
func (s *scanner) toEntry() bool {
	for {
		s.skipBlanks()
		switch {
		case s.done():
			return false
		case isLineEnd(s.peek()):
			s.next()
		case s.peek() == '#' || s.peek() == '!':
			for !s.done() && !isLineEnd(s.peek()) {
				s.next()
			}
		case s.continued(): // nothing but a backslash: the entry begins on the next line, and no comment does
			if !s.done() && !isLineEnd(s.peek()) {
				return true
			}
		default:
			return true
		}
	}
}

// continued takes a backslash before a line end together with the blanks that begin the next line.
func (s *scanner) continued() bool {
	if s.peek() != '\\' {
		return false
	}
	rest := s.data[s.at+1:]
	if rest != "" && !isLineEnd(rune(rest[0])) {
		return false
	}
	s.next()
	if !s.done() {
		s.next()
	}
	s.skipBlanks()
	return true
}

// key reads up to the first "=", ":" or blank that is not escaped.
func (s *scanner) key(file string, problems *Problems) (string, Position) {
	at := Position{file, s.line, s.column}
	var b strings.Builder
	for !s.done() {
		if s.continued() {
			continue
		}
		r := s.peek()
		if isLineEnd(r) || isBlank(r) || r == '=' || r == ':' {
			break
		}
		s.character(&b, file, problems)
	}
	return b.String(), at
}

// value skips one separator and the blanks around it and reads the rest of the logical line.
func (s *scanner) value(file string, problems *Problems) (string, Position) {
	s.blanksAndContinuations()
	if !s.done() && (s.peek() == '=' || s.peek() == ':') {
		s.next()
		s.blanksAndContinuations()
	}
	at := Position{file, s.line, s.column}
	var b strings.Builder
	for !s.done() && !isLineEnd(s.peek()) {
		if !s.continued() {
			s.character(&b, file, problems)
		}
	}
	if !s.done() {
		s.next()
	}
	return b.String(), at
}

func (s *scanner) blanksAndContinuations() {
	for {
		s.skipBlanks()
		if s.done() || !s.continued() {
			return
		}
	}
}

// character takes one character or escape.
func (s *scanner) character(b *strings.Builder, file string, problems *Problems) {
	at := Position{file, s.line, s.column}
	r := s.next()
	if r != '\\' || s.done() {
		b.WriteRune(r)
		return
	}
	switch r = s.next(); r {
	case 't':
		b.WriteByte('\t')
	case 'n':
		b.WriteByte('\n')
	case 'r':
		b.WriteByte('\r')
	case 'f':
		b.WriteByte('\f')
	case 'u':
		s.unicode(b, at, problems)
	default:
		b.WriteRune(r)
	}
}

// unicode reads the four hexadecimal digits of a \uXXXX escape; a pair of surrogates is one character.
func (s *scanner) unicode(b *strings.Builder, at Position, problems *Problems) {
	high, ok := s.hex4()
	if !ok {
		problems.Add(Failure, at, "", `malformed \u escape; write four hexadecimal digits, \u0041`)
		return
	}
	if high >= 0xd800 && high < 0xdc00 && strings.HasPrefix(s.data[s.at:], `\u`) {
		saved := *s
		s.next()
		s.next()
		if low, ok := s.hex4(); ok && low >= 0xdc00 && low < 0xe000 {
			b.WriteRune((high-0xd800)<<10 + (low - 0xdc00) + 0x10000)
			return
		}
		*s = saved
	}
	b.WriteRune(high)
}

func (s *scanner) hex4() (rune, bool) {
	if len(s.data)-s.at < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(s.data[s.at:s.at+4], 16, 16)
	if err != nil {
		return 0, false
	}
	for range 4 {
		s.next()
	}
	return rune(n), true
}
