package risk

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// stormCases are small enough for their chains to be explored whole, with brokers told apart.
var stormCases = []struct{ name, spec, rates string }{
	{"one replica, its disk", "guarantee: committed-stays\ntopic: {replication.factor: 1, min.insync.replicas: 1}", "defaults: none\nfaults: {disk-loss: 2/year}"},
	{"two replicas, their disks", "guarantee: committed-stays\ntopic: {replication.factor: 2, min.insync.replicas: 1}", "defaults: none\nfaults: {disk-loss: 20/year}"},
	{"two replicas, power and disks", "guarantee: committed-stays\ntopic: {replication.factor: 2, min.insync.replicas: 1}", "defaults: none\nfaults: {disk-loss: 50/year, total-power-loss: 40/year}"},
	{"two replicas, unclean", "kafka: 4.1\nguarantee: committed-stays\ntopic: {replication.factor: 2, min.insync.replicas: 1, unclean.leader.election.enable: true}", "defaults: none\nfaults: {disk-loss: 60/year, replica-lag: 400/year}"},
	{"acks=1, one replica, its disk", "guarantee: no-acked-loss\nproducer: {acks: 1, retries: 0}\ntopic: {replication.factor: 1, min.insync.replicas: 1}", "defaults: none\nfaults: {disk-loss: 100/year, response-lost: 1e-2/request}"},
	{"acks=1, one replica, power", "guarantee: no-acked-loss\nproducer: {acks: 1, retries: 0}\ntopic: {replication.factor: 1, min.insync.replicas: 1}", "defaults: none\nfaults: {power-loss: 500/year, response-lost: 1e-3/request}"},
	{"acks=all, minimum 1, lag and crash", "guarantee: no-acked-loss\nproducer: {acks: all}\ntopic: {replication.factor: 2, min.insync.replicas: 1}", "defaults: none\nfaults: {replica-lag: 900/year, disk-loss: 100/year}"},
	{"acks=0, lost requests", "guarantee: at-least-once\nproducer: {acks: 0, retries: 0}\ntopic: {replication.factor: 1, min.insync.replicas: 1}", "defaults: none\nfaults: {request-lost: 1e-3/request, broker-crash: 50/year}"},
	{"one replica, the producer dies", "guarantee: at-least-once\nproducer: {acks: all}\ntopic: {replication.factor: 1, min.insync.replicas: 1}", "defaults: none\nfaults: {producer-crash: 500/year, broker-crash: 50/year}"},
	{"one replica, power", "guarantee: at-least-once\nproducer: {acks: all}\ntopic: {replication.factor: 1, min.insync.replicas: 1}", "defaults: none\nfaults: {power-loss: 80/year}"},
	{"two replicas, lag and the producer", "guarantee: at-least-once\nproducer: {acks: all}\ntopic: {replication.factor: 2, min.insync.replicas: 2}", "defaults: none\nfaults: {replica-lag: 900/year, producer-crash: 500/year}"},
	{"processed twice", "guarantee: at-most-once\nproducer: {acks: all}\ntopic: {replication.factor: 1, min.insync.replicas: 1}\nconsumer: {enable.auto.commit: false}", "defaults: none\nfaults: {consumer-crash: 900/year, broker-crash: 50/year}"},
}

// TestStorm compares with the model checker Storm, which solves the chain before lumping: its least and its greatest risk
// are the bounds, to six digits.
func TestStorm(t *testing.T) {
	t.Parallel()
	python := os.Getenv("KCHECK_PYTHON")
	if python == "" {
		python = "python3"
	}
	if out, err := exec.Command(python, "-c", "import stormpy").CombinedOutput(); err != nil {
		t.Skipf("no stormpy for %s (pip install stormpy, or KCHECK_PYTHON=another python): %v %s", python, err, lastLine(out))
	}
	folder := t.TempDir()
	args := []string{filepath.Join("testdata", "storm.py")}
	results := make([]Result, len(stormCases))
	for i, c := range stormCases {
		results[i] = ask(t, c.spec, c.rates, Options{})
		file := filepath.Join(folder, fmt.Sprint(i, ".drn"))
		out, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := Export(out, question(t, c.spec), ratesOf(t, c.rates), 1_000_000); err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	out, err := exec.Command(python, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(stormCases) {
		t.Fatalf("%d lines: %s", len(lines), out)
	}
	for i, c := range stormCases {
		var low, high float64
		if _, err := fmt.Sscan(lines[i], &low, &high); err != nil {
			t.Fatalf("%s: %q", c.name, lines[i])
		}
		if results[i].Unit == UnitRecord {
			low, high = low*Year, high*Year
		}
		t.Logf("%s: %.9g to %.9g, Storm %.9g to %.9g", c.name, results[i].Low, results[i].High, low, high)
		if !same(results[i].Low, low) || !same(results[i].High, high) {
			t.Errorf("%s: %.12g to %.12g; Storm says %.12g to %.12g", c.name, results[i].Low, results[i].High, low, high)
		}
	}
}

// same says that two numbers agree to six digits.
func same(x, y float64) bool { return math.Abs(x-y) <= 1e-6*math.Max(math.Abs(x), math.Abs(y)) }

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
