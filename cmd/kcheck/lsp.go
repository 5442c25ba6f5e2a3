package main

import (
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/lsp"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// newLSP is "kcheck lsp".
func newLSP(s streams) *cobra.Command {
	limit := 30 * time.Second
	cmd := &cobra.Command{
		Use:   "lsp",
		Short: "a language server, for editors",
		Long: `Speaks the Language Server Protocol on standard input and output. An editor that
starts it for .properties, .yaml, .json and .conf files shows each violation at
the line of its cause, explains settings, and offers the fix. Files that are no
configuration of Kafka and no spec are left alone.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lsp.Serve(cmd.Context(), stdio{os.Stdin, s.out}, lsp.Options{Explain: explainMarkdown, Limit: limit, Pause: 300 * time.Millisecond,
				Check: verdict.Options{Memory: 1 << 30}})
			return nil
		},
	}
	cmd.Flags().Var((*duration)(&limit), "timeout", "time limit of a check, such as `30s`")
	return cmd
}

// stdio is standard input and output as one stream.
type stdio struct {
	in  io.ReadCloser
	out io.Writer
}

// Read implements io.Reader.
func (s stdio) Read(p []byte) (int, error) { return s.in.Read(p) }

// Write implements io.Writer.
func (s stdio) Write(p []byte) (int, error) { return s.out.Write(p) }

// Close implements io.Closer.
func (s stdio) Close() error { return s.in.Close() }

// explainMarkdown is what kcheck explain says of a name, as Markdown; "" for an unknown name.
func explainMarkdown(name string) string {
	if name == "" {
		return ""
	}
	found, _ := find(name)
	var b strings.Builder
	for _, t := range found {
		b.WriteString("**" + t.name + "** (" + t.kind + ")\n\n" + t.summary + "\n\n")
		for _, f := range t.fields {
			if f.text != "" {
				b.WriteString("- " + strings.TrimSpace(f.label+": "+f.text) + "\n")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
