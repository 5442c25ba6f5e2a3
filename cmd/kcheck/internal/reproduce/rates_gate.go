package reproduce

import (
	"context"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/model"
)

// ratesGate looks at what passes the proxies while faults come by a clock: it breaks the connection of as many requests and
// responses as the rates say, makes the fetches of followers as slow as they say, and notes how long steps take.
type ratesGate struct {
	traffic              *proxy.Traffic
	ledger               *ledger
	seed                 uint64
	request, response    *draws
	requestLost, ansLost float64 // probabilities
	fetch                float64 // mean time in seconds that a follower waits before its next fetch; 0 for none
	all                  bool    // acks=all
	fetches              map[int]*draws
	lost                 func(model.FaultKind)
}

// watched picks what the gate decides about.
func watched(m *proxy.Message) bool {
	switch m.API {
	case kmsg.Produce:
		return m.Link.Kind == proxy.ClientLink && strings.HasPrefix(m.Client, producerID)
	case kmsg.OffsetCommit:
		return m.Link.Kind == proxy.ClientLink && strings.HasPrefix(m.Client, consumerID) && !m.Response
	case kmsg.Fetch:
		return m.Link.Kind == proxy.BrokerLink && !m.Response && m.Link.Node != cluster.ServiceNode && cluster.NodeOf(m.Client) > 0
	}
	return false
}

// run decides about everything that the gate watches, until ctx ends.
func (g *ratesGate) run(ctx context.Context) {
	const name = "rates"
	seen := map[*proxy.Message]bool{}
	g.traffic.Hold(name, watched)
	defer g.traffic.Open(name)
	for {
		m, err := g.traffic.Await(ctx, func(m *proxy.Message) bool { return !seen[m] && watched(m) })
		if err != nil {
			return
		}
		seen[m] = true
		switch m.API {
		case kmsg.Produce:
			g.produce(m)
		case kmsg.OffsetCommit:
			g.ledger.commits()
			g.traffic.Let(m, proxy.Passes)
		case kmsg.Fetch:
			g.follow(m)
		}
	}
}

// produce decides about a produce request or its answer.
func (g *ratesGate) produce(m *proxy.Message) {
	if !m.Response {
		if g.request.happens(g.requestLost) {
			g.lost(model.RequestLost)
			g.traffic.Let(m, proxy.Breaks)
			return
		}
		g.ledger.asks(recordsOf(m))
		g.traffic.Let(m, proxy.Passes)
		return
	}
	if r, ok := m.Answer().(*kmsg.ProduceResponse); ok && len(r.Topics) > 0 && len(r.Topics[0].Partitions) > 0 {
		if p := r.Topics[0].Partitions[0]; p.ErrorCode == 0 {
			g.ledger.answers(recordsOf(m.Of), int(p.BaseOffset), g.all)
		}
	}
	if g.response.happens(g.ansLost) {
		g.lost(model.ResponseLost)
		g.traffic.Let(m, proxy.Breaks)
		return
	}
	g.traffic.Let(m, proxy.Passes)
}

// recordsOf are the records of a produce request, which are not compressed.
func recordsOf(m *proxy.Message) string {
	r, ok := m.Request().(*kmsg.ProduceRequest)
	if !ok || len(r.Topics) == 0 || len(r.Topics[0].Partitions) == 0 {
		return ""
	}
	return string(r.Topics[0].Partitions[0].Records)
}

// follow lets the fetch of a follower through after a while. Its offset says what the follower has.
func (g *ratesGate) follow(m *proxy.Message) {
	f := cluster.NodeOf(m.Client)
	if r, ok := m.Request().(*kmsg.FetchRequest); ok && len(r.Topics) > 0 && len(r.Topics[0].Partitions) > 0 {
		g.ledger.fetches(f, int(r.Topics[0].Partitions[0].FetchOffset))
	}
	if g.fetch == 0 {
		g.traffic.Let(m, proxy.Passes)
		return
	}
	if g.fetches[f] == nil {
		g.fetches[f] = newDraws(g.seed, gate("fetch", f))
	}
	time.AfterFunc(g.fetches[f].lasts(g.fetch), func() { g.traffic.Let(m, proxy.Passes) })
}
