package lsp

import (
	"net/url"
	"path/filepath"
	"strings"
	"unicode/utf16"
)

// pathOf is the file of a URI; the URI itself where it names none. A drive letter begins a path of Windows.
func pathOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" {
		return uri
	}
	name := u.Path
	if len(name) > 2 && name[0] == '/' && name[2] == ':' {
		name = name[1:]
	}
	return filepath.FromSlash(name)
}

// lines are the lines of the document, without their ends.
func (d *document) lines() []string {
	return strings.Split(strings.ReplaceAll(d.text, "\r\n", "\n"), "\n")
}

// at is from a place, line and character from 1 with 0 for none, to the end of its line.
func (d *document) at(line, column int) span {
	lines := d.lines()
	n := min(max(line-1, 0), len(lines)-1)
	runes := []rune(lines[n])
	from := min(max(column-1, 0), len(runes))
	return span{position{n, units(runes[:from])}, position{n, units(runes)}}
}

// units is how many UTF-16 code units a text has.
func units(text []rune) int { return len(utf16.Encode(text)) }

// wordAt is the name at a place: letters, digits, dots, hyphens and underscores.
func (d *document) wordAt(p position) string {
	lines := d.lines()
	if p.Line < 0 || p.Line >= len(lines) {
		return ""
	}
	line := []rune(lines[p.Line])
	at := 0
	for at < len(line) && units(line[:at]) < p.Character {
		at++
	}
	from, to := at, at
	for from > 0 && isName(line[from-1]) {
		from--
	}
	for to < len(line) && isName(line[to]) {
		to++
	}
	return strings.Trim(string(line[from:to]), ".")
}

func isName(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r)
}

// editOf is one edit that makes a text of another: of the lines between those that are the same at both ends.
func editOf(before, after string) textEdit {
	old, now := strings.SplitAfter(before, "\n"), strings.SplitAfter(after, "\n")
	first := 0
	for first < len(old)-1 && first < len(now)-1 && old[first] == now[first] {
		first++
	}
	last := 0
	for last < len(old)-first-1 && last < len(now)-first-1 && old[len(old)-1-last] == now[len(now)-1-last] {
		last++
	}
	end := position{len(old) - 1 - last, units([]rune(old[len(old)-1-last]))}
	if last > 0 {
		end = position{len(old) - last, 0}
	}
	return textEdit{span{position{first, 0}, end}, strings.Join(now[first:len(now)-last], "")}
}
