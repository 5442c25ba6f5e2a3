package peers_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/explore/peerbench/checkers"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/specs/peers"
)

// core is an instance of KafkaCore.tla, whose constants are in
// KafkaCore-NAME.cfg, and the same configuration of package model.
type core struct {
	name     string
	faults   model.Budget
	change   func(c *model.Config)
	distinct uint64 // states, each counted once for each multiset of faults
	// violated are the properties that do not hold, with the length of the
	// shortest counterexample.
	violated map[string]int
	long     bool // takes TLC more than some seconds
}

var cores = []core{
	{name: "two-crashes", faults: model.Budget{model.BrokerCrash: 2}, change: exposed, distinct: 2224},
	{name: "acks-0", faults: model.Budget{model.BrokerCrash: 1, model.LeaderMove: 1, model.RequestLost: 1},
		change:   func(c *model.Config) { messages(c, 2); plain(c, model.AcksNone, model.Unlimited) },
		distinct: 3932, violated: map[string]int{"NoAckedLoss": 2}},
	{name: "acks-all", faults: model.Budget{model.BrokerCrash: 1, model.LeaderMove: 1, model.ReplicaLag: 1},
		change: exposed, distinct: 5123},
	{name: "acks-1", faults: model.Budget{model.LeaderMove: 2, model.RequestLost: 1},
		change:   func(c *model.Config) { messages(c, 2); plain(c, model.AcksOne, 1) },
		distinct: 14_230, violated: map[string]int{"NoAckedLoss": 6}},
	{name: "unclean", faults: model.Budget{model.BrokerCrash: 1, model.ReplicaLag: 1},
		change: func(c *model.Config) {
			exposed(c)
			c.Topic.UncleanElection = true
		},
		distinct: 589, violated: map[string]int{"CommittedStays": 6, "NoAckedLoss": 9}},
	{name: "elr", faults: model.Budget{model.BrokerCrash: 1, model.ReplicaLag: 1},
		change: func(c *model.Config) {
			minISR2(c)
			c.Topic.ELR = true
		},
		distinct: 8694},
	{name: "two-messages", faults: model.Budget{model.BrokerCrash: 1, model.LeaderMove: 1, model.ResponseLost: 1},
		change: func(c *model.Config) { messages(c, 2) }, distinct: 26_630, long: true},
	{name: "min-isr-2", faults: model.Budget{model.BrokerCrash: 1, model.LeaderMove: 1},
		change: func(c *model.Config) { exposed(c); minISR2(c) }, distinct: 85_503, long: true},
	{name: "standard", faults: model.Budget{model.BrokerCrash: 1, model.LeaderMove: 1, model.ReplicaLag: 1},
		change: func(c *model.Config) { exposed(c); minISR2(c) }, distinct: 482_979, long: true},
}

// messages sends n messages, one at a time.
func messages(c *model.Config, n int) { c.Scope.Messages, c.Prod.MaxInFlight = n, 1 }

func plain(c *model.Config, acks model.Acks, retries int) {
	c.Prod.Idempotent, c.Prod.Acks, c.Prod.Retries = false, acks, retries
}

func exposed(c *model.Config) { c.Sees = model.SeesExposed }

func minISR2(c *model.Config) { c.Topic.Replicas, c.Topic.MinISR = 3, 2 }

// coreProperties are those of KafkaCoreState.tla.
func coreProperties(m *model.Model) []explore.Property[model.State] {
	noAckedLoss := func(s *model.State) bool {
		for msg := range m.Messages() {
			if m.Acked(s, msg) && !m.HasCopy(s, msg) {
				return false
			}
		}
		return true
	}
	all := []explore.Property[model.State]{
		{Name: "NoAckedLoss", Invariant: noAckedLoss},
		{Name: "LogAgreement", Invariant: m.LogsAgree},
		{Name: "NoDuplicateInLog", Invariant: func(s *model.State) bool { return !m.DuplicateReadable(s) }},
	}
	if m.Config().Sees == model.SeesExposed {
		all = append(all, explore.Property[model.State]{Name: "CommittedStays", Invariant: m.CommittedStays})
	}
	return all
}

// explore explores the plain states: no symmetry, no ranks of epochs, no
// dominance.
func (c core) explore(t *testing.T) *explore.Result[model.State] {
	t.Helper()
	config := model.DefaultConfig()
	config.Topic.Replicas, config.Topic.ELR, config.Sees, config.NoReductions = 2, false, 0, true
	config.Faults = c.faults
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
	r, err := explore.Check(context.Background(), explore.Spec[model.State]{Model: m, Properties: coreProperties(m), Options: o})
	if err != nil || !r.Complete {
		t.Fatalf("not complete: %v", err)
	}
	return r
}

// TestCore: package model has as many states as KafkaCore.tla, and what holds
// there holds here.
func TestCore(t *testing.T) {
	t.Parallel()
	for _, c := range cores {
		t.Run(c.name, func(t *testing.T) {
			r := c.explore(t)
			if r.Stats.Distinct != c.distinct {
				t.Errorf("%d distinct states, want %d", r.Stats.Distinct, c.distinct)
			}
			if got := shortest(r.Violations); !maps.Equal(got, c.violated) {
				t.Errorf("violated are %v, want %v", got, c.violated)
			}
		})
	}
}

// shortest is the number of steps of the shortest counterexample for each
// property; that with the fewest faults, which kcheck shows, may be longer.
func shortest(all []*explore.Violation[model.State]) map[string]int {
	steps := map[string]int{}
	for _, v := range all {
		if n, found := steps[v.Property]; !found || v.Steps < n {
			steps[v.Property] = v.Steps
		}
	}
	return steps
}

var (
	coreStates = regexp.MustCompile(`(\d+) distinct states found, 0 states left`)
	coreStep   = regexp.MustCompile(`(?m)^State (\d+):`)
)

// TestCoreTLC: TLC finds the same, where it is installed.
func TestCoreTLC(t *testing.T) {
	t.Parallel()
	version, err := checkers.TLC().Find()
	if err != nil {
		t.Skipf("no comparison of KafkaCore.tla with package model: %v", err)
	}
	t.Log(version)
	for _, c := range cores {
		t.Run(c.name, func(t *testing.T) {
			if c.long && os.Getenv("KCHECK_LONG") == "" {
				t.Skipf("skipped: %d states take TLC a while; KCHECK_LONG=1 runs it", c.distinct)
			}
			config, err := os.ReadFile("KafkaCore-" + c.name + ".cfg")
			if err != nil {
				t.Fatal(err)
			}
			out := runCore(t, string(config))
			if found := coreStates.FindStringSubmatch(out); found == nil || found[1] != fmt.Sprint(c.distinct) {
				t.Errorf("TLC finds %v, want %d\n%s", found, c.distinct, out)
			}
			for property, steps := range c.violated {
				out := runCore(t, string(config)+"INVARIANT "+property+"\n")
				all := coreStep.FindAllStringSubmatch(out, -1)
				if len(all) == 0 {
					t.Fatalf("TLC finds no violation of %s\n%s", property, out)
				}
				if last, _ := strconv.Atoi(all[len(all)-1][1]); last-1 != steps {
					t.Errorf("%s: TLC needs %d steps, want %d", property, last-1, steps)
				}
			}
		})
	}
}

// runCore has TLC explore KafkaCore.tla with a configuration.
func runCore(t *testing.T, config string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"KafkaCore.tla", "KafkaCoreState.tla"} {
		data, err := peers.Sources.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "KafkaCore.cfg"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	jar, err := checkers.TLCJar()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx1g", "-Djava.io.tmpdir="+t.TempDir(),
		"-cp", jar, "tlc2.TLC",
		"-deadlock", "-nowarning", "-workers", "1", "KafkaCore")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState.ExitCode() < 0 {
		t.Fatalf("TLC: %v", err)
	}
	return string(out)
}
