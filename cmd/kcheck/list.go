package main

import (
	"cmp"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/model"
)

// newList is "kcheck list".
func newList(s streams) *cobra.Command {
	version := ""
	cmd := &cobra.Command{
		Use:       "list [actions|guarantees|faults|settings|behaviours|frameworks|specs]",
		Short:     "the names that kcheck knows, with one line each",
		ValidArgs: kindNames(),
		RunE: func(_ *cobra.Command, args []string) error {
			v := model.Newest
			if version != "" {
				var err error
				if v, err = model.ParseVersion(version); err != nil {
					return fmt.Errorf("--kafka: %w", err)
				}
			}
			switch len(args) {
			case 0:
				return overview(s.out)
			case 1:
				return list(s.out, args[0], v)
			}
			return fmt.Errorf("kcheck list takes one kind of name")
		},
	}
	cmd.Flags().StringVar(&version, "kafka", "", "`VERSION` for defaults and behaviours (default the newest)")
	return cmd
}

// overview says what kinds of name there are.
func overview(w io.Writer) error {
	for _, k := range kinds {
		text := fmt.Sprintf("kcheck list %-11s %3d: %s", k.name, len(k.topics(model.Newest)), k.about)
		if _, err := fmt.Fprintln(w, wrap.Indent(0, 29, text, screen(w).Width)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, "kcheck explain NAME          says what any of these names means")
	return err
}

// list prints the names of one kind, one line each; on a terminal long lines are wrapped.
func list(w io.Writer, name string, v model.Version) error {
	for _, k := range kinds {
		if k.name == name {
			return writeTopics(w, k.topics(v))
		}
	}
	return unknown("kind", name, kindNames())
}

// writeTopics prints names and summaries in two columns.
func writeTopics(w io.Writer, topics []topic) error {
	column := 0
	for _, t := range topics {
		if len(t.name) <= 40 {
			column = max(column, len(t.name))
		}
	}
	for _, t := range topics {
		line := fmt.Sprintf("%-*s  %s", column, t.name, cmp.Or(t.brief, t.summary))
		if isTerminal(w) {
			line = wrap.Indent(0, column+2, line, screen(w).Width)
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}
