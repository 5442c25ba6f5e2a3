package main

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var updateAction = flag.Bool("update-action", false, "write the comments of testdata/action")

// stubOfGh keeps comments as files in place of GitHub, and counts what was written.
const stubOfGh = `#!/usr/bin/env bash
set -euo pipefail
for last; do :; done
case "$*" in
*POST*) cp "${last#body=@}" "$COMMENTS/1"; echo post >>"$COMMENTS/log" ;;
*PATCH*) cp "${last#body=@}" "$COMMENTS/1"; echo patch >>"$COMMENTS/log" ;;
*) if [[ -f $COMMENTS/1 ]] && grep -q '^<!-- kcheck -->' "$COMMENTS/1"; then echo 1; fi ;;
esac
`

// actionChanges are changes of a configuration, with what the action makes of each.
var actionChanges = []struct {
	name   string
	acks   string // before
	files  map[string]string
	change string
	exit   string
}{
	{"same", "1", map[string]string{"README": "text\n"}, "same", "1"},
	{"better", "1", map[string]string{"producer.properties": "acks=all\n"}, "better", "0"},
	{"worse", "all", map[string]string{"producer.properties": "acks=1\n"}, "worse", "1"},
	{"refused", "1", map[string]string{"producer.properties": "acks=2\n"}, "refused", "2"},
	{"new-file", "1", map[string]string{"consumer.properties": "group.id=orders\nenable.auto.commit=false\nauto.offset.reset=earliest\n"}, "same", "1"},
}

// TestAction runs the script of the GitHub Action in a repository with a base and a head, for five changes. Each comment is
// compared with what was looked at; run it with -update-action to write them. A second run updates the comment in place.
func TestAction(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "git", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	for _, test := range actionChanges {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := newActionRun(t)
			a.write("producer.properties", "acks="+test.acks+"\n")
			a.write("topic.properties", "min.insync.replicas=2\n")
			a.commit()
			base := strings.TrimSpace(a.git("rev-parse", "HEAD"))
			for name, text := range test.files {
				a.write(name, text)
			}
			a.commit()
			event := `{"pull_request": {"number": 7, "base": {"sha": "` + base + `"}}}`
			outputs := a.run(event)
			if outputs["change"] != test.change || outputs["exit"] != test.exit {
				t.Errorf("change %s, exit %s; want %s, %s", outputs["change"], outputs["exit"], test.change, test.exit)
			}
			if sarif := outputs["sarif"]; sarif != "" {
				data, err := os.ReadFile(sarif)
				if err != nil || !json.Valid(data) {
					t.Errorf("the SARIF file: %v", err)
				}
			}
			a.run(event)
			if log := a.read(filepath.Join(a.comments, "log")); log != "post\npatch\n" {
				t.Errorf("comments were written by %q", log)
			}
			got := strings.ReplaceAll(a.read(filepath.Join(a.comments, "1")), base, "BASE")
			golden := filepath.Join("testdata", "action", test.name+".md")
			if *updateAction {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(a.read(golden), got); diff != "" {
				t.Errorf("the comment\n%s", diff)
			}
		})
	}
}

// actionRun is a repository in which the action runs.
type actionRun struct {
	t                         *testing.T
	repo, bin, temp, comments string
}

func newActionRun(t *testing.T) *actionRun {
	t.Helper()
	a := &actionRun{t, t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, script := range map[string]string{"gh": stubOfGh,
		"kcheck": "#!/usr/bin/env bash\nKCHECK_TEST_RUN=1 exec '" + program + "' \"$@\"\n"} {
		if err := os.WriteFile(filepath.Join(a.bin, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	a.git("init", "-q", "-b", "main", ".")
	return a
}

func (a *actionRun) write(name, text string) {
	a.t.Helper()
	if err := os.WriteFile(filepath.Join(a.repo, name), []byte(text), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

func (a *actionRun) read(name string) string {
	a.t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		a.t.Fatal(err)
	}
	return string(data)
}

func (a *actionRun) git(args ...string) string {
	a.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = a.repo
	out, err := cmd.CombinedOutput()
	if err != nil {
		a.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func (a *actionRun) commit() {
	a.t.Helper()
	a.git("add", "-A")
	a.git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "change")
}

// run runs the script as GitHub does and gives its outputs.
func (a *actionRun) run(event string) map[string]string {
	a.t.Helper()
	script, err := filepath.Abs("../../.github/actions/kcheck/run.sh")
	if err != nil {
		a.t.Fatal(err)
	}
	eventFile, outputFile := filepath.Join(a.temp, "event.json"), filepath.Join(a.temp, "output")
	if err := os.WriteFile(eventFile, []byte(event), 0o600); err != nil {
		a.t.Fatal(err)
	}
	if err := os.RemoveAll(outputFile); err != nil {
		a.t.Fatal(err)
	}
	cmd := exec.Command("bash", script)
	cmd.Dir = a.repo
	cmd.Env = append(os.Environ(), "PATH="+a.bin+string(os.PathListSeparator)+os.Getenv("PATH"), "COMMENTS="+a.comments, "RUNNER_TEMP="+a.temp,
		"GITHUB_OUTPUT="+outputFile, "GITHUB_EVENT_PATH="+eventFile, "GITHUB_REPOSITORY=example/orders", "GITHUB_STEP_SUMMARY=", "GITHUB_ACTIONS=",
		"KCHECK_PATHS=.", "KCHECK_FLAGS=--guarantee no-acked-loss --faults broker-crash=1,replica-lag=2 --messages 1", "KCHECK_CHECK_FLAGS=", "KCHECK_BASE=")
	if out, err := cmd.CombinedOutput(); err != nil {
		a.t.Fatalf("%v\n%s", err, out)
	}
	outputs := map[string]string{}
	for line := range strings.Lines(a.read(outputFile)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		outputs[name] = value
	}
	return outputs
}
