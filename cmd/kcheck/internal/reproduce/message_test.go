package reproduce

import (
	"reflect"
	"testing"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/model"
)

func TestEntriesAreTheModels(t *testing.T) {
	t.Parallel()
	got := entries([]cluster.Record{{Value: valueOf(1) + "...."}, {Offset: 1, Marker: cluster.Commit}, {Offset: 2, Value: valueOf(2)},
		{Offset: 3, Marker: cluster.Abort}, {Offset: 4, Value: "another's"}})
	want := []model.Entry{{Message: 1}, {Marker: model.MarkerCommit, Offset: 1}, {Message: 2, Offset: 2},
		{Marker: model.MarkerAbort, Offset: 3}, {Offset: 4}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if text := logText(got); text != "m1@0 COMMIT@1 m2@2 ABORT@3 none@4" {
		t.Errorf("written %q", text)
	}
}
