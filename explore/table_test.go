package explore_test

import (
	"slices"
	"testing"

	"github.com/kcheck/kcheck/explore"
)

// TestTable checks that transitions have the numbers that the table says.
func TestTable(t *testing.T) {
	t.Parallel()
	var table explore.Table
	send := table.Add("Send", "")
	deliver := table.Each("Deliver", "a", "b")
	lose := table.AddFault(1, "Lose", "a")
	if send != 0 || deliver != 1 || lose != 3 || len(table) != 4 {
		t.Errorf("%d %d %d of %d", send, deliver, lose, len(table))
	}
	if x := table[lose]; x.Class != explore.Fault || x.Fault != 1 {
		t.Errorf("%+v", x)
	}
	if got := table.Names([]explore.TransitionID{lose, deliver + 1, 9}); !slices.Equal(got, []string{table[lose].String(), table[deliver+1].String(), "transition 9"}) {
		t.Error(got)
	}
}
