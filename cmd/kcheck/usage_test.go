package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
)

// TestHelpFits checks that the help of every command fits into 80 columns.
func TestHelpFits(t *testing.T) {
	t.Parallel()
	var check func(path []string, cmd *cobra.Command)
	check = func(path []string, cmd *cobra.Command) {
		text := printed(append(path, "--help")...)
		for line := range strings.Lines(text) {
			// A line of code to copy is not broken.
			if line = strings.TrimRight(line, "\n"); wrap.Columns(line) > helpWidth && !strings.HasPrefix(line, "  kcheck ") {
				t.Errorf("kcheck %s --help: %d columns: %s", strings.Join(path, " "), wrap.Columns(line), line)
			}
		}
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				check(append(path, sub.Name()), sub)
			}
		}
	}
	check(nil, newRoot(streams{}))
}

// TestHelpHeadings checks that flags of check stand under the heading of what they are about.
func TestHelpHeadings(t *testing.T) {
	t.Parallel()
	text := printed("check", "--help")
	for _, c := range []struct{ heading, flag string }{
		{ofConfiguration, "--producer FILE"}, {ofConfiguration, "--bootstrap-server HOST:PORT"}, {ofConfiguration, "--set part.key=value"},
		{ofQuestion, "--guarantee GUARANTEE"}, {ofQuestion, "--faults a=1,b=2"},
		{ofSearch, "--memory 4GiB"}, {ofSearch, "--strategy bfs|dfs|simulate"}, {ofSearch, "--cache DIR"},
		{ofResult, "--format text|json"}, {ofResult, "--output FILE"}, {ofResult, "--brief"},
	} {
		_, section, _ := strings.Cut(text, "\n"+c.heading+":\n")
		section, _, _ = strings.Cut(section, "\n\n")
		if !strings.Contains(section, "  "+c.flag) {
			t.Errorf("%s does not stand under %s:\n%s", c.flag, c.heading, section)
		}
	}
}
