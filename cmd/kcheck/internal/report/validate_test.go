package report

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// TestForeignResults checks that each damage of a saved result is refused, in a sentence that says where it is.
func TestForeignResults(t *testing.T) {
	t.Parallel()
	for want, damage := range map[string]func(*verdict.Result){
		`results[0]: verdict: "fine" is none`:                         func(r *verdict.Result) { r.Verdict = "fine" },
		`results[0]: expected: "fine" is no verdict`:                  func(r *verdict.Result) { r.Expected = "fine" },
		`results[0]: compared: "fine" is none`:                        func(r *verdict.Result) { r.Compared = "fine" },
		`results[0]: guarantee: "::error::x" is no name`:              func(r *verdict.Result) { r.Guarantee = "::error::x" },
		`results[0]: steps: number 7 stands where 2 is expected`:      func(r *verdict.Result) { r.Steps[1].N = 7 },
		`results[0]: steps: step 1: action: "<b>" is no name`:         func(r *verdict.Result) { r.Steps[0].Action = "<b>" },
		`results[0]: steps: step 2: a text of 70000 bytes`:            func(r *verdict.Result) { r.Steps[1].Text = strings.Repeat("x", 70000) },
		`results[0]: -1 of "broker-crash" is no number of faults`:     func(r *verdict.Result) { r.Faults["broker-crash"] = -1 },
		`results[0]: 1 of "a b" is no number of faults`:               func(r *verdict.Result) { r.Budget["a b"] = 1 },
		`results[0]: branch.shared: 99 of 8 steps`:                    func(r *verdict.Result) { r.Branch.Shared = 99 },
		`results[0]: branch.steps: number 4 stands where 1`:           func(r *verdict.Result) { r.Branch.Shared = 0 },
		`results[0]: ledger: step 99 of 8`:                            func(r *verdict.Result) { r.Ledger.Rows[0].Cells[0][0].Step = 99 },
		`results[0]: ledger: 10 cells in 1 columns`:                   func(r *verdict.Result) { r.Ledger.Columns = r.Ledger.Columns[:1] },
		`results[0]: scope.messages: -1 is not between 0 and 1000000`: func(r *verdict.Result) { r.Scope.Messages = -1 },
		`results[0]: stats.seconds: -1 is no number of it`:            func(r *verdict.Result) { r.Stats.Seconds = -1 },
		`results[0]: a text of 70000 bytes`:                           func(r *verdict.Result) { r.About = strings.Repeat("x", 70000) },
	} {
		report := savedReport(t, "testdata/story-acks-1.json")
		damage(&report.Results[0])
		_, err := Read("result.json", []byte(written(t, "json", report)))
		if err == nil || !strings.HasPrefix(err.Error(), "result.json: not a result of kcheck: "+want) {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}

// TestDamagedResults changes saved results at random: what is accepted can be written in every form, and the rest is an
// error of one line.
func TestDamagedResults(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/story-acks-1.json")
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, data); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	rounds := 500
	if testing.Short() {
		rounds = 100
	}
	for range rounds {
		damaged := damage(random, compact.Bytes())
		report, err := Read("result.json", damaged)
		if err != nil {
			if text := err.Error(); len(text) > 500 || printable(text) != text || strings.Contains(text, "\n") {
				t.Errorf("an error that is no line: %q", text)
			}
			continue
		}
		for _, format := range CheckFormats {
			documentAs(t, format, Check(report), Options{})
		}
	}
}

// damage changes, leaves out, repeats or cuts off pieces of a text.
func damage(random *rand.Rand, data []byte) []byte {
	out := bytes.Clone(data)
	for range 1 + random.IntN(4) {
		at := random.IntN(len(out))
		end := min(len(out), at+1+random.IntN(20))
		switch random.IntN(5) {
		case 0:
			out[at] = byte(random.IntN(256))
		case 1:
			out = append(out[:at], out[end:]...)
		case 2:
			out = append(out[:end], out[at:]...)
		case 3:
			out[at] = "0123456789-{}[],:\"ntf"[random.IntN(21)]
		case 4:
			if random.IntN(10) == 0 {
				out = out[:at+1]
			}
		}
		if len(out) == 0 {
			return []byte("{")
		}
	}
	return out
}
