package specs_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/specs"
)

// corrected are questions that are easily answered wrongly with `holds`, or with too many faults, each found in Kafka's
// sources and classes: the spec, what is asked in place of its faults or settings, and for each guarantee the verdict and the
// minimal set of faults.
var corrected = []struct {
	spec, faults string
	set          []string
	want         string
}{
	// A leader that learns at once that it was deposed and leads again counts what it knew of its followers before.
	{"reelected-leader-three-moves-3.9", "", nil, "no-acked-loss violated leader-move x3, committed-stays violated leader-move x3"},
	{"reelected-leader-three-moves-3.9", "leader-move=1,broker-crash=2", nil, "no-acked-loss violated broker-crash x2, leader-move, committed-stays violated broker-crash x2, leader-move"},
	{"reelected-leader-three-moves-3.9", "leader-move=2,broker-crash=1", nil, "no-acked-loss violated broker-crash, leader-move x2, committed-stays violated broker-crash, leader-move x2"},
	{"reelected-leader-loses-acked-record", "", nil, "no-acked-loss violated broker-crash, clean-restart, leader-move, committed-stays violated broker-crash, clean-restart, leader-move"},
	{"reelected-leader-loses-acked-record", "leader-move=3", nil, "no-acked-loss violated leader-move x3, committed-stays violated leader-move x3"},
	{"reelected-leader-two-moves", "", nil, "no-acked-loss holds, committed-stays holds"},
	{"reelected-leader-two-moves", "leader-move=1,broker-crash=1", nil, "no-acked-loss holds, committed-stays holds"},
	{"reelected-leader-two-moves", "leader-move=1,partition=1", nil, "no-acked-loss holds, committed-stays holds"},
	// Bounded retries run out while the elected leader does not know yet.
	{"retries-run-out-before-leader-knows", "", nil, "at-least-once violated clean-restart"},
	{"retries-run-out-before-leader-knows-0.8", "", nil, "at-least-once violated leader-move"},
	{"retries-run-out-before-leader-knows-plain", "", nil, "at-least-once violated leader-move"},
	{"retries-run-out-before-leader-knows-sarama", "", nil, "at-least-once violated leader-move"},
	{"retries-run-out-before-leader-knows-librdkafka", "", nil, "at-least-once violated leader-move"},
	{"unlimited-retries-outlast-leader-change", "", nil, "at-least-once holds"},
	// Each process has a transactional.id of its own, so that nobody fences the one that has lost the partition.
	{"id-per-instance-no-metadata-rebalance", "", nil, "exactly-once violated rebalance"},
	{"id-per-partition-no-metadata-rebalance", "", nil, "exactly-once holds"},
	// A follower that has stopped to fetch is in the in-sync set for longer than a request waits.
	{"request-times-out-before-follower-leaves", "", nil, "at-most-once violated replica-lag, no-duplicate-in-log violated replica-lag"},
	{"request-times-out-before-follower-leaves-2.8", "", nil, "no-duplicate-in-log violated replica-lag"},
	{"delivery-times-out-before-follower-leaves", "", nil, "no-duplicate-in-log violated replica-lag"},
	{"request-outlasts-follower-2.4", "", nil, "no-duplicate-in-log holds"},
	// Of two timers that guard the same answer the shorter runs out first.
	{"outage-longer-than-transaction-timeout", "", nil, "exactly-once violated broker-crash"},
	{"outage-longer-than-transaction-timeout-rewinds", "", nil, "exactly-once holds"},
	{"outage-read-uncommitted", "", nil, "exactly-once violated broker-crash"},
	{"outage-longer-than-poll-interval", "", nil, "at-most-once violated leader-move"},
	{"outage-longer-than-poll-interval", "", []string{"consumer.max.poll.interval.ms=2147483647"}, "at-most-once holds"},
	{"outage-shorter-than-poll-interval", "", nil, "at-most-once holds"},
	// A refusal renumbers what is in flight (KAFKA-14034).
	{"idempotent-refusal-renumbers", "", nil, "no-duplicate-in-log violated leader-move, send-refused, at-most-once violated leader-move, send-refused"},
	{"idempotent-refusal-renumbers-2.8", "", nil, "no-duplicate-in-log violated leader-move, send-refused, at-most-once violated leader-move, send-refused"},
	{"idempotent-refusal-java-2.4", "", nil, "no-duplicate-in-log holds, at-most-once holds"},
	// A marker that is late ends the next transaction, up to 4.1.
	{"late-marker-4.1", "", nil, "exactly-once violated delay"},
	{"late-marker-4.2", "", nil, "exactly-once holds"},
	// A position that diverges at offset 0 is set to 0, whatever auto.offset.reset says, and a wiped disk is not elected.
	{"wiped-disk-is-not-elected", "", nil, "uninterrupted violated disk-loss, replica-lag x2, no-acked-loss violated disk-loss, replica-lag x2"},
	// New partitions, batches renumbered and empty cleanup.policy in 4.2 to 4.4; settings that clients and brokers refuse.
	{"latest-partition-added-4.4", "", nil, "at-least-once violated partition-added"},
	{"latest-partition-added-4.4", "", []string{"kafka=4.2"}, "at-least-once violated partition-added"},
	{"idempotent-batches-renumbered-4.4", "", nil, "no-duplicate-in-log violated leader-move, response-lost, at-most-once violated leader-move, response-lost, order violated leader-move, response-lost"},
	{"nothing-is-deleted", "", nil, "at-least-once holds"},
	{"consumer-with-share-settings", "", nil, "at-least-once refused"},
	{"two-phase-commit-not-allowed", "", nil, "exactly-once refused"},
}

// TestCorrected checks the verdict and the minimal fault set of each; with KCHECK_TRACES it prints the steps.
func TestCorrected(t *testing.T) {
	t.Parallel()
	for _, c := range corrected {
		request := kafkaconf.Request{Files: specs.Lookup(c.spec), ReadFile: specs.ReadFile, Faults: c.faults}
		for _, s := range c.set {
			if release, ok := strings.CutPrefix(s, "kafka="); ok {
				request.Kafka = release
				continue
			}
			request.Set = append(request.Set, s)
		}
		report, err := verdict.CheckFiles(context.Background(), request, verdict.Options{Unexplained: true})
		if err != nil {
			t.Errorf("%s: %v", c.spec, err)
			continue
		}
		got := ""
		for i, r := range report.Results {
			if i > 0 {
				got += ", "
			}
			got += fmt.Sprintf("%s %s", r.Guarantee, r.Verdict)
			if len(r.Faults) > 0 {
				got += " " + faultWords(r.Faults)
			}
			if os.Getenv("KCHECK_TRACES") != "" {
				t.Logf("%s %s: %s", c.spec, r.Guarantee, r.Reason)
				for _, s := range r.Steps {
					t.Logf("  %2d %s", s.N, s.Text)
				}
			}
		}
		if got != c.want {
			t.Errorf("%s %s %s:\n got %s\nwant %s", c.spec, c.faults, c.set, got, c.want)
		}
	}
}
