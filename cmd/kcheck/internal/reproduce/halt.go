package reproduce

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// lastWord is what a follower logs whose leader has less than itself (ReplicaFetcherThread.handleOffsetOutOfRange).
const lastWord = "log truncation is not allowed"

// followerHalts lets the fetches of a follower through until its process has ended. With 0.10 it has said that it ends, and is
// killed: it waits in System.exit for the very thread that has called it (KAFKA-4039).
func (rp *replay) followerHalts(ctx context.Context, s *verdict.Step) error {
	f := brokerOf(s)
	node := rp.cluster.Node(f)
	mark := node.Log.Mark()
	err := rp.awaitThat(ctx, fmt.Sprintf("the process of b%d to end", f), func() (bool, error) {
		if m := rp.cluster.Traffic.First(fetchOf(f)); m != nil {
			rp.cluster.Traffic.Let(m, proxy.Passes)
		}
		said := slices.ContainsFunc(node.Log.Since(mark), func(line string) bool { return strings.Contains(line, lastWord) })
		return said || !node.Running(), nil
	})
	if err != nil {
		return err
	}
	node.Kill()
	rp.faults.sessions[f]++
	rp.cluster.BreakNode(f, true)
	return nil
}
