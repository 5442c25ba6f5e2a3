package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/near"
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
where in Kafka it comes from. kcheck list has the names.`,
		Example: "  kcheck explain at-least-once\n  kcheck explain min.insync.replicas\n  kcheck explain broker-crash",
		RunE: func(_ *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return overview(s.out)
			case 1:
				return explain(s.out, args[0])
			}
			return fmt.Errorf("kcheck explain takes one name")
		},
	}
}

// explain prints everything that has the name. The part before a setting and the case of letters may be left out.
func explain(w io.Writer, name string) error {
	if name == "limits" {
		return limits(w)
	}
	found, known := find(name)
	if len(found) == 0 {
		if near.Suggest(name, known) == "" && kafkaconf.Suggest(name) != "" {
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

// limits prints what the model covers at most, and what it leaves out.
func limits(w io.Writer) error {
	width := screen(w).Width
	fmt.Fprintf(w, "limits\n\n  at most   one partition, %d replicas, %d messages, %d members of the group,\n            %d occurrences of each fault\n\nleft out\n",
		model.MaxReplicas, model.MaxMessages, model.MaxMembers, model.MaxOccurrences)
	for _, text := range model.LeftOut() {
		fmt.Fprintln(w, wrap.Indent(2, 4, "- "+text, width))
	}
	return nil
}

// find returns the topics of a name, and the names that are known.
func find(name string) (found []topic, known []string) {
	for _, k := range kinds {
		for _, t := range k.topics(model.Newest) {
			known = append(known, t.name)
			if t.kind != "setting" && strings.EqualFold(t.name, name) {
				found = append(found, t)
			}
		}
	}
	for _, s := range kafkaconf.Lookup(strings.ToLower(name)) {
		found = append(found, settingTopic(s, model.Newest))
	}
	return found, known
}

// write prints one topic: name and kind, the summary, then the labelled paragraphs.
func (t *topic) write(w io.Writer, width int) {
	fmt.Fprintf(w, "%s (%s)\n", t.name, t.kind)
	if t.summary != "" {
		fmt.Fprintln(w)
		fmt.Fprintln(w, wrap.Indent(2, 2, t.summary, width))
	}
	for i, f := range t.fields {
		if f.text == "" {
			continue
		}
		if i == 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, wrap.Indent(2, 13, fmt.Sprintf("%-10s ", f.label)+f.text, width))
	}
}
