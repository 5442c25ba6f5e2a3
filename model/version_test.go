package model

import (
	"slices"
	"strings"
	"testing"
)

// A version is read with or without a patch number; without one it stands for the last release of its line.
func TestParseVersion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, release, written string }{
		{"4.4", "4.4.0", "4.4"},
		{"4.2", "4.2.2", "4.2"},
		{"4.2.0", "4.2.0", "4.2.0"},
		{"3.5.1", "3.5.1", "3.5.1"},
		{"3.0", "3.0.2", "3.0"},
		{"2.3", "2.3.1", "2.3"},
		{"1.0", "1.0.2", "1.0"},
		{"0.11", "0.11.0.3", "0.11"},
		{"0.11.0", "0.11.0.3", "0.11.0"},
		{"0.10", "0.10.2.2", "0.10"},
		{"0.10.1", "0.10.1.1", "0.10.1"},
		{"0.10.1.0", "0.10.1.0", "0.10.1.0"},
		{"0.9", "0.9.0.1", "0.9"},
		{"0.8", "0.8.2.2", "0.8"},
		{"0.8.2", "0.8.2.2", "0.8.2"},
		{"0.8.2.1", "0.8.2.1", "0.8.2.1"},
	} {
		v, err := ParseVersion(test.text)
		if err != nil || v.Release().String() != test.release || v.String() != test.written {
			t.Errorf("%s: %s, written %s, %v; want %s, written %s", test.text, v.Release(), v, err, test.release, test.written)
		}
	}
	for text, says := range map[string]string{
		"4.1.3": "4.1.0 4.1.1 4.1.2", "0.8.1": "0.8.2.0", "9.9": Newest.String(), "1.2": "1.1", "4": "major.minor", "4.1.0.0": "major.minor",
		"v4.1": "major.minor", "4.01": "major.minor", "": "major.minor", "4.-1": "major.minor", "4.1.0.x": "major.minor",
	} {
		if v, err := ParseVersion(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, %v; want an error with %s", text, v, err, says)
		}
	}
}

// Versions are ordered as they were released, a line before its releases and its last one after them.
func TestVersionOrder(t *testing.T) {
	t.Parallel()
	all := Released()
	if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("the releases are not in order: %v", all)
	}
	for _, v := range all {
		if back, err := ParseVersion(v.String()); back != v || err != nil {
			t.Errorf("%s is read as %s: %v", v, back, err)
		}
		if line := v.Line(); line.First() > v || v > line || line.Line() != line || line.Release().Line() != line {
			t.Errorf("%s is not in its line %s", v, line)
		}
	}
	if lines := Lines(); lines[0].String() != "0.8" || lines[len(lines)-1] != Newest || len(lines) != 30 {
		t.Errorf("the lines are %v", lines)
	}
	for _, boundary := range []Version{V0_8, V0_9, V0_10, V0_10_1, V0_11, V1_0, V2_0, V2_3, V3_0, V3_9, V4_0, V4_4} {
		v, err := ParseVersion(boundary.String())
		if err != nil || v.First() != boundary || boundary.Last() != v {
			t.Errorf("%s is the boundary of %s: %v", boundary, v, err)
		}
	}
}

// A version that is no release is near one.
func TestNewestBefore(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"4.1.9": "4.1", "9.9": Newest.String(), "1.3": "1.1", "3.4": "3.4"} {
		if v, err := NewestBefore(text); err != nil || v.String() != want {
			t.Errorf("%s: %s, %v; want %s", text, v, err, want)
		}
	}
	for _, text := range []string{"0.7", "x"} {
		if v, err := NewestBefore(text); err == nil {
			t.Errorf("%s: %s", text, v)
		}
	}
}
