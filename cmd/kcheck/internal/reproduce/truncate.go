package reproduce

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// truncationOf picks the requests by which follower f asks where to truncate. One that has nothing to truncate may ask too, but
// that is no step.
func (rp *replay) truncationOf(f int) proxy.Rule {
	return func(m *proxy.Message) bool {
		if m.Response || m.Link.Kind == proxy.ClientLink || m.API != kmsg.OffsetForLeaderEpoch || cluster.NodeOf(m.Client) != f {
			return false
		}
		records, err := rp.partition.Log(f)
		return err == nil && len(records) > 0
	}
}

// awaitFetch waits until a follower has a fetch under way. In the model a follower of 2.1 and later truncates with its fetch: where it
// asks first (up to 2.6), it is let ask.
func (rp *replay) awaitFetch(ctx context.Context, f int) (*proxy.Message, error) {
	asks, fetches := rp.truncationOf(f), fetchOf(f)
	for {
		m, err := rp.awaitMessage(ctx, fmt.Sprintf("the fetch of b%d", f), func(m *proxy.Message) bool {
			return fetches(m) || rp.cluster.Home.FencesByEpoch() && asks(m)
		})
		if err != nil || m.API == kmsg.Fetch {
			return m, err
		}
		rp.cluster.Traffic.Let(m, proxy.Passes)
	}
}

// followerTruncates lets the requests by which a follower asks where to truncate through, until it fetches.
func (rp *replay) followerTruncates(ctx context.Context, s *verdict.Step) error {
	f := brokerOf(s)
	asks, fetches := rp.truncationOf(f), fetchOf(f)
	what := fmt.Sprintf("b%d to ask where to truncate", f)
	if _, err := rp.awaitMessage(ctx, what, asks); err != nil {
		return err
	}
	for {
		m, err := rp.awaitMessage(ctx, what, func(m *proxy.Message) bool { return asks(m) || fetches(m) })
		if err != nil || m.API == kmsg.Fetch {
			return err
		}
		rp.cluster.Traffic.Let(m, proxy.Passes)
	}
}
