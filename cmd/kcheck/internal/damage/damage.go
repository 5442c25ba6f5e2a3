// Package damage damages what programs read, for tests: texts, lines and JSON documents, a little or beyond recognition.
// What it makes of the same input with the same random numbers is always the same.
package damage

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
)

// words stand in place of others: numbers out of every range, values of other types, and what means something to a
// parser, a terminal or a workflow of GitHub.
var words = []string{
	"", "-1", "0", "1", "2", "7", "255", "256", "65536", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
	"99999999999999999999", "1e999", "-1e999", "NaN", "Inf", "0x10", "1_000", "1.5", "true", "yes", "null", "~", "[]", "{}", "[[]]",
	"{a: b}", `""`, "''", `"`, "'", "\x00", "\x1b[31m", "\n::error::x", "##[error]x", "\u202e", "\ufeff", "\xff\xfe", "\r", "\t", "${x}", "${x:${y}}",
	"%dev", "*a", "&a x", "<<: *a", "!!binary x", "!!int x", "? x", "- x", "---", "...", "#", "//", "\\", "\\u00zz", "\\u0000", "|", ">", "@", "`", ",", ":", "=",
	"any", "all", "none", "standard", "holds", "violated", "order", "at-least-once", "exactly-once", "broker-crash", "producer.acks", "../../etc/passwd", "/dev/zero", ".",
}

// word is what counts as one.
var word = regexp.MustCompile(`[A-Za-z0-9_.\-]+`)

// Text damages a text at one to three places. others are texts of which pieces may be put into it.
func Text(r *rand.Rand, text []byte, others [][]byte) []byte {
	out := bytes.Clone(text)
	for range 1 + r.IntN(3) {
		out = texts[r.IntN(len(texts))](r, out, others)
	}
	return out
}

// texts are the ways in which a text is damaged.
var texts = []func(r *rand.Rand, text []byte, others [][]byte) []byte{
	func(r *rand.Rand, text []byte, _ [][]byte) []byte { return text[:r.IntN(len(text)+1)] }, // cut off
	func(r *rand.Rand, text []byte, _ [][]byte) []byte { return text[r.IntN(len(text)+1):] },
	bytesChanged, piece, piece, wordReplaced, wordReplaced, wordReplaced, wordReplaced, misspelt, misspelt, lines, lines, indented, spliced,
}

// bytesChanged replaces single bytes.
func bytesChanged(r *rand.Rand, text []byte, _ [][]byte) []byte {
	for range min(len(text), 1+r.IntN(4)) {
		text[r.IntN(len(text))] = byte(r.IntN(256))
	}
	return text
}

// span is a random piece of a text, mostly a short one.
func span(r *rand.Rand, text []byte) (from, to int) {
	from = r.IntN(len(text) + 1)
	most := len(text) - from
	if r.IntN(4) > 0 {
		most = min(most, 12)
	}
	return from, from + r.IntN(most+1)
}

// piece leaves a piece out, repeats it, or puts it somewhere else.
func piece(r *rand.Rand, text []byte, _ [][]byte) []byte {
	from, to := span(r, text)
	cut := bytes.Clone(text[from:to])
	switch r.IntN(3) {
	case 0:
		return slices.Delete(text, from, to)
	case 1:
		return slices.Insert(text, to, bytes.Repeat(cut, 1+r.IntN(3))...)
	}
	rest := slices.Delete(text, from, to)
	return slices.Insert(rest, r.IntN(len(rest)+1), cut...)
}

// wordReplaced puts a word of the list in place of one of the text.
func wordReplaced(r *rand.Rand, text []byte, _ [][]byte) []byte {
	at := word.FindAllIndex(text, -1)
	if len(at) == 0 {
		return append(text, words[r.IntN(len(words))]...)
	}
	place := at[r.IntN(len(at))]
	return slices.Replace(text, place[0], place[1], []byte(words[r.IntN(len(words))])...)
}

// misspelt exchanges two letters of a word, or doubles or leaves out one.
func misspelt(r *rand.Rand, text []byte, _ [][]byte) []byte {
	at := word.FindAllIndex(text, -1)
	if len(at) == 0 {
		return text
	}
	place := at[r.IntN(len(at))]
	i := place[0] + r.IntN(place[1]-place[0])
	switch {
	case i+1 < place[1] && r.IntN(2) == 0:
		text[i], text[i+1] = text[i+1], text[i]
		return text
	case r.IntN(2) == 0:
		return slices.Insert(text, i, text[i])
	}
	return slices.Delete(text, i, i+1)
}

// lines leaves a line out, repeats one, or exchanges two.
func lines(r *rand.Rand, text []byte, _ [][]byte) []byte {
	all := bytes.SplitAfter(text, []byte("\n"))
	i, j := r.IntN(len(all)), r.IntN(len(all))
	switch r.IntN(3) {
	case 0:
		all = slices.Delete(all, i, i+1)
	case 1:
		all = slices.Insert(all, j, all[i])
	default:
		all[i], all[j] = all[j], all[i]
	}
	return bytes.Join(all, nil)
}

// indented moves the beginning of a line.
func indented(r *rand.Rand, text []byte, _ [][]byte) []byte {
	all := bytes.SplitAfter(text, []byte("\n"))
	i := r.IntN(len(all))
	if r.IntN(2) == 0 {
		all[i] = bytes.TrimLeft(all[i], " \t")
	} else {
		all[i] = append(bytes.Repeat([]byte(" "), 1+r.IntN(6)), all[i]...)
	}
	return bytes.Join(all, nil)
}

// spliced puts a piece of another text in place of one of this.
func spliced(r *rand.Rand, text []byte, others [][]byte) []byte {
	if len(others) == 0 {
		return text
	}
	other := others[r.IntN(len(others))]
	from, to := r.IntN(len(other)+1), len(other)
	if r.IntN(2) == 0 {
		from, to = span(r, other)
	}
	i, j := span(r, text)
	return slices.Replace(text, i, j, other[from:to]...)
}

// values stand in place of others in a JSON document.
var values = []string{
	"null", "true", "false", `""`, `"x"`, `"\u001b[31m"`, `"\n::error::x"`, `"../x"`, `"holds"`, `"violated"`, `"order"`, `"broker-crash"`, `"any"`, "0", "1", "-1", "2",
	"255", "1099511627776", "-1099511627776", "1e300", "-0.5", "[]", "{}", "[null]", "[{}]", `{"": null}`, `{"x": -1}`,
}

// value is one of them.
func value(r *rand.Rand) (v any) {
	_ = json.Unmarshal([]byte(values[r.IntN(len(values))]), &v)
	return v
}

// JSON damages one to three values of a JSON document, which stays one. What is no JSON document is damaged as a text.
func JSON(r *rand.Rand, document []byte) []byte {
	var root any
	if json.Unmarshal(document, &root) != nil {
		return Text(r, document, nil)
	}
	for range 1 + r.IntN(3) {
		n := count(root)
		root = changed(r, root, r.IntN(n), new(int))
	}
	out, err := json.Marshal(root)
	if err != nil {
		return document
	}
	return out
}

// count is how many values are in a value, itself among them.
func count(v any) int {
	n := 1
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			n += count(e)
		}
	case map[string]any:
		for _, e := range v {
			n += count(e)
		}
	}
	return n
}

// changed is a value in which that with a number, in depth-first order, is damaged. seen counts those that were met.
func changed(r *rand.Rand, v any, number int, seen *int) any {
	*seen++
	if *seen-1 == number {
		return other(r, v)
	}
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = changed(r, v[i], number, seen)
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			v[k] = changed(r, v[k], number, seen)
		}
	}
	return v
}

// other is a value near another one, or far from it.
func other(r *rand.Rand, v any) any {
	if r.IntN(3) == 0 {
		return value(r)
	}
	switch v := v.(type) {
	case float64:
		return []any{v + 1, v - 1, -v, v * 1000, v / 3}[r.IntN(5)]
	case string:
		return string(Text(r, []byte(v), nil))
	case []any:
		if len(v) == 0 {
			return value(r)
		}
		i := r.IntN(len(v))
		if r.IntN(2) == 0 {
			return slices.Delete(slices.Clone(v), i, i+1)
		}
		return append(slices.Clone(v), v[i])
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		if len(keys) == 0 {
			return value(r)
		}
		out, k := maps.Clone(v), keys[r.IntN(len(keys))]
		delete(out, k)
		if r.IntN(2) == 0 {
			out[string(Text(r, []byte(k), nil))] = v[k]
		}
		return out
	}
	return value(r)
}
