package matrices

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
)

var (
	long   = os.Getenv("KCHECK_LONG") != "" // judge every cell, not only those with up to two replicas
	update = flag.Bool("update", false, "write README.md anew, with KCHECK_LONG=1")
)

// cell is a cell of the grid.
type cell struct {
	acks             string
	replicas, minISR int
}

// TestTables judges every public claim and compares README.md.
func TestTables(t *testing.T) {
	most := 3
	if !long {
		most = 2
	}
	truths := map[cell]*Truth{}
	for replicas := 1; replicas <= most; replicas++ {
		for minISR := 1; minISR <= 3; minISR++ {
			for _, acks := range []string{"0", "1", "all"} {
				truth, err := Judge(context.Background(), acks, replicas, minISR)
				if err != nil {
					t.Fatalf("acks=%s, %d replicas, min ISR %d: %v", acks, replicas, minISR, err)
				}
				truths[cell{acks, replicas, minISR}] = truth
			}
		}
	}
	old, err := os.ReadFile("README.md")
	if !long {
		lines(t, string(old), truths)
		return
	}
	page := render(truths)
	if *update {
		if err := os.WriteFile("README.md", []byte(page), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if err != nil || string(old) != page {
		t.Errorf("README.md is not what kcheck says; run KCHECK_LONG=1 go test ./specs/matrices -update")
	}
}

// lines checks that a page has the lines of some cells.
func lines(t *testing.T, page string, truths map[cell]*Truth) {
	t.Helper()
	for c, truth := range truths {
		if line := row(c, truth); !strings.Contains(page, line) {
			t.Errorf("README.md lacks %q; run KCHECK_LONG=1 go test ./specs/matrices -update", line)
		}
	}
}

// row is a cell of the grid as a row of the table.
func row(c cell, t *Truth) string {
	return fmt.Sprintf("| %d | %d | %s | %s | %s | %s | %s | %s |\n", c.replicas, c.minISR, c.acks, atLeast(t.Crash, c), atLeast(t.Power, c),
		atLeast(t.Disk, c), atLeast(t.Lagging, c), atLeast(t.Writes, c))
}

// atLeast writes a number, with a + where more was not looked at.
func atLeast(n int, c cell) string {
	if n >= min(c.replicas, upTo) {
		return fmt.Sprint(n, "+")
	}
	return fmt.Sprint(n)
}

const intro = `# Replication factor x min.insync.replicas x acks

Made by ` + "`KCHECK_LONG=1 go test ./specs/matrices -update`" + `: Kafka 4.1 and its defaults otherwise, one message, up to three faults.
The columns say how many failed brokers an acknowledged message survives, for sure: its process dies and starts again
(` + "`broker-crash`" + `), its machine loses power (` + "`power-loss`" + `), its disk is lost (` + "`disk-loss`" + `), its disk is lost while followers
may lag (` + "`replica-lag`" + `); and how many may be down while writes and reads go on. A + says that more was not looked at.

`

// render writes the page.
func render(truths map[cell]*Truth) string {
	var b strings.Builder
	b.WriteString(intro)
	b.WriteString("| RF | min ISR | acks | crash | power | disk | disk, lag | writes go on |\n|---|---|---|---|---|---|---|---|\n")
	for replicas := 1; replicas <= 3; replicas++ {
		for minISR := 1; minISR <= 3; minISR++ {
			for _, acks := range []string{"0", "1", "all"} {
				c := cell{acks, replicas, minISR}
				b.WriteString(row(c, truths[c]))
			}
		}
	}
	b.WriteString("\nA min ISR above RF counts as RF since Kafka 3.7.\n\n# Public tables, and where they are wrong\n")
	for _, table := range Tables {
		fmt.Fprintf(&b, "\n## %s\n\nSource: %s.\n\n| acks | RF | min ISR | claim | kcheck |\n|---|---|---|---|---|\n", table.Name, table.Source)
		for _, claim := range table.Claims {
			b.WriteString(judged(&claim, truths[cell{claim.Acks, claim.Replicas, claim.MinISR}]))
		}
		for _, claim := range table.Claims {
			b.WriteString(shown(&claim, truths[cell{claim.Acks, claim.Replicas, claim.MinISR}]))
		}
	}
	return b.String()
}

func judged(c *Claim, t *Truth) string {
	var claim, said []string
	if c.Loss != unsaid {
		claim = append(claim, fmt.Sprintf("%d lost without loss", c.Loss))
	}
	if c.Writes != unsaid {
		claim = append(claim, fmt.Sprintf("writes with %d down", c.Writes))
	}
	for _, f := range c.Findings(t) {
		said = append(said, "**"+f.Text+"**")
	}
	if said == nil {
		said = []string{"right"}
	}
	return fmt.Sprintf("| %s | %d | %d | %s | %s |\n", c.Acks, c.Replicas, c.MinISR, strings.Join(claim, ", "), strings.Join(said, "; "))
}

func shown(c *Claim, t *Truth) string {
	var b strings.Builder
	for _, f := range c.Findings(t) {
		if f.Shown != nil {
			fmt.Fprintf(&b, "\nacks=%s, RF %d, min ISR %d, under %s: %s\n\n<details><summary>%d steps</summary>\n\n", c.Acks, c.Replicas,
				c.MinISR, faults(f.Shown.Faults), f.Shown.Reason, len(f.Shown.Steps))
			for _, s := range f.Shown.Steps {
				fmt.Fprintf(&b, "%d. %s\n", s.N, told(s))
			}
			b.WriteString("\n</details>\n")
		}
	}
	return b.String()
}

func told(s verdict.Step) string {
	if s.Fault {
		return "**fault** " + s.Text
	}
	return s.Text
}

func faults(set map[string]int) string {
	var parts []string
	for _, kind := range []string{"broker-crash", "power-loss", "disk-loss", "replica-lag"} {
		if n := set[kind]; n > 0 {
			parts = append(parts, fmt.Sprintf("`%s=%d`", kind, n))
		}
	}
	return strings.Join(parts, ", ")
}
