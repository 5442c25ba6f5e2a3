package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// configCommand is "kcheck config" with its flags.
type configCommand struct {
	streams  streams
	question questionFlags
	format   string
}

// newConfig is "kcheck config".
func newConfig(s streams) *cobra.Command {
	c := &configCommand{streams: s}
	cmd := &cobra.Command{
		Use:   "config FILE...",
		Short: "the effective configuration and where each value comes from",
		Long: `Shows every setting that has a bearing on delivery, and every setting that was
given, with its effective value and where it comes from: a place in a file, the
command line, Kafka's default for the version and client, or an assumption.`,
		Example: "  kcheck config producer.properties topic.properties --kafka 3.6\n  kcheck config docker-compose.yml application.yml",
		RunE:    func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	cmd.Flags().SortFlags = false
	c.question.add(cmd.Flags())
	cmd.Flags().StringVar(&c.format, "format", "text", "`text|json`: form of the answer")
	return cmd
}

// configuration is the JSON of "kcheck config".
type configuration struct {
	Kcheck   string            `json:"kcheck"`
	Problems []verdict.Problem `json:"problems"`
	Configs  []effective       `json:"configurations"`
}

// effective is one effective configuration.
type effective struct {
	Spec       string            `json:"spec"`
	Kafka      string            `json:"kafka"`
	Guarantees []string          `json:"guarantees"`
	Counted    string            `json:"counted"`
	Budget     model.Allowed     `json:"budget"`
	faults     string            // the budget as --faults takes it
	Settings   []verdict.Setting `json:"settings"`
	Notes      []string          `json:"notes"`
	// Configuration names the effective values, whatever files and formats they were written in.
	Configuration string     `json:"configuration"`
	Files         []fileRead `json:"files"`
}

// fileRead says what a configuration file was taken for.
type fileRead struct {
	File   string           `json:"file"`
	Format string           `json:"format"`
	Parts  []kafkaconf.Part `json:"parts"`
}

// run resolves each question of the arguments and shows it.
func (c *configCommand) run(ctx context.Context, args []string) error {
	if c.format != "text" && c.format != "json" {
		return fmt.Errorf("--format: %w", unknown("format", c.format, []string{"text", "json"}))
	}
	if len(args) == 0 && !c.question.configures() {
		return fmt.Errorf("kcheck config takes a spec or configuration files; write kcheck config FILE")
	}
	requests, problems := c.question.requests(ctx, c.streams, args)
	out := configuration{Kcheck: verdict.Version, Problems: []verdict.Problem{}, Configs: []effective{}}
	out.Problems = append(out.Problems, problems...)
	for _, request := range requests {
		resolved, err := kafkaconf.Load(request)
		problems := kafkaconf.ProblemsOf(resolved, err)
		out.Problems = append(out.Problems, problems...)
		if !problems.Failed() && resolved != nil {
			out.Configs = append(out.Configs, effectiveOf(resolved))
		}
	}
	printProblems(c.streams, out.Problems)
	if err := c.write(&out); err != nil {
		return err
	}
	if all := kafkaconf.Problems(out.Problems); all.Failed() || all.Refused() {
		return status(verdict.ExitError)
	}
	return nil
}

// effectiveOf is what "kcheck config" shows of a resolved configuration.
func effectiveOf(r *kafkaconf.Resolved) effective {
	e := effective{Spec: r.File, Kafka: r.Config.Kafka.String(), Guarantees: r.Guarantees, Counted: r.Counted.String(),
		Budget: r.Config.BudgetMap(), faults: r.Config.BudgetText(), Settings: []verdict.Setting{}, Notes: append([]string{}, r.Notes...),
		Configuration: r.ID(), Files: []fileRead{}}
	for _, f := range r.Read {
		e.Files = append(e.Files, fileRead(f))
	}
	for _, s := range r.Effective {
		e.Settings = append(e.Settings, verdict.SettingOf(s))
	}
	return e
}

// write prints the configurations.
func (c *configCommand) write(out *configuration) error {
	if c.format == "json" {
		enc := json.NewEncoder(c.streams.out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(out)
	}
	for i := range out.Configs {
		e := &out.Configs[i]
		if i > 0 {
			fmt.Fprintln(c.streams.out)
		}
		c.writeText(e)
	}
	return nil
}

// writeText prints one configuration, a setting a line, sources aligned.
func (c *configCommand) writeText(e *effective) {
	w := c.streams.out
	if e.Spec != "" {
		say(w, "# %s", e.Spec)
	}
	c.comment(fmt.Sprintf("Kafka %s; %s; counted: %s; faults: %s", e.Kafka, strings.Join(e.Guarantees, ", "), e.Counted,
		e.faults))
	c.comment("configuration " + e.Configuration)
	width := 0
	for _, s := range e.Settings {
		if n := len(s.Key) + len(s.Value) + 3; n <= 56 {
			width = max(width, n)
		}
	}
	for _, s := range e.Settings {
		bearing := ""
		if !s.Read {
			bearing = "; no bearing on the verdict"
		}
		say(w, "%-*s  # %s%s", width, s.Key+" = "+s.Value, s.Source, bearing)
	}
	for _, n := range e.Notes {
		c.comment("note: " + n)
	}
}

// comment prints a text as comment lines that fit the screen.
func (c *configCommand) comment(text string) {
	width := 80
	if screen := screen(c.streams.out); screen.Width > 0 {
		width = screen.Width
	}
	for i, line := range wrap.Lines(text, width-4) {
		indent := map[bool]string{true: "# ", false: "#   "}[i == 0]
		say(c.streams.out, "%s%s", indent, line)
	}
}
