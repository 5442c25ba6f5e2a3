package reproduce

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/jvm"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// Options say how results are played.
type Options struct {
	Repeat int // how often each; 0 is once
	// Pause says that the process of a broker that reads several decisions of the controller at once is paused until then;
	// otherwise what the controller's log tells it is held back.
	Pause bool
}

// Batch plays results on as few clusters as their features allow. It tells of each as it is done.
func Batch(ctx context.Context, home *jvm.Home, results []verdict.Result, o Options, done func(*Played)) error {
	for _, group := range byCluster(home, results) {
		if err := playGroup(ctx, home, group, o, done); err != nil {
			return err
		}
	}
	return nil
}

// group is results that can be played on clusters of one kind.
type group struct {
	kind    cluster.Kind
	results []*verdict.Result
}

// byCluster sorts results by the cluster they need, in the order of their first.
func byCluster(home *jvm.Home, results []verdict.Result) []*group {
	var groups []*group
	index := map[string]*group{}
	for i := range results {
		r := &results[i]
		kind := cluster.Kind{ZooKeeper: zooKeeper(home, r), Features: featuresOf(home, r), Settings: staticSettings(r)}
		key := fmt.Sprint(kind)
		g := index[key]
		if g == nil {
			g = &group{kind: kind}
			index[key] = g
			groups = append(groups, g)
		}
		g.kind.Brokers = max(g.kind.Brokers, r.Scope.Replicas)
		g.results = append(g.results, r)
	}
	return groups
}

// zooKeeper says that a result is about a cluster with ZooKeeper.
func zooKeeper(home *jvm.Home, r *verdict.Result) bool {
	return !home.HasKRaft() || slices.ContainsFunc(r.Settings, func(s verdict.Setting) bool { return s.Key == "broker.zookeeper.connect" })
}

// featuresOf are the feature levels that a result is about, as far as the brokers know them.
func featuresOf(home *jvm.Home, r *verdict.Result) map[string]string {
	f := map[string]string{}
	if !home.HasFeatures() {
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

// bench is a cluster and the processes of applications, on which results are played one after the other.
type bench struct {
	cluster *cluster.Cluster
	players *player.Pool
	topics  int  // of replays so far
	pauses  bool // see [Options]
}

// openBench starts a cluster and a pool of processes.
func openBench(ctx context.Context, home *jvm.Home, kind cluster.Kind, o Options) (*bench, error) {
	players, err := player.NewPool(ctx, home)
	if err != nil {
		return nil, err
	}
	c, err := cluster.Start(ctx, home, kind)
	if err != nil {
		players.Close()
		return nil, err
	}
	return &bench{cluster: c, players: players, pauses: o.Pause}, nil
}

// close ends everything. There may be no bench.
func (b *bench) close() {
	if b == nil {
		return
	}
	b.players.Close()
	b.cluster.Close()
}

// dump writes the logs of nodes and applications where [cluster.DumpVariable] says.
func (b *bench) dump() {
	b.cluster.Dump()
	if dir := os.Getenv(cluster.DumpVariable); dir != "" {
		b.players.Dump(dir)
	}
}

// playGroup plays results on one bench, which is opened anew where a run has spoilt it.
func playGroup(ctx context.Context, home *jvm.Home, g *group, o Options, done func(*Played)) error {
	var b *bench
	defer func() { b.close() }()
	for _, r := range g.results {
		if why := cannot(home, r); why != "" {
			p := played(home, r)
			p.Result, p.Why = Unforceable, why
			done(p)
			continue
		}
		for range max(1, o.Repeat) {
			if b == nil {
				var err error
				if b, err = openBench(ctx, home, g.kind, o); err != nil {
					return err
				}
			}
			p, spoilt := b.playUndisturbed(ctx, r)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if p.Result == NotReproduced {
				b.dump()
			}
			if spoilt {
				b.close()
				b = nil
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

// playUndisturbed plays a result, again where a broker lost its session with the controller of itself. Where something is
// wrong with the cluster itself, which is spoilt then, the result is not reproduced.
func (b *bench) playUndisturbed(ctx context.Context, r *verdict.Result) (p *Played, spoilt bool) {
	for again := range attempts {
		var err error
		p, err = b.play(ctx, r)
		p.Again = again
		if err != nil {
			p.Result, p.Why = NotReproduced, err.Error()
			return p, true
		}
		if !p.disturbed {
			break
		}
	}
	return p, false
}
