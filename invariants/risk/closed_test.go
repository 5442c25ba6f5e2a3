package risk

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// ask computes the risk of a spec under rates.
func ask(t *testing.T, spec, rates string, o Options) Result {
	t.Helper()
	q, r := question(t, spec), ratesOf(t, rates)
	result, err := Analyze(context.Background(), q, r, o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// question reads a spec with one guarantee.
func question(t *testing.T, spec string) verdict.Question {
	t.Helper()
	file := filepath.Join(t.TempDir(), "spec.yaml")
	if err := os.WriteFile(file, []byte(spec), 0o600); err != nil {
		t.Fatal(err)
	}
	resolved, err := kafkaconf.Load(kafkaconf.Request{Files: []string{file}, Messages: "1"})
	if err != nil {
		t.Fatal(err)
	}
	return verdict.Questions(resolved)[0]
}

func ratesOf(t *testing.T, text string) *Rates {
	t.Helper()
	r, problems := Read("rates.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return r
}

// knownSpec is one of the bundled specs whose risk is known.
func knownSpec(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "specs", "risk", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestClosedForms compares with formulas where there are any.
func TestClosedForms(t *testing.T) {
	t.Parallel()
	const hour = 3600.0
	afr := 0.0157
	for _, c := range []struct {
		name, spec, rates string
		want              float64
	}{
		{"one replica: the annualised failure rate of its disk",
			knownSpec(t, "one-disk"),
			"defaults: none\nfaults: {disk-loss: 0.0157/year}", afr},
		{"two replicas: mirrored disks, 2 x rate x rate x time to repair",
			knownSpec(t, "two-disks"),
			"defaults: none\nfaults: {disk-loss: 0.0157/year}\nsteps: {disk-replacement: 24h}", 2 * afr * afr * 24 * hour / Year},
		{"three replicas: 6 x rate x rate x time x rate x time / 2",
			"guarantee: committed-stays\ntopic: {replication.factor: 3, min.insync.replicas: 1}",
			"defaults: none\nfaults: {disk-loss: 0.0157/year}\nsteps: {disk-replacement: 24h}", 6 * afr * afr * afr * math.Pow(24*hour/Year, 2) / 2},
		{"auto commit: of crash and commit of what is processed the crash comes first",
			"guarantee: at-most-once\nconsumer: {enable.auto.commit: true, auto.offset.reset: earliest}\ntopic: {replication.factor: 1, min.insync.replicas: 1}",
			"defaults: none\nfaults: {consumer-crash: 1/h}\nsteps: {commit: 36s}", 0.01 / 1.01},
		{"one retry: both requests are lost",
			"guarantee: at-least-once\ncounted: attempted\nproducer: {acks: all, enable.idempotence: false, retries: 1}\ntopic: {replication.factor: 1, min.insync.replicas: 1}",
			"defaults: none\nfaults: {request-lost: 0.2/request}", 0.04},
		{"one retry: the answer to a request that arrives is lost, and the second request arrives",
			"guarantee: no-duplicate-in-log\nproducer: {acks: all, enable.idempotence: false, retries: 1}\ntopic: {replication.factor: 1, min.insync.replicas: 1}",
			"defaults: none\nfaults: {request-lost: 0.2/request, response-lost: 0.1/request}", 0.8 * 0.1 * 0.8},
		{"acks=1, two replicas: the rate of crashes x the delay of replication",
			knownSpec(t, "acks-1"),
			"defaults: none\nfaults: {broker-crash: 1/year}\nsteps: {fetch: 2ms, poll: 1h, ack: 1us, session-timeout: 1s, election: 1s}", 0.002 / Year},
		{"acks=1, three replicas: the leader is cut off, until the election and then until it is healed or the producer asks who leads",
			knownSpec(t, "defaults-2.8"),
			"defaults: none\nfaults: {partition: 4/year}\nsteps: {election: 9s, metadata: 100ms, heal: 30min, metadata-age: 2.5min}",
			4 / Year * (9 + 0.1 + 1/(1/150.0+1/1800.0))},
	} {
		r := ask(t, c.spec, c.rates, Options{})
		t.Logf("%s: %g to %g; %g; %d states, %.1f s", c.name, r.Low, r.High, c.want, r.States, r.Seconds)
		if math.Abs(r.High/c.want-1) > 0.01 {
			t.Errorf("%s: %g to %g; want %g", c.name, r.Low, r.High, c.want)
		}
	}
}
