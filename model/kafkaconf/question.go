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

// defaultGuarantees are checked when nobody names one. The first decides; the second stands beside it for information:
// that a message may be processed twice is what at-least-once means, and no failure.
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
	return 0, fmt.Errorf("%s is not a class of messages; write %s", formats.QuoteWord(s), formats.OrList(words))
}

// ParseFaults reads a fault budget as --faults takes it: "none", or a list of "standard", "broker-crash=1", "total=2" and
// "overlap=1", of which the later win. All that is wrong with it is reported, one problem each, under the given key and
// position.
func ParseFaults(s, key string, at Position) (budget model.Budget, bounds model.Bounds, problems Problems) {
	if s == "none" || s == "" {
		return budget, bounds, nil
	}
	given := map[string]bool{}
	for _, entry := range strings.Split(s, ",") {
		name, count, found := strings.Cut(strings.TrimSpace(entry), "=")
		wrong := ""
		switch {
		case name == "standard" && !found:
			budget, bounds = model.StandardBudget(), model.StandardBounds()
			continue
		case !found:
			wrong = formats.QuoteWord(entry) + " is not FAULT=NUMBER; write none, standard or a list such as broker-crash=1,leader-move=1,total=2"
		case given[name]:
			wrong = "fault " + name + " is given twice; write it once"
		default:
			wrong = parseFault(name, count, &budget, &bounds)
		}
		if wrong != "" {
			problems.Add(Failure, at, key, "%s", wrong)
		}
		given[name] = true
	}
	return budget, bounds, problems
}

// parseFault reads one entry of a fault budget and says what is wrong with it.
func parseFault(name, count string, budget *model.Budget, bounds *model.Bounds) (wrong string) {
	n, err := strconv.Atoi(count)
	between := func(most int, what string) bool {
		if err == nil && n >= 0 && n <= most {
			return true
		}
		wrong = fmt.Sprintf("%s is not %s; write 0 to %d", formats.QuoteWord(count), what, most)
		return false
	}
	switch name {
	case "total":
		if between(model.MaxTotal, "a number of faults in all") {
			bounds.Total = model.AtMost(n)
		}
		return wrong
	case "overlap":
		if between(model.MaxReplicas, "a number of brokers that are away at a time") {
			bounds.Overlap = model.AtMost(n)
		}
		return wrong
	}
	fault, errName := model.ParseFault(name)
	if errName != nil {
		known := append(model.FaultNames(), "total", "overlap")
		return fmt.Sprintf("unknown fault %s; %s", formats.QuoteWord(name), didYouMean(name, known, "known are "+strings.Join(known, " ")))
	}
	if count == "any" {
		budget[fault] = model.Any
	} else if between(model.MaxOccurrences, "a number of occurrences of "+name) {
		budget[fault] = uint8(n)
	} else {
		wrong += ", or any"
	}
	return wrong
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
	r.out.Config.Faults, r.out.Config.Bounds = model.StandardBudget(), model.StandardBounds()
	if faults != nil {
		budget, bounds, problems := ParseFaults(faults.text, key, faults.at)
		r.out.Config.Faults, r.out.Config.Bounds = budget, bounds
		told := slices.ContainsFunc(r.problems, func(p Problem) bool { return strings.HasPrefix(p.Key, "faults.") })
		if r.request.Faults != "" || !told { // a mapping was checked entry by entry when it was read
			r.problems = append(r.problems, problems...)
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
			r.problems.Add(Failure, g.at, "guarantee", "unknown guarantee %s; %s", formats.QuoteWord(g.text),
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
		r.out.Informational = slices.Clone(defaultGuarantees[1:])
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
	if r.request.changesQuestion() || s.expect == nil && s.expectAll == nil {
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
