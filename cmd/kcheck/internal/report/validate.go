package report

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// A saved result may have been written, or changed, by anybody. What forms build on is checked when it is read: words of
// fixed lists, names, numbers, and that parts which belong together fit.

// The words that a result has of fixed lists. The empty one stands for none.
var (
	verdictWords    = []verdict.Verdict{verdict.Holds, verdict.Violated, verdict.Vacuous, verdict.Inconclusive, verdict.Refused}
	comparisonWords = []verdict.Comparison{"", verdict.New, verdict.AsBefore, verdict.Better, verdict.Worse}
	originWords     = []verdict.Origin{"", verdict.Given, verdict.Default, verdict.Assumed}
)

// The names that kcheck gives: of guarantees and faults, and of actions.
var (
	wordName   = regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`)
	actionName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{0,63}$`)
)

// The most of what a result has.
const (
	maxResults = 100_000
	maxSteps   = 100_000
	maxNumber  = 1_000_000
	maxText    = 64 << 10 // bytes
)

// validateReport says what is wrong with a report that was read; nil for nothing.
func validateReport(r *verdict.Report) error {
	if len(r.Kcheck) > 64 {
		return fmt.Errorf("not a result of kcheck: %.20q… is no version", r.Kcheck)
	}
	if len(r.Results) > maxResults {
		return fmt.Errorf("not a result of kcheck: %d results are more than %d", len(r.Results), maxResults)
	}
	for i := range r.Results {
		if err := validateResult(&r.Results[i]); err != nil {
			return fmt.Errorf("not a result of kcheck: results[%d]: %w", i, err)
		}
	}
	for _, p := range r.Problems {
		if p.Line < 0 || p.Column < 0 || len(p.Message) > maxText {
			return fmt.Errorf("not a result of kcheck: a problem has no place, or a message of %d bytes", len(p.Message))
		}
	}
	return nil
}

// validateResult says what is wrong with one result.
func validateResult(r *verdict.Result) error {
	if !slices.Contains(verdictWords, r.Verdict) {
		return fmt.Errorf("verdict: %.40q is none", r.Verdict)
	}
	if r.Expected != "" && !slices.Contains(verdictWords, r.Expected) {
		return fmt.Errorf("expected: %.40q is no verdict", r.Expected)
	}
	if !slices.Contains(comparisonWords, r.Compared) {
		return fmt.Errorf("compared: %.40q is none", r.Compared)
	}
	if !wordName.MatchString(r.Guarantee) {
		return fmt.Errorf("guarantee: %.40q is no name", r.Guarantee)
	}
	for _, text := range []string{r.Spec, r.About, r.Kafka, r.Reason, r.Headline, r.Claim, r.Reproduce} {
		if len(text) > maxText {
			return fmt.Errorf("a text of %d bytes", len(text))
		}
	}
	for _, check := range []func(*verdict.Result) error{validateNumbers, validateSets, validateTraces, validateLedgers, validateSettings} {
		if err := check(r); err != nil {
			return err
		}
	}
	return nil
}

// validateNumbers looks at what the search says of itself.
func validateNumbers(r *verdict.Result) error {
	s := &r.Stats
	for name, n := range map[string]int{"scope.messages": r.Scope.Messages, "scope.replicas": r.Scope.Replicas, "stats.depth": s.Depth,
		"stats.workers": s.Workers} {
		if n < 0 || n > maxNumber {
			return fmt.Errorf("%s: %d is not between 0 and %d", name, n, maxNumber)
		}
	}
	for name, x := range map[string]float64{"stats.seconds": s.Seconds, "stats.collision_probability": s.CollisionProbability} {
		if x < 0 || math.IsInf(x, 0) || math.IsNaN(x) {
			return fmt.Errorf("%s: %v is no number of it", name, x)
		}
	}
	if e := r.CompleteTo; e != nil && (e.Faults < -1 || e.Faults > maxNumber || e.Depth < 0 || e.Depth > maxNumber) {
		return fmt.Errorf("complete_to: %d faults, %d steps", e.Faults, e.Depth)
	}
	return nil
}

// validateSets looks at sets of faults.
func validateSets(r *verdict.Result) error {
	sets := append([]map[string]int{r.Faults, r.Budget}, r.AlsoBrokenBy...)
	for _, n := range r.Needed {
		sets = append(sets, n.Without, map[string]int{n.Fault: 1})
		if !slices.Contains(verdictWords, n.Verdict) {
			return fmt.Errorf("needed: %.40q is no verdict", n.Verdict)
		}
	}
	if r.Showing != nil {
		sets = append(sets, r.Showing.Faults)
	}
	for _, set := range sets {
		for _, name := range slices.Sorted(maps.Keys(set)) {
			if n := set[name]; !wordName.MatchString(name) || n < 0 || n > maxNumber {
				return fmt.Errorf("%d of %.40q is no number of faults", n, name)
			}
		}
	}
	return nil
}

// validateTraces looks at the steps of all runs.
func validateTraces(r *verdict.Result) error {
	if err := validateSteps("steps", r.Steps, 1); err != nil {
		return err
	}
	if r.Showing != nil {
		if err := validateSteps("showing.steps", r.Showing.Steps, 1); err != nil {
			return err
		}
	}
	if r.Branch == nil {
		return nil
	}
	if r.Branch.Shared < 0 || r.Branch.Shared > len(r.Steps) {
		return fmt.Errorf("branch.shared: %d of %d steps", r.Branch.Shared, len(r.Steps))
	}
	return validateSteps("branch.steps", r.Branch.Steps, r.Branch.Shared+1)
}

// validateSteps looks at the steps of one run, which are numbered.
func validateSteps(name string, steps []verdict.Step, first int) error {
	if len(steps) > maxSteps {
		return fmt.Errorf("%s: %d are more than %d", name, len(steps), maxSteps)
	}
	for i := range steps {
		s := &steps[i]
		switch {
		case s.N != first+i:
			return fmt.Errorf("%s: number %d stands where %d is expected", name, s.N, first+i)
		case !actionName.MatchString(s.Action):
			return fmt.Errorf("%s: step %d: action: %.40q is no name", name, s.N, s.Action)
		case s.Fault && s.Kind != "" && !wordName.MatchString(s.Kind):
			return fmt.Errorf("%s: step %d: kind: %.40q is no name", name, s.N, s.Kind)
		case len(s.Text) > maxText:
			return fmt.Errorf("%s: step %d: a text of %d bytes", name, s.N, len(s.Text))
		}
		if err := validateElsewhere(s); err != nil {
			return fmt.Errorf("%s: step %d: %w", name, s.N, err)
		}
	}
	return nil
}

// validateElsewhere looks at what else could have happened.
func validateElsewhere(s *verdict.Step) error {
	standings := []verdict.Standing{verdict.StandsIntact, verdict.StandsDoomed, verdict.StandsBroken, verdict.StandsOpen}
	for i := range s.Elsewhere {
		e := &s.Elsewhere[i]
		switch {
		case !slices.Contains(standings, e.Stands):
			return fmt.Errorf("elsewhere: stands: %.40q is no word for it", e.Stands)
		case e.Kind != "" && !wordName.MatchString(e.Kind):
			return fmt.Errorf("elsewhere: kind: %.40q is no name", e.Kind)
		case len(e.Text) > maxText:
			return fmt.Errorf("elsewhere: a text of %d bytes", len(e.Text))
		}
	}
	if s.More < 0 || s.More > maxNumber {
		return fmt.Errorf("more_elsewhere: %d is not between 0 and %d", s.More, maxNumber)
	}
	return nil
}

// validateLedgers looks at the tables of the messages.
func validateLedgers(r *verdict.Result) error {
	ledgers, steps := []*verdict.Ledger{r.Ledger}, len(r.Steps)
	if r.Showing != nil {
		ledgers, steps = append(ledgers, r.Showing.Ledger), max(steps, len(r.Showing.Steps))
	}
	for _, l := range ledgers {
		if l == nil {
			continue
		}
		for _, row := range l.Rows {
			if len(row.Cells) > len(l.Columns) {
				return fmt.Errorf("ledger: %d cells in %d columns", len(row.Cells), len(l.Columns))
			}
			for _, cell := range row.Cells {
				for _, e := range cell {
					if e.Step < 0 || e.Step > steps {
						return fmt.Errorf("ledger: step %d of %d", e.Step, steps)
					}
				}
			}
		}
	}
	return nil
}

// validateSettings looks at the settings.
func validateSettings(r *verdict.Result) error {
	for _, s := range r.Settings {
		if !slices.Contains(originWords, s.Origin) {
			return fmt.Errorf("settings: origin: %.40q is none", s.Origin)
		}
		if len(s.Key)+len(s.Value)+len(s.Source) > maxText {
			return fmt.Errorf("settings: a setting of %d bytes", len(s.Key)+len(s.Value)+len(s.Source))
		}
	}
	return nil
}
