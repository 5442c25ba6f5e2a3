package verdict

import "testing"

func TestFaultSet(t *testing.T) {
	t.Parallel()
	for want, set := range map[string]map[string]int{
		"no fault":                       {},
		"broker-crash":                   {"broker-crash": 1},
		"2 x broker-crash + leader-move": {"leader-move": 1, "broker-crash": 2},
	} {
		if got := FaultSet(set); got != want {
			t.Errorf("%v is %q, want %q", set, got, want)
		}
	}
}
