package kafkaconf

import (
	"slices"
	"strings"
	"testing"
)

// TestEveryValueOfTheApplicationIsExplained: the words of every key of the application are explained, each with what it
// looks like in a program; so that somebody who reads them finds his own.
func TestEveryValueOfTheApplicationIsExplained(t *testing.T) {
	t.Parallel()
	for i := range appRows {
		w := &appRows[i]
		words := strings.Split(w.valid, "|")
		if w.kind == "boolean" {
			words = []string{"true", "false"}
		}
		if w.part != App || len(words) < 2 {
			continue // a number, or the name of a client or framework
		}
		for _, word := range words {
			if !slices.ContainsFunc(w.values, func(d ValueDoc) bool { return d.Value == word && d.Text != "" && d.Code != "" }) {
				t.Errorf("app.%s: %s is not explained", w.name, word)
			}
		}
		if len(w.values) != len(words) {
			t.Errorf("app.%s explains %d values and has %d", w.name, len(w.values), len(words))
		}
	}
}
