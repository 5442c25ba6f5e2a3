package kafkaconf

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// GuaranteeNames are the guarantees that a spec or --guarantee may name, in the order in which they are documented.
var GuaranteeNames = []string{
	"at-most-once", "at-least-once", "exactly-once", "no-acked-loss", "no-duplicate-in-log", "order", "committed-stays",
	"log-agreement", "availability", "uninterrupted",
}

// defaultGuarantees are checked when nobody names one.
var defaultGuarantees = []string{"at-least-once", "at-most-once"}

// ParseCounted reads which messages must not be lost.
func ParseCounted(s string) (model.Counted, error) {
	words := []string{}
	for _, c := range []model.Counted{model.CountAccepted, model.CountAcked, model.CountAttempted} {
		if c.String() == s {
			return c, nil
		}
		words = append(words, c.String())
	}
	return 0, fmt.Errorf("%s is not a class of messages; write %s", formats.Quote(s), formats.OrList(words))
}

// ParseFaults reads a fault budget as --faults takes it: "none", "standard", or "broker-crash=1,leader-move=2". All
// that is wrong with it is reported, one problem each, under the given key and position.
func ParseFaults(s, key string, at Position) (model.Budget, Problems) {
	var problems Problems
	switch s {
	case "none", "":
		return model.Budget{}, nil
	case "standard":
		return model.StandardBudget(), nil
	}
	var budget model.Budget
	given := map[model.FaultKind]bool{}
	for _, entry := range strings.Split(s, ",") {
		name, count, found := strings.Cut(strings.TrimSpace(entry), "=")
		if !found {
			problems.Add(Failure, at, key, "%s is not FAULT=NUMBER; write none, standard or a list such as broker-crash=1,leader-move=1", formats.Quote(entry))
			continue
		}
		fault, wrong := parseFault(name, count)
		if wrong == "" && given[fault] {
			wrong = "fault " + name + " is given twice; write it once"
		}
		if wrong != "" {
			problems.Add(Failure, at, key, "%s", wrong)
			continue
		}
		n, _ := strconv.Atoi(count)
		budget[fault], given[fault] = uint8(n), true
	}
	return budget, problems
}

// parseFault checks one entry of a fault budget and says what is wrong with it.
func parseFault(name, count string) (model.FaultKind, string) {
	fault, err := model.ParseFault(name)
	if err != nil {
		return 0, fmt.Sprintf("unknown fault %s; %s", formats.Quote(name),
			didYouMean(name, model.FaultNames(), "known are "+strings.Join(model.FaultNames(), " ")))
	}
	n, err := strconv.Atoi(count)
	if err != nil || n < 0 || n > model.MaxOccurrences {
		return fault, fmt.Sprintf("%s is not a number of occurrences of %s; write 0 to %d", formats.Quote(count), name, model.MaxOccurrences)
	}
	return fault, ""
}

// question resolves what is asked: guarantees, counted, faults and expect. A flag replaces what the spec says.
func (r *resolver) question(s spec) {
	r.guarantees(s)
	counted := s.counted
	if r.request.Counted != "" {
		counted = &word{r.request.Counted, Position{File: CommandLine}}
	}
	if counted != nil {
		c, err := ParseCounted(counted.text)
		if err != nil {
			r.problems.Add(Failure, counted.at, "counted", "%s", err)
		}
		r.out.Counted = c
	}
	faults, key := s.faults, "faults"
	if r.request.Faults != "" {
		faults, key = &word{r.request.Faults, Position{File: CommandLine}}, "--faults"
	}
	r.out.Config.Faults = model.StandardBudget()
	if faults != nil {
		budget, problems := ParseFaults(faults.text, key, faults.at)
		r.out.Config.Faults = budget
		if r.request.Faults != "" || !strings.Contains(faults.text, "=") {
			r.problems = append(r.problems, problems...) // a mapping was checked entry by entry when it was read
		}
	}
	r.expect(s)
}

func (r *resolver) guarantees(s spec) {
	names := s.guarantees
	if len(r.request.Guarantees) > 0 {
		names = nil
		for _, g := range r.request.Guarantees {
			names = append(names, word{g, Position{File: CommandLine}})
		}
	}
	for _, g := range names {
		switch {
		case !slices.Contains(GuaranteeNames, g.text):
			r.problems.Add(Failure, g.at, "guarantee", "unknown guarantee %s; %s", formats.Quote(g.text),
				didYouMean(g.text, GuaranteeNames, "known are "+strings.Join(GuaranteeNames, " ")))
		case !slices.Contains(r.out.Guarantees, g.text):
			r.out.Guarantees = append(r.out.Guarantees, g.text)
		}
	}
	switch {
	case len(names) > 0:
	case r.out.Spec && r.readable && !s.asks:
		r.problems.Add(Failure, Position{File: s.file, Line: 1, Column: 1}, "guarantee",
			"is missing; write guarantee: and one of %s", strings.Join(GuaranteeNames, " "))
	case !r.out.Spec:
		r.out.Guarantees = slices.Clone(defaultGuarantees)
	}
}

// expect fills in what the spec expects, unless a flag asks something else.
func (r *resolver) expect(s spec) {
	for name, w := range s.expect {
		if !slices.ContainsFunc(s.guarantees, func(g word) bool { return g.text == name }) {
			r.problems.Add(Failure, w.at, "expect."+name, "the spec does not ask for this guarantee; add it to guarantee")
		}
	}
	if r.request.changesQuestion() && r.out.About != "" {
		r.out.About = "The spec, before flags changed the question: " + r.out.About
	}
	if r.request.changesQuestion() || r.files || s.expect == nil && s.expectAll == nil {
		return
	}
	r.out.Expect = map[string]string{}
	for _, g := range r.out.Guarantees {
		switch {
		case s.expectAll != nil:
			r.out.Expect[g] = s.expectAll.text
		case s.expect[g].text != "":
			r.out.Expect[g] = s.expect[g].text
		}
	}
}
