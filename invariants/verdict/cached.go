package verdict

import (
	"context"
	"math/bits"
	"slices"

	"github.com/kcheck/kcheck/invariants/cache"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// OpenCache opens a folder of verdicts for [Options]. Those of another version or build of kcheck are not looked at. warn
// is told what is wrong with entries, one sentence each.
func OpenCache(dir string, warn func(message string)) (*cache.Store, error) {
	return cache.Open(dir, Version+" "+Build(), warn)
}

// search is what decides how a question is searched, as far as a final answer depends on it.
func (o *Options) search() []any {
	return []any{o.Strategy, o.Seed, o.Exhaust, o.NoReductions, o.Coverage}
}

// checkKey names a question in the cache by what its answer depends on: everything that the model reads, its behaviours
// among it, and the settings that are shown with the steps. Where they stand is put in anew.
func (o *Options) checkKey(q *Question) string {
	if o.Cache == nil || o.bare {
		return ""
	}
	settings := slices.Clone(q.Settings)
	for i := range settings {
		settings[i].Source = ""
	}
	return o.Cache.Key("check", q.Config, q.Guarantee, q.Counted, settings, o.search())
}

// explainedKey names a question that files ask, with causes and all else that rests on what the files say. How much
// memory there was may decide how much of that was found out; it counts in powers of two, since a process never has quite as
// much as the one before.
func (o *Options) explainedKey(request kafkaconf.Request, q *Question) string {
	if o.Cache == nil {
		return ""
	}
	return o.Cache.Key("explained", request.Pack(), q, o.search(), o.Unexplained, bits.Len64(uint64(o.Memory)))
}

// final says that more time or memory would not have changed the result.
func (r *Result) final(ctx context.Context) bool {
	return ctx.Err() == nil && r.Stats.Complete && r.Verdict != Inconclusive && (r.Verdict != Violated || len(r.Steps) > 0)
}

// keep puts the result of a check into the cache, without what is the question's own.
func (r *Result) keep(ctx context.Context, q *Question, o *Options, key string) {
	if key == "" || !r.final(ctx) {
		return
	}
	kept := *r
	kept.Spec, kept.About, kept.Expected, kept.Settings, kept.Reproduce = "", "", "", nil, ""
	kept.Notes = r.Notes[len(q.Notes):]
	o.Cache.Put(key, &kept)
}

// recall takes the result of a check from the cache.
func recall(q *Question, o *Options, key string) (Result, bool) {
	res := empty()
	if key == "" || !o.Cache.Get(key, &res) {
		return res, false
	}
	res.Spec, res.About, res.Expected, res.Reproduce = q.Spec, q.About, q.Expected, q.Reproduce
	res.Settings = append([]Setting{}, q.Settings...)
	res.Notes = append(slices.Clone(q.Notes), res.Notes...)
	res.Headline = headline(&res)
	return res, true
}
