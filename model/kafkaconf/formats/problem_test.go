package formats

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml/parser"
)

// TestQuote checks how a value is shown in a message: any, and one of a setting that takes words only.
func TestQuote(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, any, word string }{
		{"2", `"2"`, `"2"`},
		{`"all"`, `""all""`, `""all""`},
		{"by_duration:1h", `"by_duration:1h"`, `"by_duration:1h"`},
		{"1 # by me", `"1 # by me"`, `"1 #…"`},
		{"1ssl.key.password=x", `"1ssl.key.password=…"`, "a text of 19 characters"},
		{"1my.plugin=x", `"1my.plugin=x"`, "a text of 12 characters"},
		{"1e:x@b1:9092", `"(hidden)@b1:9092"`, "a text of 12 characters"},
		{"1https://b1", `"1https://b1"`, "a text of 11 characters"},
		{`1","my.plugin":"x"`, `"1","my.plugin":"x""`, "a text of 18 characters"},
	} {
		if got := Quote(test.text); got != test.any {
			t.Errorf("%s is shown as %s, want %s", test.text, got, test.any)
		}
		if got := QuoteWord(test.text); got != test.word {
			t.Errorf("%s as a word is shown as %s, want %s", test.text, got, test.word)
		}
	}
}

// TestYAMLProblem checks that no piece of a file stands in what is wrong with it.
func TestYAMLProblem(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a: {b: >, my.plugin: hunter2}", "%YAML hunter2\n---\na: b"} {
		_, err := parser.ParseBytes([]byte(text), 0)
		if err == nil {
			t.Errorf("%q is read", text)
			continue
		}
		if p := YAMLProblem("f", err); strings.Contains(p.String(), "hunter2") {
			t.Errorf("%q: %s", text, p)
		}
	}
}
