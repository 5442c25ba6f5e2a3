package specs_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/specs"
)

// replicationRows are the specs about acknowledgements, in-sync sets, elections and disks.
var replicationRows = []string{
	"acks-1-new-leader-lacks-record", "acks-1-ignores-min-isr", "acks-all-two-broker-crashes", "acks-all-two-leader-moves",
	"acks-all-lag-and-two-crashes", "acks-all-one-power-loss", "unclean-election-stale-replica", "all-brokers-lose-power",
	"all-brokers-lose-power-flushed", "acks-1-flushed-leader-crash", "last-replica-copied-from-disk",
	"two-replicas-one-down-writes-stop",
}

// TestReplicationSince41 checks that what replication guarantees in 4.1 it guarantees in 4.2 to 4.4, in the same states:
// Partition, ReplicaManager, UnifiedLog and PartitionChangeBuilder decide the same there.
func TestReplicationSince41(t *testing.T) {
	t.Parallel()
	for _, name := range replicationRows {
		var first string
		for _, release := range []string{"4.1", "4.2", "4.3", "4.4"} {
			read := func(path string) ([]byte, error) {
				text, err := specs.ReadFile(path)
				changed := bytes.Replace(text, []byte(`kafka: "4.1"`), []byte(`kafka: "`+release+`"`), 1)
				if err == nil && release != "4.1" && bytes.Equal(text, changed) {
					err = fmt.Errorf("%s is not about 4.1", path)
				}
				return changed, err
			}
			request := kafkaconf.Request{Files: specs.Lookup(name), ReadFile: read}
			report, err := verdict.CheckFiles(context.Background(), request, verdict.Options{Unexplained: true})
			if err != nil {
				t.Errorf("%s with %s: %v", name, release, err)
				continue
			}
			got := ""
			for _, r := range report.Results {
				got += fmt.Sprintln(r.Guarantee, r.Verdict, faultWords(r.Faults), len(r.Steps), r.Stats.Distinct)
			}
			if first == "" {
				first = got
			}
			if got != first {
				t.Errorf("%s with %s:\n%swith 4.1:\n%s", name, release, got, first)
			}
		}
	}
}
