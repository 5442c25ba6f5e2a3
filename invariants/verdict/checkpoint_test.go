package verdict

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// TestCheckpointOfQuestion cuts questions short again and again, at random moments, each of which is answered by several
// searches: in the end the answer is the one without.
func TestCheckpointOfQuestion(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 2))
	weak, strong := model.DefaultConfig(), model.DefaultConfig()
	for _, c := range []*model.Config{&weak, &strong} {
		c.Scope.Messages = 1
		c.Faults[model.BrokerCrash], c.Faults[model.ConsumerCrash], c.Faults[model.ReplicaLag] = 1, 1, 1
	}
	weak.Prod.Acks = model.AcksOne
	for name, o := range map[string]Options{"first": {}, "all sets": {Exhaust: true}} {
		for _, config := range []model.Config{weak, strong} {
			q := Question{Config: config, Guarantee: "at-least-once"}
			begin := time.Now()
			want, err := Check(context.Background(), q, o)
			if err != nil {
				t.Fatal(err)
			}
			took, continued := time.Since(begin), 0
			o.Checkpoint = &explore.Checkpoint{Dir: t.TempDir(), Question: "test", Every: 5 * time.Millisecond,
				Continued: func(uint64, time.Time) { continued++ }}
			var got Result
			for n := 1; ; n++ {
				// longer from time to time: other programs may keep this one from running
				ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rng.Int64N(int64(took)))/4*time.Duration(n))
				if got, err = Check(ctx, q, o); err != nil {
					t.Fatal(err)
				}
				ended := ctx.Err() == nil
				cancel()
				if ended {
					break
				}
			}
			if a, b := same(t, got), same(t, want); a != b {
				t.Errorf("%s, %s, continued %d times:\n%s\nwant\n%s", name, want.Verdict, continued, a, b)
			}
			t.Logf("%s, %s: continued %d times", name, want.Verdict, continued)
		}
	}
}

// same is what of a result does not differ from run to run.
func same(t *testing.T, r Result) string {
	t.Helper()
	r.Stats.Seconds, r.Stats.Bytes, r.Stats.CollisionProbability = 0, 0, 0
	text, err := json.MarshalIndent(&r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestCheckpointNamesValues: what names a configuration in a checkpoint holds values and no addresses.
func TestCheckpointNamesValues(t *testing.T) {
	t.Parallel()
	q := Question{Config: model.DefaultConfig(), Guarantee: "order"}
	first := q.facts(&Options{})
	for _, f := range first {
		if strings.Contains(f.Value, "0xc") {
			t.Errorf("%v is an address", f)
		}
	}
	q.Config.Prod.Acks = model.AcksOne
	if second := q.facts(&Options{}); first[5] == second[5] {
		t.Errorf("acks makes no difference: %v", second)
	}
}
