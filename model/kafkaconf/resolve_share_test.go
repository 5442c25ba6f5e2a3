package kafkaconf

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestShareIsolationLevel: in a share group the model has no records of aborted transactions, so that the isolation level makes
// no difference, and a note says so.
func TestShareIsolationLevel(t *testing.T) {
	t.Parallel()
	with := func(level string) *Resolved {
		return loadSpec(t, "kafka: 4.4\nguarantee: at-most-once\nproducer: {transactional.id: orders}\ngroup: {share.isolation.level: "+level+"}\n"+
			"app: {share: explicit}\nfaults: {consumer-crash: 1}\n")
	}
	committed, uncommitted := with("read_committed"), with("read_uncommitted")
	if diff := cmp.Diff(committed.Config, uncommitted.Config); diff != "" {
		t.Errorf("read_committed and read_uncommitted are two questions:\n%s", diff)
	}
	if !slices.ContainsFunc(committed.Notes, func(n string) bool { return strings.Contains(n, "share.isolation.level") }) {
		t.Errorf("no note about it in %q", committed.Notes)
	}
}
