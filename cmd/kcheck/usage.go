package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
)

// The help of a command fits into 80 columns, and its flags stand under headings.
const (
	helpWidth  = 80
	flagColumn = 26 // where the text of a flag begins; a flag with a longer name has a line of its own
)

// headings are the headings over flags, in the order of the help. Flags without one stand under "Flags".
var headings = []string{ofConfiguration, ofQuestion, ofSearch, ofResult, ""}

const (
	ofConfiguration = "Configuration"
	ofQuestion      = "Question"
	ofSearch        = "Search"
	ofResult        = "Result"

	headingKey = "heading" // of a flag's annotations
)

// headed puts the flags that are declared until the returned function runs, and that have no heading yet, under a heading
// of the help:
//
//	defer headed(fs, ofSearch)()
func headed(fs *pflag.FlagSet, heading string) func() {
	before := map[string]bool{}
	fs.VisitAll(func(f *pflag.Flag) { before[f.Name] = true })
	return func() {
		fs.VisitAll(func(f *pflag.Flag) {
			if !before[f.Name] && f.Annotations[headingKey] == nil {
				_ = fs.SetAnnotation(f.Name, headingKey, []string{heading}) // the flag is there
			}
		})
	}
}

// printHelp prints what a command does and how it is used.
func printHelp(cmd *cobra.Command, _ []string) {
	_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%s\n\n%s", reflowed(cmp.Or(cmd.Long, cmd.Short)), usageText(cmd))
}

// printUsage prints how a command is used.
func printUsage(cmd *cobra.Command) error {
	_, err := io.WriteString(cmd.OutOrStderr(), usageText(cmd))
	return err
}

// reflowed breaks the paragraphs of a text anew. Lines that begin with a blank are a list or code, and stay.
func reflowed(text string) string {
	var lines, paragraph []string
	end := func() {
		if len(paragraph) > 0 {
			lines = append(lines, wrap.Lines(strings.Join(paragraph, " "), helpWidth)...)
			paragraph = nil
		}
	}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		line = strings.TrimRight(line, "\n")
		if line != "" && line[0] != ' ' {
			paragraph = append(paragraph, line)
			continue
		}
		end()
		lines = append(lines, line)
	}
	end()
	return strings.Join(lines, "\n")
}

// usageText is what stands below the description of a command in its help.
func usageText(cmd *cobra.Command) string {
	var b strings.Builder
	b.WriteString("Usage:\n")
	if cmd.Runnable() && cmd.HasParent() {
		fmt.Fprintln(&b, wrap.Indent(2, 6, cmd.UseLine(), helpWidth))
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s COMMAND [flags]\n\nCommands:\n", cmd.CommandPath())
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				column := cmd.NamePadding() + 4
				fmt.Fprintln(&b, wrap.Indent(0, column, wrap.Pad("  "+sub.Name(), column)+sub.Short, helpWidth))
			}
		}
	}
	if cmd.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
	}
	for _, heading := range headings {
		writeFlags(&b, cmd, heading)
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n%s COMMAND --help says more about a command.\n", cmd.CommandPath())
	}
	return b.String()
}

// writeFlags lists the flags of a command that stand under a heading.
func writeFlags(w io.Writer, cmd *cobra.Command, heading string) {
	var list []*pflag.Flag
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && slices.Equal(f.Annotations[headingKey], under(heading)) {
			list = append(list, f)
		}
	})
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s:\n", cmp.Or(heading, "Flags"))
	for _, f := range list {
		name, text := describedFlag(f)
		name = "  " + name
		if len(name) >= flagColumn {
			fmt.Fprintln(w, name)
			name = ""
		}
		fmt.Fprintln(w, wrap.Indent(0, flagColumn, wrap.Pad(name, flagColumn)+text, helpWidth))
	}
}

// under is the annotation of the flags under a heading.
func under(heading string) []string {
	if heading == "" {
		return nil
	}
	return []string{heading}
}

// describedFlag is a flag with its value, and what it does.
func describedFlag(f *pflag.Flag) (name, text string) {
	value, text := pflag.UnquoteUsage(f)
	text = strings.TrimPrefix(text, value+": ")
	name = "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", " + name
	}
	if value != "" {
		name += " " + value
	}
	if !slices.Contains([]string{"", "0", "0s", "false", "[]"}, f.DefValue) {
		text += fmt.Sprintf(" (default %s)", f.DefValue)
	}
	return name, text
}
