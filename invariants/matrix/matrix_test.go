package matrix

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// table is a matrix over Kafka's defaults with one message, filled in.
func table(t *testing.T, faults string, guarantees []string, vary ...string) *Matrix {
	t.Helper()
	var dimensions []Dimension
	for _, v := range vary {
		d, err := ParseDimension(v)
		if err != nil {
			t.Fatal(err)
		}
		dimensions = append(dimensions, d)
	}
	m, problems := New(kafkaconf.Request{Messages: "1", Faults: faults, Guarantees: guarantees}, dimensions)
	if kafkaconf.Problems(problems).Failed() {
		t.Fatal(problems)
	}
	if err := m.Run(context.Background(), verdict.Options{}, nil); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestCells compares every cell with a check of its own, among them some that share one and some that Kafka refuses.
func TestCells(t *testing.T) {
	t.Parallel()
	m := table(t, "broker-crash=1", []string{"at-least-once", "no-acked-loss"}, "producer.acks=0,1,all",
		"producer.enable.idempotence=true,false", "topic.min.insync.replicas=1,2", "topic.replication.factor=1,2")
	if len(m.Cells) != 24 {
		t.Fatalf("%d cells", len(m.Cells))
	}
	asked := 0
	for i := range m.Cells {
		cell := &m.Cells[i]
		request := kafkaconf.Request{Messages: "1", Faults: "broker-crash=1", Guarantees: m.Guarantees}
		for key, value := range cell.Settings {
			request.Set = append(request.Set, key+"="+value)
		}
		resolved, _ := kafkaconf.Load(request)
		for _, q := range verdict.Questions(resolved) {
			asked++
			r, err := verdict.Check(context.Background(), q, verdict.Options{})
			if err != nil || r.Verdict != cell.Verdicts[q.Guarantee] {
				t.Errorf("%v: %s is %s, a check says %s (%v)", cell.Settings, q.Guarantee, cell.Verdicts[q.Guarantee], r.Verdict, err)
			}
		}
	}
	if len(m.Checks) >= asked-2*len(m.Guarantees) {
		t.Errorf("%d checks for %d questions: nothing is shared", len(m.Checks), asked)
	}
}

// TestLarge fills in a table of four kinds of producer, three replication factors, three min.insync.replicas, unclean
// elections and eligible leader replicas on and off, for three guarantees: on two cores of their own it takes half a
// minute. It runs with KCHECK_LONG=1.
func TestLarge(t *testing.T) {
	if os.Getenv("KCHECK_LONG") == "" {
		t.Skip("fills in 216 cells; KCHECK_LONG=1 runs it")
	}
	begin := time.Now()
	m := table(t, "standard", []string{"at-least-once", "at-most-once", "no-acked-loss"}, "producer.acks=0,1,all",
		"producer.enable.idempotence=true,false", "topic.replication.factor=1,2,3", "topic.min.insync.replicas=1,2,3",
		"topic.unclean.leader.election.enable=true,false", "features.eligible.leader.replicas.version=0,1")
	search := 0.0
	for i := range m.Checks {
		if m.Checks[i].Verdict == verdict.Inconclusive {
			t.Errorf("%s is inconclusive: %s", m.Checks[i].Guarantee, m.Checks[i].Reason)
		}
		search += m.Checks[i].Seconds
	}
	t.Logf("%d cells, %d checks, %v; the searches alone take %.0f s", len(m.Cells), len(m.Checks), time.Since(begin), search)
}
