package specs_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path"
	"sort"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/specs"
)

var update = flag.Bool("update", false, "write specs/README.md anew")

// mostStates is how many distinct states a bundled spec may have, so that checking them all stays quick.
const mostStates = 6_000_000

// TestTable checks every bundled spec against what it expects, and that README.md shows what came out.
func TestTable(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	table.WriteString(intro)
	folder := ""
	for _, name := range specs.Names() {
		if d := path.Dir(name); d != folder {
			folder = d
			fmt.Fprintf(&table, "\n## %s\n\n%s", strings.TrimPrefix(d, "specs/"), header)
		}
		report, err := verdict.CheckFiles(context.Background(), kafkaconf.Request{Files: []string{name}, ReadFile: specs.ReadFile}, verdict.Options{Unexplained: true})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, r := range report.Results {
			if r.Expected != "" && r.Verdict != r.Expected {
				t.Errorf("%s: %s is %s, want %s", name, r.Guarantee, r.Verdict, r.Expected)
			}
			if r.Stats.Distinct > mostStates {
				t.Errorf("%s: %s has %d distinct states, more than %d", name, r.Guarantee, r.Stats.Distinct, mostStates)
			}
			table.WriteString(row(name, &r))
		}
	}
	table.WriteString(frameworkTable(t))
	compare(t, table.String())
}

const intro = `# The bundled specs

Every spec is built into the program (` + "`kcheck check NAME`" + `) and is checked against its ` + "`expect`" + ` by the tests. Steps and
faults are those of the minimal counterexample; states are the distinct states that were explored to find it, or to
exhaust the scope. A spec that was renamed still answers to its old name, which its last line has as an alias. The
files in ` + "`bench/`" + ` are for measuring and are not checked. This page is generated: ` + "`go test ./specs -run Table -update`" + `.

| folder | what it has |
|---|---|
| ` + "`application/`" + ` | what the application around the clients does with exceptions, commits, rebalances and restarts |
| ` + "`found/`" + ` | a loss of acknowledged records in Kafka itself, with its report, and a program that makes it happen |
| ` + "`known/`" + ` | results that Kafka's documentation, code, issues and public specifications state, one a file |
| ` + "`questions/`" + ` | what people ask about Kafka's delivery guarantees, and the answers |
| ` + "`reports/`" + ` | losses and duplicates that people reported in public issue trackers |
| ` + "`risk/`" + ` | settings whose risk has a closed form, and those that the README weighs, for ` + "`kcheck risk`" + ` |
| ` + "`seed/`" + ` | the three places where a message is lost, in Kafka 0.8 and in 4.1 |
| ` + "`share/`" + ` | share groups (KIP-932): what is delivered again, archived or skipped, and why |
| ` + "`transactions/`" + ` | consume-transform-produce: each way to commit offsets, under each fault |
| ` + "`versions/`" + ` | rules and defaults that a release changed, before and after |
`

const header = "| spec | Kafka | guarantee | verdict | faults used | steps | distinct states |\n|---|---|---|---|---|---|---|\n"

// faultWords lists faults, "broker-crash, leader-move x2".
func faultWords(used map[string]int) string {
	faults := []string{}
	for f, n := range used {
		if n > 1 {
			f = fmt.Sprintf("%s x%d", f, n)
		}
		faults = append(faults, f)
	}
	sort.Strings(faults)
	return strings.Join(faults, ", ")
}

func row(name string, r *verdict.Result) string {
	steps, used := "", faultWords(r.Faults)
	if r.Verdict == verdict.Violated {
		steps = fmt.Sprint(len(r.Steps))
		if used == "" {
			used = "none"
		}
	}
	file := strings.TrimPrefix(name, "specs/")
	short := strings.TrimSuffix(path.Base(name), ".yaml")
	return fmt.Sprintf("| [%s](%s) | %s | %s | %s | %s | %s | %d |\n", short, file, r.Kafka, r.Guarantee, r.Verdict, used, steps, r.Stats.Distinct)
}

// compare holds README.md against the table, or writes it with -update.
func compare(t *testing.T, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	have, lines := strings.Split(string(got), "\n"), strings.Split(want, "\n")
	for i := range max(len(have), len(lines)) {
		if i >= len(have) || i >= len(lines) || have[i] != lines[i] {
			t.Fatalf("README.md is out of date from line %d on; run: go test ./specs -run Table -update", i+1)
		}
	}
}
