package explore_test
import ("testing";"github.com/kcheck/kcheck/explore";"github.com/kcheck/kcheck/explore/examples")
func BenchmarkZZ(b *testing.B) {
 run(b, examples.NewReplicatedLog(2,2,2,1), explore.Options[examples.LogState]{Workers: 1})
 run(b, examples.NewTwoPhase(8), explore.Options[examples.Commit]{Workers: 1})
}
