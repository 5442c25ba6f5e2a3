package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/whatif"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/whatif/page"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/specs"
)

// maxPage is how large a page may be, in bytes.
const maxPage = 6_000_000

// whatIfQuestion is a question as the page asks it: what is loaded, and what is switched.
type whatIfQuestion struct {
	Loaded  kafkaconf.Request `json:"loaded"`
	Changes whatIfChanges     `json:"changes"`
}

// whatIfChanges is what the page lays over a question.
type whatIfChanges struct {
	Set        map[string]string `json:"set"`
	Faults     string            `json:"faults,omitempty"`
	Messages   string            `json:"messages,omitempty"`
	Guarantees []string          `json:"guarantees,omitempty"`
}

// args is the same question for the command. One setting at a time is switched, so that the order does not matter.
func (q *whatIfQuestion) args() []string {
	args := append([]string{"check"}, q.Loaded.Files...)
	for key, value := range q.Changes.Set {
		args = append(args, "--set", key+"="+value)
	}
	if q.Changes.Faults != "" {
		args = append(args, "--faults", q.Changes.Faults)
	}
	if q.Changes.Messages != "" {
		args = append(args, "--messages", q.Changes.Messages)
	}
	for _, g := range q.Changes.Guarantees {
		args = append(args, "--guarantee", g)
	}
	return args
}

// TestWhatIfPage uses the page in Chromium; testdata/whatif/check.mjs says how. It needs what .ci/reports.sh installs, and the
// program that go run ./cmd/kcheck/internal/whatif/build makes. KCHECK_LONG=1 asks 100 random questions, KCHECK_SEED
// repeats those of a run.
func TestWhatIfPage(t *testing.T) {
	node, env := whatIfTools(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if status, _, errs := kcheck("check", "acks-1-leader-crash", "--format", whatIf, "--output", file); status != 0 {
		t.Fatalf("status %d, %s", status, errs)
	}
	questions, want := randomQuestions(t)
	writeJSONFile(t, filepath.Join(dir, "plan.json"), map[string]any{"questions": questions,
		"kinds": []string{"guarantee", "fault", "setting", "behaviour", "action", "term", "spec"}})
	if err := os.CopyFS(filepath.Join(dir, "drop"), os.DirFS(fixturesFolder)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "testdata/whatif/check.mjs", dir)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
	var answers []any
	readJSONFile(t, filepath.Join(dir, "answers.json"), &answers)
	for i := range questions {
		if diff := cmp.Diff(want[i], timeless(answers[i])); diff != "" {
			t.Errorf("kcheck %s\n%s", strings.Join(questions[i].args(), " "), diff)
		}
	}
	samePanels(t, dir)
}

// whatIfTools finds what the test needs, or skips it and says what is missing.
func whatIfTools(t *testing.T) (node string, env []string) {
	t.Helper()
	if err := page.Available(); err != nil {
		t.Skip(err)
	}
	const how = "; .ci/reports.sh installs it and runs this test"
	modules := os.Getenv("KCHECK_NODE_MODULES")
	for _, name := range []string{"playwright-core", "axe-core"} {
		if _, err := os.Stat(filepath.Join(modules, name)); modules == "" || err != nil {
			t.Skip("the npm package " + name + " is not in KCHECK_NODE_MODULES" + how)
		}
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed" + how)
	}
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return node, []string{"CHROMIUM=" + path}
		}
	}
	t.Skip("chromium is not installed" + how)
	return "", nil
}

// randomQuestions are built-in specs with something switched, and what the command answers. Those that take long are
// replaced by others.
func randomQuestions(t *testing.T) (questions []whatIfQuestion, answers []any) {
	n, seed := 8, rand.Uint64()
	if os.Getenv("KCHECK_LONG") != "" {
		n = 100
	}
	if text := os.Getenv("KCHECK_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d random questions, KCHECK_SEED=%d", n, seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for tries := 0; len(questions) < n && tries < 20*n; tries++ {
		q := randomQuestion(t, random)
		if answer, ok := quickly(t, &q); ok {
			questions, answers = append(questions, q), append(answers, answer)
		}
	}
	return questions, answers
}

// randomQuestion is a built-in spec with one setting switched, and perhaps other faults.
func randomQuestion(t *testing.T, random *rand.Rand) whatIfQuestion {
	names := specs.Names()
	request := kafkaconf.Request{Files: []string{names[random.IntN(len(names))]}, ReadFile: specs.ReadFile}
	resolved, err := kafkaconf.Load(request)
	if err != nil {
		t.Fatal(err)
	}
	panel := whatif.NewPanel(resolved, nil)
	q := whatIfQuestion{Loaded: kafkaconf.Request{Files: request.Files}, Changes: whatIfChanges{Set: map[string]string{}}}
	if s := panel.Settings[random.IntN(len(panel.Settings))]; len(s.Values) > 0 {
		q.Changes.Set[s.Key] = s.Values[random.IntN(len(s.Values))]
	}
	if random.IntN(2) == 0 {
		f := panel.Faults[random.IntN(len(panel.Faults))]
		q.Changes.Faults = fmt.Sprintf("%s=%d", f.Name, 1+random.IntN(2))
	}
	if random.IntN(3) == 0 {
		q.Changes.Messages = "1"
	}
	if random.IntN(3) == 0 {
		q.Changes.Guarantees = []string{panel.Guarantees[random.IntN(len(panel.Guarantees))].Name}
	}
	return q
}

// quickly asks the command, and gives up after a while.
func quickly(t *testing.T, q *whatIfQuestion) (answer any, ok bool) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	var out bytes.Buffer
	execute(ctx, append(q.args(), "--format", "json", "--workers", "1"), streams{out: &out, err: io.Discard})
	if ctx.Err() != nil {
		return nil, false
	}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		t.Fatalf("kcheck %v: %v\n%s", q.args(), err, &out)
	}
	return timeless(answer), true
}

// timeless is a report without times and memory.
func timeless(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range []string{"seconds", "bytes", "workers"} {
			delete(v, key)
		}
		for _, inner := range v {
			timeless(inner)
		}
	case []any:
		for _, inner := range v {
			timeless(inner)
		}
	}
	return value
}

// samePanels compares what the page made of dropped files with what the command makes of them.
func samePanels(t *testing.T, dir string) {
	t.Helper()
	var got map[string]*whatif.Panel
	readJSONFile(t, filepath.Join(dir, "panels.json"), &got)
	t.Chdir(filepath.Join(dir, "drop"))
	for name, panel := range got {
		resolved, err := kafkaconf.Load(kafkaconf.Request{Files: []string{name}})
		want := whatif.NewPanel(resolved, kafkaconf.ProblemsOf(resolved, err))
		if diff := cmp.Diff(want, panel, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s\n%s", name, diff)
		}
	}
}

// TestWhatIfSize checks that the page of an ordinary review is small enough to be attached.
func TestWhatIfSize(t *testing.T) {
	if err := page.Available(); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"producer.properties": "acks=1\nssl.key.password=hunter2\n", "topic.properties": "min.insync.replicas=2\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	if status, _, errs := kcheck("check", "--producer", "producer.properties", "--topic", "topic.properties", "--faults", "broker-crash=1",
		"--format", whatIf, "--output", "review.html"); status != 1 {
		t.Fatalf("status %d, %s", status, errs)
	}
	data, err := os.ReadFile("review.html")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.2f MB", float64(len(data))/1e6)
	if len(data) > maxPage {
		t.Errorf("the page has %d bytes, more than %d", len(data), maxPage)
	}
	if bytes.Contains(data, []byte("hunter2")) {
		t.Error("the page has a secret in it")
	}
}

// TestWhatIfRefusals checks what is said where there can be no page.
func TestWhatIfRefusals(t *testing.T) {
	t.Parallel()
	status, _, errs := kcheck("check", "acks-1-leader-crash", "acks-0-request-lost-4.1", "--format", whatIf)
	if status != 2 || errs == "" {
		t.Errorf("two questions: status %d, %q", status, errs)
	}
	if page.Available() == nil {
		return
	}
	if status, out, errs := kcheck("check", "acks-1-leader-crash", "--format", whatIf); status != 2 || out != "" || !strings.Contains(errs, "go run ./cmd/kcheck/internal/whatif/build") {
		t.Errorf("without the engine: status %d, %q", status, errs)
	}
}

func writeJSONFile(t *testing.T, name string, value any) {
	t.Helper()
	data, err := json.Marshal(value)
	if err == nil {
		err = os.WriteFile(name, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func readJSONFile(t *testing.T, name string, value any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(data, value)
	}
	if err != nil {
		t.Fatal(err)
	}
}
