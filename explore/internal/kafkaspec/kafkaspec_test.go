package kafkaspec

import (
	"context"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
)
func TestExplore(t *testing.T) {
	for _, b := range [][4]int{{2,1,1,1},{2,1,1,2},{2,2,2,2},{3,1,1,2}} {
	for _, v := range []Variant{TruncateToHighWatermark, Kip101, Kip279, Kip320FirstTry, Kip320} {
		for _, p := range []explore.Property[State]{{Name:"Weak", Invariant: WeakISR},{Name:"Strong", Invariant: StrongISR}} {
		m := New(v, b[0],b[1],b[2],b[3])
		begin := time.Now()
		r, err := explore.Check(context.Background(), m, []explore.Property[State]{p}, nil, explore.Options[State]{Workers: 1})
		if err != nil { t.Fatal(err) }
		d := 0
		if r.Violation != nil { d = r.Violation.Steps }
		t.Log(b, v.Name, p.Name, d, r.Stats.Distinct, r.Stats.Depth, time.Since(begin))
		}
	}
	}
}
