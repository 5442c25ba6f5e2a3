package reproduce

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
)

func TestPlay(t *testing.T) {
	home, err := OpenHome(os.Getenv("KCHECK_KAFKA_HOME"))
	if err != nil {
		t.Skip(err)
	}
	data, err := os.ReadFile(os.Getenv("RESULTS"))
	if err != nil {
		t.Skip(err)
	}
	var report verdict.Report
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	var c *Cluster
	for _, want := range strings.Fields(os.Getenv("SPECS")) {
		for i := range report.Results {
			r := &report.Results[i]
			if !strings.HasSuffix(r.Spec, "/"+want+".yaml") || r.Verdict != verdict.Violated {
				continue
			}
			if c == nil {
				c, err = StartCluster(ctx, home, 3, features{"eligible.leader.replicas.version": "0"})
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
			}
			p, err := c.Play(ctx, r)
			if dir := os.Getenv("DUMP"); dir != "" && p.Result != Reproduced {
				for id, n := range c.nodes {
					os.WriteFile(fmt.Sprintf("%s/%s-%d.log", dir, want, id), []byte(strings.Join(n.log.since(0), "\n")), 0o644)
				}
				c.traffic.mu.Lock()
				for _, m := range c.traffic.waiting {
					t.Log("waiting", m)
				}
				c.traffic.mu.Unlock()
			}
			t.Logf("%s %s: %s at %d: %s | %s | %.1fs err %v %v", want, r.Guarantee, p.Result, p.Step, p.Why, p.Saw, p.Seconds, err, p.Notes)
			if testing.Verbose() && os.Getenv("LOGS") != "" {
				for _, s := range p.Steps {
					t.Logf("   %d %s %s %.2f", s.N, s.Action, s.Text, s.Seconds)
					for _, l := range s.Log {
						t.Logf("        %s %s", l.Node, l.Line)
					}
				}
			}
		}
	}
}
