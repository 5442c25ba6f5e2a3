package risk

import (
	"strings"
	"testing"

	"github.com/kcheck/kcheck/model"
)

// TestDefaultsAreComplete wants a default, with a source, for every kind of fault that has a rate, and a time for every step.
func TestDefaultsAreComplete(t *testing.T) {
	t.Parallel()
	for _, k := range model.FaultKinds(nil) {
		if k.Fault().Rate.Per != 0 && !known(faultPrefix+k.String()) {
			t.Errorf("%s has no default rate", k)
		}
	}
	for _, a := range model.Actions() {
		if a.Area != model.AreaProcess && !strings.HasPrefix(a.Name, "Share") && !a.IsFault() && !known(stepPrefix+a.Time.Step) {
			t.Errorf("%s has no time: %q", a.Name, a.Time.Step)
		}
	}
	for _, d := range defaults {
		if d.source == "" {
			t.Errorf("%s has no source", d.key)
		}
	}
}

// TestPrintedRatesAreRead reads what is printed.
func TestPrintedRatesAreRead(t *testing.T) {
	t.Parallel()
	text := Default().Print()
	r, problems := Read("rates.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for key, v := range Default().values {
		if r.values[key].number != v.number {
			t.Errorf("%s: %v, not %v", key, r.values[key].number, v.number)
		}
	}
}

// TestBadRates wants one clear line for each mistake.
func TestBadRates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"faults: {disk-loss: -1/year}":                   "r.yaml:1:10: faults.disk-loss: -1/year is negative; write a number above 0, such as 0.5/year",
		"steps: {fetch: 0ms}":                            "r.yaml:1:9: steps.fetch: 0ms is 0; write a number above 0, such as 5ms, or none for a fault that does not happen",
		"faults: {power-losss: 1/year}":                  "r.yaml:1:10: faults.power-losss: is not known; did you mean power-loss?",
		"faults: {request-lost: 1/year}":                 `r.yaml:1:10: faults.request-lost: "1/year" has no unit that is known here (request); write it as 1e-6/request`,
		"faults: {request-lost: 1/request}":              "r.yaml:1:10: faults.request-lost: 1/request is no probability; write one below 1, such as 1e-6",
		"steps: {restart: 5}":                            `r.yaml:1:9: steps.restart: "5" has no unit that is known here (us, µs, ms, s, m, min, h, d); write it as 5ms`,
		"messages: 1000000/s":                            "r.yaml:1:1: messages: 1000000/s is more than can be sent: with steps.send of 10us at most 1e+05/s; lower messages or steps.send",
		"messages: often":                                `r.yaml:1:1: messages: "often" is no number with a unit; write it as 1000/s`,
		"defaults: all":                                  `r.yaml:1:1: defaults: "all" is not known here; write defaults: none, or leave it out`,
		"speed: 1":                                       "r.yaml:1:1: speed: is not known here; known are defaults, messages, faults and steps",
		"faults: {disk-loss: 1/year, disk-loss: 2/year}": `r.yaml:1:29: not valid YAML: mapping key "disk-loss" already defined at [1:10]; write the key once`,
	} {
		_, problems := Read("r.yaml", []byte(text))
		var lines []string
		for _, p := range problems {
			lines = append(lines, p.String())
		}
		if got := strings.Join(lines, "\n"); got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestWithoutDefaults wants no fault but those that are named, and the default times.
func TestWithoutDefaults(t *testing.T) {
	t.Parallel()
	r, problems := Read("r.yaml", []byte("defaults: none\nfaults: {power-loss: 1/year}"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if r.fault(model.DiskLoss) != 0 || r.fault(model.PowerLoss) != 1/Year || r.step("restart") != 60 {
		t.Errorf("%v", r.List())
	}
}
