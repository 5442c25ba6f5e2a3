package verdict

import (
	"context"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

// TestDangers asks of configurations that hold within their budget: what is said of a dangerous setting comes true with the
// budget that is named, and nothing is said of a setting that the budget puts to the test.
func TestDangers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		set  []string
		want string // the key of the danger
	}{
		{[]string{"topic.min.insync.replicas=2", "topic.unclean.leader.election.enable=true"}, "topic.unclean.leader.election.enable"},
		{[]string{"topic.min.insync.replicas=1"}, "topic.min.insync.replicas"},
		{[]string{"topic.min.insync.replicas=2", "topic.retention.ms=3600000"}, "topic.retention.ms"},
	} {
		t.Run(c.want, func(t *testing.T) {
			t.Parallel()
			r := kafkaconf.Request{Set: append([]string{"producer.acks=all", "topic.replication.factor=3"}, c.set...),
				Guarantees: []string{"no-acked-loss"}, Messages: "1", Faults: "broker-crash=1"}
			report, err := CheckFiles(context.Background(), r, Options{Unexplained: true})
			if err != nil || report.Results[0].Verdict != Holds || len(report.Results[0].Dangers) != 1 {
				t.Fatalf("%v, %+v", err, report.Results)
			}
			d := report.Results[0].Dangers[0]
			if d.Key != c.want || !strings.Contains(d.Sentence(), flagOf(d.Faults)) {
				t.Errorf("got %+v", d)
			}
			r.Faults = flagOf(d.Faults)
			report, err = CheckFiles(context.Background(), r, Options{Unexplained: true})
			if err != nil || report.Results[0].Verdict != Violated {
				t.Errorf("with %s it is %s, %v", r.Faults, report.Results[0].Verdict, err)
			}
		})
	}
}

// TestNoFaultHappens asks under faults that cannot happen: the verdict stays and says so first.
func TestNoFaultHappens(t *testing.T) {
	t.Parallel()
	r := kafkaconf.Request{Set: []string{"producer.acks=all"}, Guarantees: []string{"at-least-once"}, Messages: "1", Faults: "transaction-timeout=1"}
	report, err := CheckFiles(context.Background(), r, Options{Unexplained: true})
	if err != nil || report.Results[0].Verdict != Holds || !strings.HasPrefix(report.Results[0].Reason, "none of the faults") {
		t.Errorf("%v, %+v", err, report.Results)
	}
}
