package near

import "testing"

// TestSuggest checks that near names are found and far ones are not.
func TestSuggest(t *testing.T) {
	known := []string{"at-least-once", "at-most-once", "exactly-once", "order"}
	tests := []struct{ name, want string }{
		{"at-lest-once", "; did you mean at-least-once?"},
		{"At-Most-Once", "; did you mean at-most-once?"},
		{"exaclty-once", "; did you mean exactly-once?"},
		{"ordre", "; did you mean order?"},
		{"durability", ""},
		{"most", "; did you mean at-most-once?"},
		{"once", "; did you mean at-most-once or exactly-once or at-least-once?"},
		{"exact", "; did you mean exactly-once?"},
		{"at", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := Suggest(tt.name, known); got != tt.want {
			t.Errorf("Suggest(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}
