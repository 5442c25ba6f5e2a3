package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/model"
)

// TestGlossary checks that every term says what it means and where Kafka defines it, that no name means two terms, and
// that kcheck explains what a term refers to.
func TestGlossary(t *testing.T) {
	taken := map[string]string{}
	for _, entry := range glossary {
		if entry.meaning == "" || entry.source == "" {
			t.Errorf("%s: its meaning or its source is missing", entry.name)
		}
		for _, name := range append(entry.aliases, entry.name) {
			key := strings.ToLower(strings.ReplaceAll(name, "-", " "))
			if other, ok := taken[key]; ok {
				t.Errorf("%s is a name of %s and of %s", name, other, entry.name)
			}
			taken[key] = entry.name
		}
		for _, name := range entry.see {
			if found, _ := find(name); len(found) == 0 && name != "limits" {
				t.Errorf("%s: see %s, which kcheck does not explain", entry.name, name)
			}
		}
	}
}

// TestAliasesAreNoNames checks that a name which kcheck lists is not hidden by an alias of something else.
func TestAliasesAreNoNames(t *testing.T) {
	for _, k := range kinds {
		for _, entry := range k.topics(model.Newest) {
			for _, alias := range entry.aliases {
				found, _ := find(alias)
				if !slices.ContainsFunc(found, func(f topic) bool { return f.name == entry.name }) {
					t.Errorf("%s does not find %s", alias, entry.name)
				}
			}
		}
	}
}

// TestReferences checks what is taken for a name of Kafka in a source.
func TestReferences(t *testing.T) {
	for source, want := range map[string][]string{
		"Partition.maybeShrinkIsr and maybeExpandIsr": {"Partition.maybeShrinkIsr", "Partition"},
		"KIP-966, KAFKA-17754 (4.1)":                  {"KIP-966", "KAFKA-17754"},
		"replica.lag.time.max.ms":                     nil,
	} {
		if got := referencesIn(source); !slices.Equal(got, want) {
			t.Errorf("%q names %q, want %q", source, got, want)
		}
	}
}
