package reproduce

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/proxy"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// delaySends puts a send that a leader appends after it has become one by a move behind the move. The client sends at once to whom
// it takes for the leader, and in the model the message waits in the producer until it arrives.
func (t *trace) delaySends() {
	for i := len(t.steps) - 1; i >= 0; i-- {
		if t.steps[i].Action != "ProducerSends" {
			continue
		}
		m := t.steps[i].Params.Message
		n := slices.IndexFunc(t.steps[i+1:], func(s verdict.Step) bool { return s.Params.Message == m })
		if n < 1 || t.steps[i+1+n].Action != "LeaderAppends" {
			continue
		}
		between := t.steps[i+1 : i+1+n]
		is := func(action string) bool {
			return slices.ContainsFunc(between, func(s verdict.Step) bool { return s.Action == action })
		}
		if is("LeaderMoves") && !is("ProducerSends") {
			send := t.steps[i]
			copy(t.steps[i:], between)
			t.steps[i+n] = send
		}
	}
}

// learnsLeader has the producer ask the service node, which knows every decision, for metadata before a send that is played behind a
// move: it has no reason to ask but a connection that breaks. Where it waits for an answer it is left alone.
func (rp *replay) learnsLeader(ctx context.Context, s *verdict.Step) error {
	waits := func(v model.Value) bool { return v.Word == model.Awaiting.String() }
	if rp.at == 0 || rp.steps[rp.at-1].N < s.N || slices.ContainsFunc(slices.Collect(maps.Values(rp.before)), waits) {
		return nil
	}
	asks := requestsOf(producerID, kmsg.Metadata, false)
	rp.cluster.Traffic.Hold("metadata", asks)
	defer rp.cluster.Traffic.Open("metadata")
	rp.cluster.BreakClients(func(client string) bool { return strings.HasPrefix(client, producerID) })
	for {
		m, err := rp.awaitMessage(ctx, "the producer's request for metadata", asks)
		if err != nil {
			return err
		}
		if m.Link.Node == cluster.ServiceNode {
			rp.cluster.Traffic.Let(m, proxy.Passes)
			rp.wait(ctx, metadataPause)
			return nil
		}
		rp.cluster.Traffic.Let(m, proxy.Breaks)
	}
}

// metadataPause is how long a client may take to read an answer.
const metadataPause = 300 * time.Millisecond
