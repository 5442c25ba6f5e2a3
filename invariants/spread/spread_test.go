package spread

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/invariants/resilience"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// units are small questions, some of which are violated, and parts of a search for fault sets.
func units(t testing.TB) []Unit {
	t.Helper()
	var list []Unit
	for _, acks := range []string{"0", "1", "all"} {
		resolved, err := kafkaconf.Load(kafkaconf.Request{Set: []string{"producer.acks=" + acks}, Messages: "1", Faults: "broker-crash=1",
			Guarantees: []string{"at-least-once", "order"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range verdict.Questions(resolved) {
			list = append(list, Unit{Question: q})
		}
	}
	for part := range 2 {
		list = append(list, Unit{Question: list[2].Question, Bound: &resilience.Bound{UpTo: 1, Groups: 2}, Part: part})
	}
	return list
}

// planned is a plan of units, its lines as text, and the results of the lines.
func planned(t testing.TB, units []Unit) (p *Planned, lines, results []string) {
	t.Helper()
	p, err := Plan("matrix", units, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var in, out bytes.Buffer
	if err := p.Write(&in); err != nil {
		t.Fatal(err)
	}
	lines = strings.Split(strings.TrimSpace(in.String()), "\n")
	if err := Work(context.Background(), &in, &out, verdict.Options{}); err != nil {
		t.Fatal(err)
	}
	return p, lines, strings.Split(strings.TrimSpace(out.String()), "\n")
}

// TestGather puts results together in random orders, some of them twice, and compares with a run in one process.
func TestGather(t *testing.T) {
	t.Parallel()
	all := units(t)
	p, lines, results := planned(t, all)
	if len(lines) != len(all) || len(results) != len(all) {
		t.Fatalf("%d units, %d lines, %d results", len(all), len(lines), len(results))
	}
	here, err := Run(context.Background(), all, verdict.Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 0))
		shuffled := append([]string{}, results...)
		for range r.IntN(3) {
			shuffled = append(shuffled, results[r.IntN(len(results))])
		}
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		g := p.Gather([]File{{"r", []byte(strings.Join(shuffled, "\n"))}})
		if len(g.Missing)+len(g.Failed)+len(g.Problems) > 0 {
			t.Fatalf("%+v", g)
		}
		for i := range all {
			if got, want := jsonOf(t, g.Answers[i].sameBut()), jsonOf(t, here[i].sameBut()); got != want {
				t.Errorf("unit %d: gathered %s\nhere %s", i, got, want)
			}
		}
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestLargestFirst checks the order of the lines.
func TestLargestFirst(t *testing.T) {
	t.Parallel()
	p, err := Plan("matrix", units(t), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(p.Lines); i++ {
		if p.Lines[i].Size > p.Lines[i-1].Size || p.Lines[i].Number != i+1 {
			t.Errorf("line %d of size %d follows one of size %d", p.Lines[i].Number, p.Lines[i].Size, p.Lines[i-1].Size)
		}
	}
}

// TestLineIsWhole checks that a line that is read again is the line that was written.
func TestLineIsWhole(t *testing.T) {
	t.Parallel()
	p, lines, _ := planned(t, units(t))
	for i, text := range lines {
		line, err := parse([]byte(text))
		if err != nil || !reflect.DeepEqual(jsonOf(t, line), jsonOf(t, p.Lines[i])) {
			t.Errorf("line %d: %v\n%s", i+1, err, text)
		}
	}
}

// TestFlushed checks that a result is there before the next line is asked for.
func TestFlushed(t *testing.T) {
	t.Parallel()
	_, lines, _ := planned(t, units(t)[:2])
	in, feed := io.Pipe()
	results, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- Work(context.Background(), in, out, verdict.Options{})
		out.Close()
	}()
	dec := json.NewDecoder(results)
	for i, line := range lines {
		go fmt.Fprintln(feed, line)
		var r Result
		if err := dec.Decode(&r); err != nil || r.Number != i+1 || r.Check == nil {
			t.Fatalf("line %d: %+v, %v", i+1, r, err)
		}
	}
	feed.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// TestInterrupted checks that waiting for a line can be interrupted.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	in, _ := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Work(ctx, in, io.Discard, verdict.Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// FuzzWork answers lines that are somehow broken: each has one result line, and none is the end.
func FuzzWork(f *testing.F) {
	_, lines, _ := planned(f, units(f)[:1])
	f.Add([]byte(lines[0]))
	f.Add([]byte("{}\n[]\n\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var out bytes.Buffer
		err := Work(ctx, bytes.NewReader(data), &out, verdict.Options{})
		want := 0
		for line := range bytes.Lines(data) {
			if len(bytes.TrimSpace(line)) > 0 {
				want++
			}
		}
		if n := strings.Count(out.String(), "\n"); n != want || err != nil && !errors.Is(err, ErrLines) {
			t.Errorf("%d lines, %d results, %v", want, n, err)
		}
	})
}

// FuzzGather feeds anything to the reader of result lines: a problem has a place, and an answer belongs to its unit.
func FuzzGather(f *testing.F) {
	all := units(f)[:2]
	p, _, results := planned(f, all)
	f.Add([]byte(strings.Join(results, "\n")))
	f.Add([]byte(results[0] + "\n{}\n" + results[0][:100]))
	f.Fuzz(func(t *testing.T, data []byte) {
		g := p.Gather([]File{{"r", data}})
		for _, problem := range g.Problems {
			if problem.Line < 1 || problem.Message == "" {
				t.Errorf("%+v", problem)
			}
		}
		for i, a := range g.Answers {
			if a != nil && all[i].fits(a) != nil {
				t.Errorf("unit %d has the answer %+v", i+1, a)
			}
		}
	})
}

// TestHostileLine checks that a question about what is no configuration has an error, although its name is right.
func TestHostileLine(t *testing.T) {
	t.Parallel()
	all := units(t)[:1]
	c := &all[0].Question.Config
	c.Prod.Client, c.Topic.Replicas, c.Scope.Messages, c.App.Send = 200, 99, -1, 77
	p, err := Plan("matrix", all, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var in, out bytes.Buffer
	if err := p.Write(&in); err != nil {
		t.Fatal(err)
	}
	if err := Work(context.Background(), &in, &out, verdict.Options{}); !errors.Is(err, ErrLines) || !strings.Contains(out.String(), `"error":`) {
		t.Errorf("%v: %s", err, out.String())
	}
}
