package reproduce

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// Batch plays results, each some times, on as few clusters as their features allow. It tells of each as it is done.
func Batch(ctx context.Context, home *Home, results []verdict.Result, repeat int, done func(*Played)) error {
	for _, group := range byCluster(home, results) {
		if err := playGroup(ctx, home, group, repeat, done); err != nil {
			return err
		}
	}
	return nil
}

// clusterKind is what results have in common that can be played on one cluster.
type clusterKind struct {
	brokers  int
	features features
	settings map[string]string // of the brokers' own file
	results  []*verdict.Result
}

// byCluster sorts results by the cluster they need, in the order of their first.
func byCluster(home *Home, results []verdict.Result) []*clusterKind {
	var groups []*clusterKind
	index := map[string]*clusterKind{}
	for i := range results {
		r := &results[i]
		f, settings := featuresOf(home, r), staticSettings(r)
		key := fmt.Sprint(f, settings)
		g := index[key]
		if g == nil {
			g = &clusterKind{features: f, settings: settings}
			index[key] = g
			groups = append(groups, g)
		}
		g.brokers = max(g.brokers, r.Scope.Replicas)
		g.results = append(g.results, r)
	}
	return groups
}

// featuresOf are the feature levels that a result is about, as far as the brokers know them.
func featuresOf(home *Home, r *verdict.Result) features {
	f := features{}
	if home.line() < "4.0" {
		return f
	}
	for _, s := range r.Settings {
		name, ok := strings.CutPrefix(s.Key, "features.")
		if ok && slices.Contains([]string{"eligible.leader.replicas.version", "transaction.version"}, name) && s.Value != "" {
			f[name] = s.Value
		}
	}
	return f
}

// staticSettings are the settings of a broker that no topic has.
func staticSettings(r *verdict.Result) map[string]string {
	all := map[string]string{}
	for _, s := range r.Settings {
		if name, ok := strings.CutPrefix(s.Key, "broker."); ok && s.Value != "" &&
			(name == "transaction.partition.verification.enable" && s.Value == "false" || name == "min.insync.replicas" && eligible(r)) {
			all[name] = s.Value
		}
	}
	return all
}

// eligible says that a result is about a cluster with eligible leader replicas, which does not heed min.insync.replicas in
// a broker's file.
func eligible(r *verdict.Result) bool {
	return slices.ContainsFunc(r.Settings, func(s verdict.Setting) bool {
		return s.Key == "features.eligible.leader.replicas.version" && s.Value == "1"
	})
}

// playGroup plays results on one cluster, which is started anew where a run has spoilt it.
func playGroup(ctx context.Context, home *Home, g *clusterKind, repeat int, done func(*Played)) (err error) {
	var c *Cluster
	defer func() {
		if c != nil {
			c.Close()
		}
	}()
	for _, r := range g.results {
		for range repeat {
			if why := cannot(home, r); why != "" {
				p := played(home, r)
				p.Result, p.Why = Unforceable, why
				done(p)
				break
			}
			if c == nil {
				if c, err = StartCluster(ctx, home, g.brokers, g.features, g.settings); err != nil {
					return err
				}
			}
			p, err := c.playUndisturbed(ctx, r)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if p.Result == NotReproduced || err != nil {
				c.dump()
			}
			if err != nil {
				p.Result, p.Why = NotReproduced, err.Error()
				c.Close()
				c = nil
			}
			done(p)
			if p.Result == Unforceable {
				break
			}
		}
	}
	return nil
}

// attempts is how often a run is begun that the machine was too busy for.
const attempts = 3

// playUndisturbed plays a result, again where a broker lost its session with the controller of itself.
func (c *Cluster) playUndisturbed(ctx context.Context, r *verdict.Result) (p *Played, err error) {
	for again := range attempts {
		p, err = c.Play(ctx, r)
		p.Again = again
		if err != nil || !p.disturbed {
			return p, err
		}
	}
	return p, nil
}
