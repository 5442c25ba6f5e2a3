package repair

import (
	"strings"
	"unicode/utf8"

	"github.com/aymanbagabas/go-udiff"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

// document is a file being edited. Everything that is not edited stays as it is, to the byte.
type document struct {
	name         string
	before, text string
	created      bool
	part         kafkaconf.Part // of a file that is created
}

// diff is the edits as patch and git apply read them; empty without any.
func (d *document) diff() string {
	path := strings.TrimPrefix(d.name, "/")
	from := "a/" + path
	if d.created {
		from = "/dev/null"
	}
	return udiff.Unified(from, "b/"+path, d.before, d.text)
}

// splice puts a text in place of the bytes from one offset to another.
func (d *document) splice(from, to int, s string) { d.text = d.text[:from] + s + d.text[to:] }

// lineEnd is how the lines of the file end.
func (d *document) lineEnd() string {
	if i := strings.IndexByte(d.text, '\n'); i > 0 && d.text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// insert adds a line so that it becomes the line of a number, from 1. Behind a last line without an end it ends that
// one.
func (d *document) insert(line int, s string) {
	at := d.offset(line, 1)
	if at == len(d.text) && d.text != "" && !strings.HasSuffix(d.text, "\n") {
		d.text += d.lineEnd()
		at = len(d.text)
	}
	d.splice(at, at, s+d.lineEnd())
}

// append adds a line at the end.
func (d *document) append(s string) { d.insert(1+strings.Count(d.text, "\n")+1, s) }

// offset is the byte at a line and column, in characters, both from 1; the end of the text where there is none.
func (d *document) offset(line, column int) int {
	at := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(d.text[at:], '\n')
		if i < 0 {
			return len(d.text)
		}
		at += i + 1
	}
	for ; column > 1 && at < len(d.text); column-- {
		_, n := utf8.DecodeRuneInString(d.text[at:])
		at += n
	}
	return at
}

// setProperty puts a new value where a key of a .properties file stands, and keeps the blanks and the separator before
// it. A value that goes on in the next lines becomes one line. It returns false where the key does not stand there.
func (d *document) setProperty(line, column int, key, value string) bool {
	from := d.offset(line, column)
	rest, found := strings.CutPrefix(d.text[from:], key)
	if !found {
		return false
	}
	from += len(key)
	trimmed := strings.TrimLeft(rest, " \t\f")
	if trimmed != "" && (trimmed[0] == '=' || trimmed[0] == ':') {
		trimmed = strings.TrimLeft(trimmed[1:], " \t\f")
	}
	if from += len(rest) - len(trimmed); len(trimmed) == len(rest) {
		value = "=" + value // a key by itself has the empty value
	}
	d.splice(from, from+logicalEnd(trimmed), value)
	return true
}

// logicalEnd is where the logical line of a .properties file ends, without its line end: a line that ends with an odd
// number of backslashes goes on in the next.
func logicalEnd(s string) int {
	at := 0
	for {
		line, _, more := strings.Cut(s[at:], "\n")
		line = strings.TrimSuffix(line, "\r")
		backslashes := len(line) - len(strings.TrimRight(line, `\`))
		if !more || backslashes%2 == 0 {
			return at + len(strings.TrimRight(line, " \t"))
		}
		at += strings.IndexByte(s[at:], '\n') + 1
	}
}
