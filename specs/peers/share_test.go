package peers_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/peerbench/checkers"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/specs/peers"
)

// share is an instance of ShareGroup.tla, whose constants are in
// ShareGroup-NAME.cfg, and the same configuration of package model.
type share struct {
	name     string
	faults   model.Budget
	change   func(c *model.Config)
	distinct uint64 // states, each counted once for each multiset of faults
}

var shares = []share{
	{name: "locks", faults: model.Budget{model.ConsumerCrash: 1, model.LockTimeout: 1},
		change: func(c *model.Config) { c.Scope.Messages, c.Scope.Members, c.Group.DeliveryLimit = 1, 2, 2 }, distinct: 126},
	{name: "isolation", faults: model.Budget{model.ConsumerCrash: 3},
		change: func(c *model.Config) { c.Scope.Messages, c.Scope.Members, c.Group.DeliveryLimit = 2, 1, 3 }, distinct: 637},
	{name: "two-members", faults: model.Budget{model.ConnectionLost: 1, model.ConsumerException: 1},
		change: func(c *model.Config) { c.Scope.Messages, c.Scope.Members, c.Group.DeliveryLimit = 2, 2, 2 }, distinct: 2241},
	{name: "poison", faults: model.Budget{model.PoisonRecord: 1, model.ConsumerCrash: 1},
		change: func(c *model.Config) { c.Scope.Messages, c.Scope.Members, c.Group.DeliveryLimit = 2, 1, 3 }, distinct: 509},
	{name: "restart", faults: model.Budget{model.AppRestart: 1, model.LockTimeout: 1},
		change: func(c *model.Config) { c.Scope.Messages, c.Scope.Members, c.Group.DeliveryLimit = 2, 2, 2 }, distinct: 1041},
	{name: "failure", faults: model.Budget{model.CommitLost: 1, model.AppRestart: 1, model.PoisonRecord: 1},
		change: func(c *model.Config) { c.Scope.Messages, c.Scope.Members, c.Group.DeliveryLimit = 2, 2, 2 }, distinct: 1811},
}

// explore explores the plain states of one replica with a share group.
func (c share) explore(t *testing.T) uint64 {
	t.Helper()
	config := model.DefaultConfig()
	config.Topic.Replicas, config.Topic.ELR, config.NoReductions = 1, false, true
	config.Sees, config.App.Share, config.Prod.MaxInFlight = model.SeesConsumer, model.ShareExplicit, 1
	config.Faults, config.Bounds = c.faults, model.Bounds{}
	c.change(&config)
	config.B = model.BehavioursOf(&config)
	m, err := model.New(config)
	if err != nil {
		t.Fatal(err)
	}
	o := explore.Options[model.State]{NoSymmetry: true, Exhaust: true, Bound: m.BoundHit}
	for _, n := range config.Faults {
		o.Budget = append(o.Budget, int(n))
	}
	r, err := explore.Check(context.Background(), explore.Spec[model.State]{Model: m, Options: o})
	if err != nil || !r.Complete {
		t.Fatalf("not complete: %v", err)
	}
	return r.Stats.Distinct
}

// TestShare: package model has as many states of a share group as
// ShareGroup.tla.
func TestShare(t *testing.T) {
	t.Parallel()
	for _, c := range shares {
		if got := c.explore(t); got != c.distinct {
			t.Errorf("%s: %d distinct states, want %d", c.name, got, c.distinct)
		}
	}
}

// TestShareTLC: TLC finds the same, where it is installed.
func TestShareTLC(t *testing.T) {
	t.Parallel()
	if _, err := checkers.TLC().Find(); err != nil {
		t.Skipf("no comparison of ShareGroup.tla with package model: %v", err)
	}
	jar, err := checkers.TLCJar()
	if err != nil {
		t.Fatal(err)
	}
	source, err := peers.Sources.ReadFile("ShareGroup.tla")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range shares {
		t.Run(c.name, func(t *testing.T) {
			config, err := os.ReadFile("ShareGroup-" + c.name + ".cfg")
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for name, data := range map[string][]byte{"ShareGroup.tla": source, "ShareGroup.cfg": config} {
				if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.CommandContext(t.Context(), "java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx1g", "-Djava.io.tmpdir="+t.TempDir(),
				"-cp", jar, "tlc2.TLC",
				"-deadlock", "-nowarning", "-workers", "1", "ShareGroup")
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if err != nil && cmd.ProcessState.ExitCode() < 0 {
				t.Fatalf("TLC: %v", err)
			}
			if found := coreStates.FindSubmatch(out); found == nil || string(found[1]) != fmt.Sprint(c.distinct) {
				t.Errorf("TLC finds %s, want %d\n%s", found, c.distinct, out)
			}
		})
	}
}
