package invariants
import ("testing";"fmt";"time";"context"
	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)
func TestZZ(t *testing.T) {
	n := 3
	for _, g := range []string{"uninterrupted","at-least-once"} {
	res, _ := kafkaconf.Load(kafkaconf.Request{Set: []string{"topic.min.insync.replicas=2"}, Messages: "1", Faults: "none"})
	c := res.Config
	var budget []int
	for i := range c.Faults { c.Faults[i] = uint8(n);  budget = append(budget, int(c.Faults[i])) }
	k, _ := Prepare(g, c, model.CountAccepted)
	t0 := time.Now()
	zzlog = func(s string, a ...any) { fmt.Println(time.Since(t0).Round(time.Millisecond), fmt.Sprintf(s, a...)) }
	ctx, cancel := context.WithTimeout(context.Background(), 150*time.Second)
	r, err := k.FaultSets(ctx, explore.Options[model.State]{Budget: budget, MaxFaults: n, Workers: 2})
	cancel()
	if err != nil { t.Fatal(err) }
	fmt.Println(g, r.Complete, r.Stats.Distinct, time.Since(t0))
		for _, s := range r.Sets {
			l := ""
			for i, f := range s.Faults { if f > 0 { l += fmt.Sprintf(" %v=%d", model.FaultKind(i), f) } }
			fmt.Println("   ", s.Violation.Property, s.Violation.Steps, l)
		}
	}
}
