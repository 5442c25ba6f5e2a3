package reproduce

import (
	"testing"

	"github.com/kcheck/kcheck/invariants/risk"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// TestFaultsByAClockOnACluster has connections break by a clock for a few seconds: every message comes to its end and is counted.
// Whether the count agrees with what is computed is for longer runs to say.
func TestFaultsByAClockOnACluster(t *testing.T) {
	home := kafkaHome(t)
	if home.Line() != "4.4" {
		t.Skip("played on 4.4 alone")
	}
	t.Setenv("TMPDIR", t.TempDir())
	resolved, err := kafkaconf.Load(kafkaconf.Request{Files: []string{"testdata/rates/bounded-retries.yaml"}})
	if err != nil {
		t.Fatal(err)
	}
	rates, problems := risk.Read("rates.yaml", []byte("defaults: none\nmessages: 10/s\nfaults: {request-lost: 0.15/request, response-lost: 0.1/request}\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	const messages = 100
	r, err := Clock(t.Context(), home, verdict.Questions(resolved), rates, ClockOptions{Messages: messages, Seed: 1}, func(text string) { t.Log(text) })
	if err != nil {
		t.Fatal(err)
	}
	if r.Sent != messages || r.Acked+r.Failed != messages || len(r.Counted) != 3 || r.Faults[0].Times == 0 || r.Faults[1].Times == 0 {
		t.Errorf("%+v", r)
	}
	t.Logf("%d acknowledged, %d failed, %+v", r.Acked, r.Failed, r.Faults)
	for _, c := range r.Counted {
		t.Logf("%s: %d of %d, computed %.4f to %.4f: %s", c.Guarantee, c.Broken, c.Of, c.Risk.Low, c.Risk.High, c.Result)
	}
}
