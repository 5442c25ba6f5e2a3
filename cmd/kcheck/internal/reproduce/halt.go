package reproduce

import (
	"context"
	"fmt"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// followerHalts lets the fetches of a follower through until its process has ended.
func (rp *replay) followerHalts(ctx context.Context, s *verdict.Step) error {
	f := brokerOf(s)
	node := rp.cluster.Node(f)
	err := rp.awaitThat(ctx, fmt.Sprintf("the process of b%d to end", f), func() (bool, error) {
		if m := rp.cluster.Traffic.First(fetchOf(f)); m != nil {
			rp.cluster.Traffic.Let(m, proxy.Passes)
		}
		return !node.Running(), nil
	})
	if err != nil {
		return err
	}
	rp.faults.sessions[f]++
	rp.cluster.BreakNode(f, true)
	return nil
}
