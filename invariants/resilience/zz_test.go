package resilience
import ("testing";"context";"time";"fmt"
"github.com/kcheck/kcheck/invariants"
"github.com/kcheck/kcheck/invariants/verdict")
func TestZZ(t *testing.T) {
  for _, g := range []string{"at-least-once","uninterrupted","at-most-once","committed-stays"} {
  for _, n := range []int{1,2,3} {
	q := questionOf(t, g, "topic.min.insync.replicas=2")
	t0 := time.Now()
	r, _ := Analyze(context.Background(), q, Bound{UpTo: n}, verdict.Options{Workers:1})
	d := time.Since(t0)
	budget := Bound{UpTo: n}.counts()
	var sum uint64; var secs float64
	t0 = time.Now()
	sets := 0
	for size := 0; size <= n; size++ {
		for _, set := range invariants.SetsOf(budget, size) {
			sets++
			if n == 3 && size == 3 && sets % 10 != 0 { continue }
			for i, n := range set { q.Config.Faults[i] = uint8(n) }
			v, _ := verdict.Check(context.Background(), q, verdict.Options{Workers:1})
			w := uint64(1); if n==3 && size == 3 { w = 10 }
			sum += w*v.Stats.Distinct; secs += float64(w)*v.Stats.Seconds
		}
	}
	fmt.Println(g, n, "lattice", r.Stats.Distinct, d, "one by one", sets, sum, time.Since(t0), secs, r.Complete)
  }}
}
