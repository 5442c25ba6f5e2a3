package formats

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/magiconair/properties"
	"pgregory.net/rapid"
)

// The rules of java.util.Properties.load, one line each.
func TestParseProperties(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"equals, colon or blank separates", "a=1\nb:2\nc 3\nd = 4\ne\t:\t5", "a=1 b=2 c=3 d=4 e=5"},
		{"only the first separator counts", "a==1\nb=:2\nc = = 3\nurl=host:9092", "a==1 b=:2 c== 3 url=host:9092"},
		{"comments and blank lines", "# x=1\n  ! y=2\n\n \t\na=1", "a=1"},
		{"a value keeps # and trailing blanks", "a=1 # no comment  ", "a=1 # no comment  "},
		{"a line continues after a backslash", "a=1,\\\n   2,\\\r\n\t3\nb=4", "a=1,2,3 b=4"},
		{"a key continues too", "ac\\\n  ks=all", "acks=all"},
		{"two backslashes do not continue", "a=1\\\\\nb=2", `a=1\ b=2`},
		{"a comment does not continue", "# x\\\na=1", "a=1"},
		{"a continuation may begin with #", "a=1\\\n#2", "a=1#2"},
		{"a blank continuation ends the value", "a=1\\\n\nb=2", "a=1 b=2"},
		{"escapes", `a\ b\=c\:d=1\t2\n3\u0041\q`, "a b=c:d=1\t2\n3Aq"},
		{"surrogates", `a=\ud83d\ude00`, "a=😀"},
		{"no separator, no value", "acks\nb=", "acks= b="},
		{"placeholders stay", "a=${env:ACKS}", "a=${env:ACKS}"},
		{"repetitions are kept in order", "a=1\na=2", "a=1 a=2"},
		{"carriage returns end lines", "a=1\rb=2\r\nc=3", "a=1 b=2 c=3"},
		{"a backslash at the very end", "a=1\\", "a=1"},
		{"no line end at the end", "a=1", "a=1"},
		{"a backslash alone on a line", "\\\n#a=1\n\\\n", "#a=1"},
		{"a byte order mark", "\uFEFFa=1", "a=1"},
	} {
		entries, problems := ParseProperties("f", []byte(test.text))
		got := make([]string, len(entries))
		for i, e := range entries {
			got[i] = e.Key + "=" + e.Value
		}
		if strings.Join(got, " ") != test.want || len(problems) > 0 {
			t.Errorf("%s: got %q %v, want %q", test.name, strings.Join(got, " "), problems, test.want)
		}
	}
}

func TestPropertiesPositions(t *testing.T) {
	entries, _ := ParseProperties("p", []byte("# acks\n\n  acks = \\\n    all\nretries=3\n"))
	want := []Property{
		{"acks", "all", Position{"p", 3, 3}, Position{"p", 4, 5}},
		{"retries", "3", Position{"p", 5, 1}, Position{"p", 5, 9}},
	}
	if diff := cmp.Diff(want, entries); diff != "" {
		t.Error(diff)
	}
}

func TestUnreadableProperties(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"a=1\n\x00\x01\x02", "f:2:1: byte 0x00: this is a binary file; expected a text file"},
		{"a=1\nb=\xff\xfe", "f:2:3: byte 0xff is not UTF-8; save the file as UTF-8"},
		{`a=\u12`, `f:1:3: malformed \u escape; write four hexadecimal digits, \u0041`},
	} {
		_, problems := ParseProperties("f", []byte(test.text))
		if problems.Error() != test.want {
			t.Errorf("%q: got %q, want %q", test.text, problems.Error(), test.want)
		}
	}
}

// Any text that both take is read the same as by another implementation of the format.
func TestPropertiesOracle(t *testing.T) {
	pieces := rapid.SampledFrom([]string{
		"a", "acks", "retries", "1", "all", "=", ":", " ", "\t", "\n", "\n\n", "#", "!", "=1\\\n 1", "\\n", "\\t", "\\\\", "\\=", "\\:", "\\ ", "\\u0041", "ü", ".",
	})
	loader := properties.Loader{Encoding: properties.UTF8, DisableExpansion: true}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(pieces, 0, 20).Draw(t, "pieces"), "")
		oracle, err := loader.LoadBytes([]byte(text))
		if err != nil {
			t.Skip()
		}
		entries, problems := ParseProperties("f", []byte(text))
		got := map[string]string{}
		for _, e := range entries {
			got[e.Key] = e.Value
		}
		if diff := cmp.Diff(oracle.Map(), got); diff != "" || len(problems) > 0 {
			t.Fatalf("%q: %v\n%s", text, problems, diff)
		}
	})
}
