package invariants_test
import ("testing";"os";"strconv";"fmt";"time";"context"
	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
"strings")
func TestZZ(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("N"))
	res, p := kafkaconf.Load(kafkaconf.Request{Set: strings.Fields(os.Getenv("S")), Kafka: os.Getenv("K"), Messages: os.Getenv("M"), Faults: "none"})
	if p.Failed() { t.Fatal(p) }
	c := res.Config
	var budget []int
	for i := range c.Faults { c.Faults[i] = uint8(n); budget = append(budget, n) }
	for _, g := range strings.Fields(os.Getenv("G")) {
		k, err := invariants.Prepare(g, c, model.CountAccepted)
		if err != nil { t.Fatal(err) }
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Second)
		t0 := time.Now()
		r, err := k.FaultSets(ctx, explore.Options[model.State]{Budget: budget, MaxFaults: n, Progress: func(p explore.Progress){ if int(p.Elapsed.Seconds())%20==0 {fmt.Println(p)}}})
		cancel()
		if err != nil { t.Fatal(err) }
		fmt.Println(g, r.Complete, r.Stopped, r.Decided, r.Stats.Distinct, time.Since(t0), len(r.Open))
		for _, s := range r.Sets {
			l := ""
			for i, f := range s.Faults { if f > 0 { l += fmt.Sprintf(" %v=%d", model.FaultKind(i), f) } }
			fmt.Println("   ", s.Violation.Property, s.Violation.Steps, l)
		}
	}
}
