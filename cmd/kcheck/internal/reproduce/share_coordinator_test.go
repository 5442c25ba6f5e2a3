package reproduce

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/player"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/poll"
)

// TestShareCoordinatorFails is what no step of the model is: the broker that is the share coordinator fails, on three brokers,
// and the leader of the partition changes afterwards, so that the state is read again. With three copies of __share_group_state
// nothing that was acknowledged is delivered again. With one copy that loses its newest records it is, and with one copy that
// loses its disk nothing is delivered any more: the two ways of the fault offset-lost.
func TestShareCoordinatorFails(t *testing.T) {
	home := kafkaHome(t)
	if !home.HasShareGroups() || os.Getenv("KCHECK_LONG") == "" {
		t.Skip("a minute on real brokers with share groups; KCHECK_LONG=1 plays it")
	}
	t.Setenv("TMPDIR", t.TempDir())
	for _, c := range []struct {
		name   string
		copies []int
		harm   func(g *shareGroup, coordinator int) error
		want   []string
	}{
		{"three copies, the coordinator crashes", []int{2, 3, 1}, func(g *shareGroup, b int) error {
			g.c.Node(b).Kill()
			return nil
		}, []string{"second"}},
		{"one copy, whose newest records are lost with power", []int{2}, func(g *shareGroup, b int) error {
			g.c.Node(b).Kill()
			if err := g.c.Partition(cluster.ShareStateTopic, 0).Truncate(b, g.stateBefore); err != nil {
				return err
			}
			return g.startAgain(b)
		}, []string{"first", "second"}},
		{"one copy, which is lost with its disk", []int{2}, func(g *shareGroup, b int) error {
			g.c.Node(b).Kill()
			if err := g.c.Wipe(b); err != nil {
				return err
			}
			return g.startAgain(b)
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newShareGroup(t, c.copies)
			if got := g.deliver("first"); !slices.Equal(got, []string{"first"}) {
				t.Fatalf("before: %v", got)
			}
			if err := c.harm(g, c.copies[0]); err != nil {
				t.Fatal(err)
			}
			g.moveLeader(3)
			got := g.deliver("second")
			t.Logf("after: %v", got)
			if !slices.Equal(got, c.want) {
				t.Errorf("after: %v, not %v", got, c.want)
			}
		})
	}
}

// shareGroup is a share group with one member on a cluster of three brokers, of which the first leads the partition.
type shareGroup struct {
	t           *testing.T
	c           *cluster.Cluster
	partition   *cluster.Partition
	player      *player.Player
	sent        chan player.Event
	stateBefore int // the end of the coordinator's log before anything was acknowledged
	coordinator int
}

func newShareGroup(t *testing.T, copies []int) *shareGroup {
	t.Helper()
	home := kafkaHome(t)
	players, err := player.NewPool(t.Context(), home)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(players.Close)
	c, err := cluster.Start(t.Context(), home, cluster.Kind{Brokers: 3, ShareState: copies})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Dump(); c.Close() })
	g := &shareGroup{t: t, c: c, partition: c.Partition("jobs", 0), sent: make(chan player.Event, 8), coordinator: copies[0]}
	g.player, err = players.Take(func(e player.Event) { g.sent <- e })
	settings := map[string]string{"bootstrap.servers": c.Bootstrap(), "group.id": "workers", "share.acknowledgement.mode": "explicit",
		"metadata.max.age.ms": "1000"}
	for _, do := range []func() error{
		func() error { return err },
		func() error { return c.CreateTopic(t.Context(), "jobs", []int{1, 3, 2}, nil) },
		func() error {
			return c.SetGroupConfigs(t.Context(), "workers", map[string]string{"share.auto.offset.reset": "earliest"})
		},
		func() error {
			return g.player.Producer(t.Context(), "sender", map[string]string{"bootstrap.servers": c.Bootstrap()})
		},
		func() error { return g.player.Share(t.Context(), "worker", "jobs", settings) },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// deliver sends a message, and returns what the member is given until nothing comes any more. It accepts all of it.
func (g *shareGroup) deliver(message string) []string {
	g.t.Helper()
	g.player.Send("sender", player.Place{Topic: "jobs"}, message, 1)
	if e := <-g.sent; e.Err != nil {
		g.t.Fatal(e.Err)
	}
	var got []string
	const quietTime = 30 * time.Second
	for quiet := time.Now(); time.Since(quiet) < quietTime; {
		records, err := g.player.SharePoll(g.t.Context(), "worker", 200*time.Millisecond)
		if err != nil {
			g.t.Fatal(err)
		}
		if len(records) == 0 {
			continue
		}
		if g.stateBefore == 0 {
			log, err := g.c.Partition(cluster.ShareStateTopic, 0).Log(g.coordinator)
			if err != nil {
				g.t.Fatal(err)
			}
			g.stateBefore = len(log)
		}
		quiet = time.Now()
		types := map[int]string{}
		for _, r := range records {
			got = append(got, r.Message)
			types[r.Offset] = "ACCEPT"
		}
		if failed, err := g.player.ShareCommit(g.t.Context(), "worker", types); err != nil || failed != "" {
			g.t.Logf("commitSync for %v ends with %s, %v", got, failed, err)
		}
	}
	return got
}

func (g *shareGroup) startAgain(b int) error {
	if err := g.c.Node(b).Start(); err != nil {
		return err
	}
	return poll.Until(g.t.Context(), cluster.StartLimit, "the coordinator to be back", func() (bool, error) {
		d, err := g.c.Partition(cluster.ShareStateTopic, 0).Decided(g.t.Context())
		return d.Leader == b, err
	})
}

// moveLeader makes another broker the leader of the partition, once the controller has noticed who is gone.
func (g *shareGroup) moveLeader(to int) {
	g.t.Helper()
	err := poll.Until(g.t.Context(), cluster.StartLimit, "the leader to move", func() (bool, error) {
		d, err := g.partition.Decided(g.t.Context())
		if err != nil || d.Leader == to {
			return d.Leader == to, err
		}
		if err := g.partition.Reorder(g.t.Context(), []int{to, 1, 2}); err != nil {
			return false, err
		}
		return false, g.partition.Elect(g.t.Context())
	})
	if err != nil {
		g.t.Fatal(err)
	}
}
