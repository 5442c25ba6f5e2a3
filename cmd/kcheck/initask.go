package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/counterfactual"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/input"
)

// askedStates bounds each check by which "kcheck init" finds out whether the verdict hangs on an answer: somebody waits.
const askedStates = 100_000

// mostTries is how often a question is put to somebody whose answer is none.
const mostTries = 3

// errUnanswered ends "kcheck init" where the answers end before the questions do.
var errUnanswered = errors.New("ended before all questions were answered; nothing is written")

// terminal is where somebody answers questions: standard input, where it and standard error are terminals; nil elsewhere.
func (s streams) terminal() io.Reader {
	switch {
	case s.answers != nil:
		return s.answers
	case s.stdin == nil && isTerminal(os.Stdin) && isTerminal(s.err):
		return os.Stdin
	}
	return nil
}

// interview asks what no file says, and only that on which a verdict hangs: with another answer a guarantee that holds is
// violated, or the other way round. The checker says which questions those are, again after each answer, because one
// answer may settle or raise another question. No setting is asked twice, so that it ends.
type interview struct {
	ctx       context.Context
	w         io.Writer
	lines     <-chan string // closed where the answers end
	request   kafkaconf.Request
	questions map[string]*counterfactual.Question // by guarantee and messages; they remember what they have checked
	asked     map[string]bool
}

// askWhatMatters gives a request to which the answers of somebody at a terminal are added, as settings of the command line.
func askWhatMatters(ctx context.Context, s streams, request kafkaconf.Request) (kafkaconf.Request, error) {
	in := s.terminal()
	if in == nil || slices.Contains(request.Files, input.Stdin) || len(request.Files)+len(request.PartFiles)+len(request.Sources) == 0 {
		return request, nil
	}
	i := &interview{ctx: ctx, w: s.err, lines: readLines(ctx, in), request: request,
		questions: map[string]*counterfactual.Question{}, asked: map[string]bool{}}
	for {
		q, err := i.next()
		if err != nil {
			return request, err
		}
		if q == nil {
			return i.request, nil
		}
		if err := i.ask(q); err != nil {
			return request, err
		}
	}
}

// readLines reads lines until the input or the context ends.
func readLines(ctx context.Context, in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for text := bufio.NewScanner(in); text.Scan(); {
			select {
			case lines <- text.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines
}

// initQuestion is one setting that somebody is asked for.
type initQuestion struct {
	key, assumed, source string            // the value that is taken, and why
	values               []string          // the assumed one first
	effects              map[string]string // by value: what it changes
}

// next is the first setting on which a verdict hangs and that was not asked; nil where there is none.
func (i *interview) next() (*initQuestion, error) {
	line := newProgress(i.w)
	defer line.clearLine()
	found := map[string]*initQuestion{}
	var effective []kafkaconf.EffectiveSetting
	for _, messages := range i.scopes() {
		request := i.request
		request.Messages = messages
		resolved, err := kafkaconf.Load(request)
		if err != nil || len(resolved.Refused) > 0 {
			return nil, nil // the spec says what is wrong
		}
		effective = resolved.Effective
		for _, guarantee := range resolved.Guarantees {
			if line.terminal {
				line.say(guarantee + ": looking for what it hangs on that no file says")
			}
			if err := i.hangsOn(request, resolved, guarantee, found); err != nil {
				return nil, err
			}
		}
	}
	for _, e := range effective {
		if q := found[e.Name()]; q != nil {
			return q, nil
		}
	}
	return nil, nil
}

// scopes are the numbers of messages with which is looked: what is said, or one, with which nearly everything is decided
// within the bound, and then two, with which more can go wrong.
func (i *interview) scopes() []string {
	if i.request.Messages != "" {
		return []string{i.request.Messages}
	}
	return []string{"1", "2"}
}

// hangsOn adds the settings on which a guarantee hangs.
func (i *interview) hangsOn(request kafkaconf.Request, resolved *kafkaconf.Resolved, guarantee string, found map[string]*initQuestion) error {
	q := i.questions[guarantee+request.Messages]
	if q == nil {
		q = &counterfactual.Question{Guarantee: guarantee, Memory: explore.DefaultMemory(), States: askedStates}
		i.questions[guarantee+request.Messages] = q
	}
	q.Request, q.Resolved = request, resolved
	hinges, err := q.HangsOn(i.ctx, i.canBeAsked)
	if err != nil || i.ctx.Err() != nil {
		return errors.Join(err, i.interrupted())
	}
	for _, f := range hinges {
		about := found[f.Key]
		if about == nil {
			about = &initQuestion{key: f.Key, assumed: f.From, source: f.Source, values: []string{f.From}, effects: map[string]string{}}
			found[f.Key] = about
		}
		if !slices.Contains(about.values, f.To) {
			about.values = append(about.values, f.To)
		}
		about.tell(f.From, guarantee, f.Now, f.Within)
		about.tell(f.To, guarantee, f.Then, f.Within)
	}
	return nil
}

// canBeAsked says whether somebody can know a setting that is assumed: what the application does, and how the topic is
// replicated that no file describes.
func (i *interview) canBeAsked(e *kafkaconf.EffectiveSetting) bool {
	return (e.Part == kafkaconf.App || e.Name() == "topic.replication.factor") && !i.asked[e.Name()]
}

// tell adds to a value what becomes of a guarantee with it.
func (q *initQuestion) tell(value, guarantee string, o counterfactual.Outcome, within int) {
	text := guarantee + " " + map[counterfactual.Outcome]string{counterfactual.Holds: "holds", counterfactual.Violated: "is violated"}[o]
	if within > 0 {
		text += " with " + plural(within, "fault")
	}
	if before := q.effects[value]; !strings.Contains(before, guarantee) {
		q.effects[value] = strings.TrimPrefix(before+", "+text, ", ")
	}
}

// ask puts a question until it is answered, and adds the answer to the request. An empty line keeps what is assumed.
func (i *interview) ask(q *initQuestion) error {
	if len(i.asked) == 0 {
		say(i.w, "Verdicts hang on what no file says. Answer with a number or a word; Enter keeps what is assumed.")
	}
	i.asked[q.key] = true
	q.show(i.w)
	for range mostTries {
		fmt.Fprint(i.w, "> ")
		answer, err := i.line()
		if err != nil {
			return err
		}
		if answer = strings.TrimSpace(answer); answer == "" {
			return nil
		}
		if value, ok := q.choice(answer); ok && i.set(q.key, value) {
			return nil
		}
		say(i.w, "  write 1 to %d, or %s", len(q.values), strings.Join(q.values, ", "))
	}
	say(i.w, "  %s stays as it is assumed", q.key)
	return nil
}

// show writes a question with the values that make a difference.
func (q *initQuestion) show(w io.Writer) {
	docs := map[string]string{}
	meaning := ""
	for _, s := range kafkaconf.Lookup(q.key) {
		meaning = s.Doc
		for _, v := range s.Values {
			docs[v.Value] = v.Text
		}
	}
	say(w, "")
	say(w, "%s: %s", q.key, meaning)
	for n, value := range q.values {
		name := value
		if value == q.assumed {
			name += " (" + q.source + ")"
		}
		line := fmt.Sprintf("  %d  %-28s %s", n+1, name, q.effects[value])
		if docs[value] != "" {
			line += "; " + docs[value]
		}
		say(w, "%s", line)
	}
}

// choice is the value that an answer means.
func (q *initQuestion) choice(answer string) (string, bool) {
	if n, err := strconv.Atoi(answer); err == nil && !slices.Contains(q.values, answer) {
		if n < 1 || n > len(q.values) {
			return "", false
		}
		return q.values[n-1], true
	}
	return answer, !strings.ContainsAny(answer, "=\n")
}

// set adds an answer to the request, unless it is no value of the setting.
func (i *interview) set(key, value string) bool {
	with := i.request
	with.Set = append(slices.Clone(with.Set), key+"="+value)
	resolved, err := kafkaconf.Load(with)
	if err != nil || len(resolved.Refused) > 0 {
		for _, p := range kafkaconf.ProblemsOf(resolved, err) {
			if p.Severity == kafkaconf.Failure || p.Severity == kafkaconf.Refusal {
				say(i.w, "  %s", p.Message)
			}
		}
		return false
	}
	i.request = with
	return true
}

// line is the next line that somebody writes.
func (i *interview) line() (string, error) {
	select {
	case text, open := <-i.lines:
		if open {
			return text, nil
		}
	case <-i.ctx.Done():
	}
	return "", i.interrupted()
}

// interrupted says that there are no more answers, on a line of its own.
func (i *interview) interrupted() error {
	fmt.Fprintln(i.w)
	say(i.w, "kcheck: %s", errUnanswered)
	return status(verdict.ExitError)
}
