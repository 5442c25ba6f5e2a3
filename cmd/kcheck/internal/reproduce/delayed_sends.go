package reproduce

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

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

// metadataPause is how long a client may take to ask for metadata when a connection has broken.
const metadataPause = time.Second

// learnsLeader has the producer ask for metadata before a send that is played behind a move: it has no reason to but a connection
// that breaks. Where it waits for an answer it is left alone.
func (rp *replay) learnsLeader(ctx context.Context, s *verdict.Step) {
	waits := func(v model.Value) bool { return v.Word == model.Awaiting.String() }
	if rp.at == 0 || rp.steps[rp.at-1].N < s.N || slices.ContainsFunc(slices.Collect(maps.Values(rp.before)), waits) {
		return
	}
	rp.cluster.BreakClients(func(client string) bool { return strings.HasPrefix(client, producerID) })
	rp.wait(ctx, metadataPause)
}
