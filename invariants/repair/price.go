package repair

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// finish completes a repair: which faults now stop writes, and the patch.
func (s *search) finish(r *Repair) {
	after, _ := kafkaconf.Load(with(s.request, r.Changes))
	if after == nil {
		return
	}
	r.Patch, r.Notes, _ = patch(s.request, s.resolved, r.Changes)
	if s.resolved.Config.App.OutputKafka {
		return // the output partition's replicas are searched set by set: too much for a price
	}
	before, err := stops(s.ctx, s.resolved, s.o.Options)
	if err != nil {
		return
	}
	now, err := stops(s.ctx, after, s.o.Options)
	if err != nil {
		return
	}
	r.Costs = append(r.Costs, compare(before, now)...)
}

// stops finds out which outages interrupt writes or reads: up to two faults by which a broker goes away.
func stops(ctx context.Context, resolved *kafkaconf.Resolved, o verdict.Options) ([]string, error) {
	var kinds model.Budget
	for _, f := range model.FaultKinds(func(f model.Fault) bool { return f.Priced == model.Yes }) {
		kinds[f] = 2
	}
	q := verdict.Question{Config: resolved.Config, Guarantee: "uninterrupted", Counted: resolved.Counted}
	q.Config.Scope.Messages = 1
	o.Progress = nil
	r, err := resilience.Analyze(ctx, q, resilience.Bound{UpTo: 2, Kinds: &kinds}, o)
	if err != nil || !r.Complete {
		return nil, fmt.Errorf("not decided (%w)", err)
	}
	var sets []string
	for _, set := range r.Minimal {
		sets = append(sets, verdict.FaultSet(set.Faults))
	}
	return sets, nil
}

// compare says which outages now stop writes and which no longer do.
func compare(before, after []string) []string {
	var costs []string
	missing := func(from, in []string) (list []string) {
		for _, s := range from {
			if !slices.Contains(in, s) {
				list = append(list, s)
			}
		}
		return list
	}
	if worse := missing(after, before); len(worse) > 0 {
		costs = append(costs, "until something is repaired, writes or reads now stop under "+strings.Join(worse, "; "))
	}
	if better := missing(before, after); len(better) > 0 {
		costs = append(costs, "writes and reads no longer stop under "+strings.Join(better, "; "))
	}
	return costs
}
