package model

import "testing"

// TestOneClass: where each log is the beginning of the longest, the records are numbered as offset by offset, and there
// are states of both kinds.
func TestOneClass(t *testing.T) {
	agree, differ := 0, 0
	for i := range scenarios {
		m := scenarios[i].model(t)
		if !m.plainRecords || m.wLog2 > 0 {
			continue
		}
		walk(m, uint64(i), 20, func(s *State, _ *Budget) {
			quick, slow := *s, *s
			if !m.logsAgree(s) {
				differ++
				return
			}
			if agree++; m.oneClass(&quick) != m.classesByOffset(&slow) || quick != slow {
				t.Fatalf("%s: the records are numbered otherwise in %v", scenarios[i].name, *s)
			}
		})
	}
	if agree < 1000 || differ < 10 {
		t.Errorf("only %d states with logs that agree and %d others", agree, differ)
	}
}
