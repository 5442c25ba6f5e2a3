package reproduce

import (
	"testing"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
)

func TestLogTextIsTheModels(t *testing.T) {
	t.Parallel()
	log := []cluster.Record{{Value: valueOf("m1") + "...."}, {Offset: 1, Marker: cluster.Commit}, {Offset: 2, Value: valueOf("m2")},
		{Offset: 3, Marker: cluster.Abort}, {Offset: 4, Value: "another's"}}
	if got, want := logText(log), "m1@0 COMMIT@1 m2@2 ABORT@3 ?@4"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
