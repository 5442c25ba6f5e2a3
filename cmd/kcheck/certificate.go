package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/certificate"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// certificateFlags are the flags for a certificate of what holds.
type certificateFlags struct {
	file   string
	claims []certificate.Claim
	others []string // guarantees that do not hold
}

// add declares the flags.
func (c *certificateFlags) add(fs *pflag.FlagSet) {
	defer headed(fs, ofResult)()
	fs.StringVar(&c.file, "certificate", "", "write to `FILE` why each guarantee that holds does, for kcheck verify")
}

// check refuses what cannot be certified, and has the answers noted.
func (c *certificateFlags) check(s streams, o *verdict.Options) error {
	switch {
	case c.file == "":
		return nil
	case o.Strategy != explore.BFS:
		return errors.New("--certificate: only the strategy bfs can be certified; leave --strategy out")
	}
	if err := checkWritable(c.file); err != nil {
		return fmt.Errorf("--certificate: %s: %s", c.file, plain(err))
	}
	o.Answered = func(q *verdict.Question, r *verdict.Result) {
		if r.Verdict != verdict.Holds {
			c.others = append(c.others, q.Guarantee+forSpec(r))
			return
		}
		config := q.Config
		config.NoReductions = o.NoReductions
		c.claims = append(c.claims, certificate.Claim{Kcheck: verdict.Version, Spec: q.Spec, Guarantee: q.Guarantee,
			Counted: q.Counted.String(), Config: config})
	}
	return nil
}

// write explores once more what holds and writes the certificate.
func (c *certificateFlags) write(ctx context.Context, s streams, o verdict.Options) error {
	if c.file == "" {
		return nil
	}
	for _, g := range c.others {
		say(s.err, "%s: %s does not hold; there is nothing to certify", c.file, g)
	}
	if len(c.claims) == 0 {
		say(s.err, "%s: not written", c.file)
		return nil
	}
	var data bytes.Buffer
	w, err := certificate.NewWriter(&data)
	if err != nil {
		return err
	}
	for _, claim := range c.claims {
		if err := w.Add(ctx, claim, certificate.Options{Workers: o.Workers, Memory: o.Memory}); err != nil {
			if ctx.Err() != nil {
				say(s.err, "--certificate: %s: not written: time ran out before everything was explored once more; allow more with --timeout", c.file)
				return status(verdict.ExitInconclusive)
			}
			return fmt.Errorf("--certificate: %s: %w", claim.Guarantee, err)
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := s.files.write(c.file, data.Bytes()); err != nil {
		return err
	}
	say(s.err, "%s: %s; check it with kcheck verify %s", c.file, plural(len(c.claims), "certificate"), c.file)
	return nil
}

// newVerify is "kcheck verify".
func newVerify(s streams) *cobra.Command {
	v := verifyCommand{streams: s}
	cmd := &cobra.Command{
		Use:   "verify CERTIFICATE [FILE | NAME]...",
		Short: "check a certificate with other code than that which wrote it",
		Long: `Checks what kcheck check --certificate wrote: that the set of states in it has
the initial state, is closed under every step and every fault of the budget, has
no state that breaks the guarantee, and that what the guarantee speaks about
happens. This takes none of the code that searches: one pass over a sorted file.

With a spec or configuration files, as kcheck check takes them, the certificate
must be about that configuration.

Exit status: 0 every claim is right; 1 one is not, or the file is damaged; 2 the
file cannot be read, or asks for more memory than --memory; 3 time ran out.`,
		Example: `  kcheck check best-practice.yaml --certificate orders.cert
  kcheck verify orders.cert best-practice.yaml`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("kcheck verify takes a certificate; write kcheck verify FILE")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return v.run(cmd.Context(), args[0], args[1:]) },
	}
	cmd.Flags().SortFlags = false
	v.question.add(cmd.Flags())
	v.limits.add(cmd.Flags())
	return cmd
}

// verifyCommand is "kcheck verify" with its flags.
type verifyCommand struct {
	streams  streams
	question questionFlags
	limits   limitFlags
}

// run checks the claims of a file and prints a line for each.
func (v *verifyCommand) run(ctx context.Context, name string, about []string) error {
	s := v.streams
	ctx, cancel, o, err := v.limits.start(ctx)
	defer cancel()
	if err != nil {
		return err
	}
	asked := len(about) > 0 || v.question.configures()
	questions, err := v.questions(ctx, asked, about)
	if err != nil {
		return err
	}
	file, err := openRegular(name)
	if err != nil {
		return fmt.Errorf("%s: %s", name, plain(err))
	}
	defer file.Close()
	memory := o.Memory
	if memory == 0 {
		memory = explore.DefaultMemory()
	}
	foreign := false
	err = certificate.Verify(ctx, file, memory, func(c *certificate.Claim) {
		if asked && !slices.ContainsFunc(questions, asks(c)) {
			foreign = true
			say(s.err, "%s: %s: the claim is about another configuration", name, c.Guarantee)
			return
		}
		fmt.Fprintln(s.out, claimed(c))
	})
	var refusal *certificate.Refusal
	switch {
	case errors.As(err, &refusal):
		say(s.err, "%s: refused: %s", name, refusal.Reason)
		return status(verdict.ExitViolated)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		say(s.err, "%s: time ran out before everything was verified", name)
		return status(verdict.ExitInconclusive)
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	case foreign:
		return status(verdict.ExitViolated)
	}
	return nil
}

// openRegular opens a file that is one: reading a device might never end.
func openRegular(name string) (io.ReadCloser, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("is not a regular file")
	}
	return os.Open(name)
}

// questions are those that the arguments ask.
func (v *verifyCommand) questions(ctx context.Context, asked bool, about []string) ([]verdict.Question, error) {
	if !asked {
		return nil, nil
	}
	list, _, err := v.question.load(ctx, v.streams, "verify", about)
	switch {
	case err != nil:
		return nil, err
	case len(list) == 0:
		return nil, status(verdict.ExitError)
	}
	var all []verdict.Question
	for _, l := range list {
		all = append(all, verdict.Questions(l.resolved)...)
	}
	return all, nil
}

// asks says whether a question is the one that a claim answers.
func asks(c *certificate.Claim) func(q verdict.Question) bool {
	return func(q verdict.Question) bool {
		config := q.Config
		config.NoReductions = c.Config.NoReductions
		return config == c.Config && q.Guarantee == c.Guarantee && q.Counted.String() == c.Counted
	}
}

// claimed says what was verified.
func claimed(c *certificate.Claim) string {
	var states uint64
	for _, p := range c.Parts {
		states += p.States
	}
	name := ""
	if c.Spec != "" {
		name = c.Spec + ": "
	}
	parts := ""
	if len(c.Parts) > 1 {
		parts = fmt.Sprintf(" in %d parts that decide together", len(c.Parts))
	}
	return fmt.Sprintf("%s%s holds: verified, %d states%s; %s, %s, faults %s", name, c.Guarantee, states, parts,
		plural(c.Config.Scope.Messages, "message"), plural(c.Config.Topic.Replicas, "replica"), c.Config.BudgetMap())
}
