package wrap

import (
	"slices"
	"testing"
)

func TestLines(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text  string
		width int
		want  []string
	}{
		{"one two three", 7, []string{"one two", "three"}},
		{"one 2" + Blank + "x" + Blank + "three", 7, []string{"one", "2 x three"}},
		{"a-very-long-word b", 4, []string{"a-very-long-word", "b"}},
		{"日本 語", 5, []string{"日本", "語"}}, // two columns for each character
		{"日本 語", 7, []string{"日本 語"}},
		{"", 7, []string{""}},
	} {
		if got := Lines(test.text, test.width); !slices.Equal(got, test.want) {
			t.Errorf("%q in %d columns: %q, want %q", test.text, test.width, got, test.want)
		}
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"m1 → b2": 7, "日本": 4, "e\u0301": 1, "–": 1} {
		if got := Columns(text); got != want {
			t.Errorf("%q takes %d columns, want %d", text, got, want)
		}
	}
	if got := Pad("日本", 6) + "|"; got != "日本  |" {
		t.Errorf("padded: %q", got)
	}
}
