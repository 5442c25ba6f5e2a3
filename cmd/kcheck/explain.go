package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// newExplain is "kcheck explain".
func newExplain(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [NAME]",
		Short: "an action, setting, behaviour, fault or guarantee: meaning, abstraction, source",
		Long: `Explains a name that kcheck uses: what it means, what the model leaves out, and
where in Kafka it comes from. kcheck list has the names. A class of Kafka, a KIP
or an issue (KAFKA-17754) is answered with what cites it.`,
		Example: "  kcheck explain at-least-once\n  kcheck explain min.insync.replicas\n  kcheck explain broker-crash\n" +
			"  kcheck explain high watermark\n  kcheck explain ReplicaManager\n  kcheck explain share-groups",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return overview(s.out)
			}
			name := strings.Join(args, " ")
			if name == "share-groups" {
				return shareGroups(cmd.Context(), s.out)
			}
			return explain(s.out, name)
		},
	}
}

// explain prints everything that has the name, or else what cites it. The part before a setting may be left out; the
// case of letters, and of terms hyphens and spaces, do not matter.
func explain(w io.Writer, name string) error {
	if name == "limits" || name == "model" {
		return limits(w)
	}
	found, known := find(name)
	if len(found) == 0 {
		cited, classes := citing(name)
		if len(cited) > 0 {
			writeCitations(w, name, cited)
			return nil
		}
		known = append(known, classes...)
		if hint(name, known) == "" && kafkaconf.Suggest(name) != "" {
			known = []string{kafkaconf.Suggest(name)}
		}
		return unknown("name", name, known)
	}
	width := screen(w).Width
	for i, t := range found {
		if i > 0 {
			fmt.Fprintln(w)
		}
		t.write(w, width)
	}
	return nil
}

// find returns the topics of a name, and the names that are known.
func find(name string) (found []topic, known []string) {
	for _, k := range kinds {
		for _, t := range k.topics(model.Newest) {
			known = append(append(known, t.name), t.aliases...)
			if _, key, _ := strings.Cut(t.name, "."); t.kind == "setting" {
				known = append(known, key)
			}
			if t.kind != "setting" && t.isNamed(name) {
				found = append(found, t)
			}
		}
	}
	for _, s := range kafkaconf.Lookup(strings.ToLower(name)) {
		found = append(found, settingTopic(s, model.Newest))
	}
	return found, known
}

// isNamed says whether a topic has a name: its own or an alias.
func (t *topic) isNamed(name string) bool {
	return strings.EqualFold(t.name, name) ||
		slices.ContainsFunc(append(t.aliases, t.name), func(a string) bool { return t.loose(a) == t.loose(name) })
}

// loose is a name as it is compared: of a term without hyphens and spaces.
func (t *topic) loose(name string) string {
	if t.kind == "term" {
		name = strings.NewReplacer("-", "", " ", "", "_", "").Replace(name)
	}
	return strings.ToLower(name)
}

// write prints one topic: name and kind, the summary, then the labelled paragraphs.
func (t *topic) write(w io.Writer, width int) {
	fmt.Fprintf(w, "%s (%s)\n", t.name, t.kind)
	if t.summary != "" {
		fmt.Fprintln(w)
		fmt.Fprintln(w, wrap.Indent(2, 2, t.summary, width))
	}
	first := true
	for _, f := range t.fields {
		if f.text == "" {
			continue
		}
		if first {
			fmt.Fprintln(w)
			first = false
		}
		fmt.Fprintln(w, wrap.Indent(2, 13, fmt.Sprintf("%-10s ", f.label)+f.text, width))
	}
	for _, v := range t.values {
		fmt.Fprintf(w, "\n  %s\n%s\n", v.value, wrap.Indent(4, 4, v.text, width))
		for line := range strings.Lines(v.code) {
			fmt.Fprintln(w, strings.TrimRight("      "+line, "\n"))
		}
	}
}
