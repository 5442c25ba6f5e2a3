package kafkaconf

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kcheck/kcheck/model"
)

// TestSpecFaults checks the forms in which a spec gives the fault budget; of a list the later entries win.
func TestSpecFaults(t *testing.T) {
	t.Parallel()
	standard := model.StandardBudget()
	more, crashless := standard, standard
	more[model.DiskLoss] = 1
	crashless[model.BrokerCrash] = 0
	two := model.StandardBounds()
	three := two
	three.Total = model.AtMost(3)
	for _, test := range []struct {
		faults string
		budget model.Budget
		bounds model.Bounds
	}{
		{"", standard, two},
		{"faults: standard", standard, two},
		{"faults: none", model.Budget{}, model.Bounds{}},
		{"faults: {}", model.Budget{}, model.Bounds{}},
		{"faults: []", model.Budget{}, model.Bounds{}},
		{"faults: {broker-crash: any}", model.Budget{model.BrokerCrash: model.Any}, model.Bounds{}},
		{"faults: {broker-crash: 2, total: 1, overlap: 1}", model.Budget{model.BrokerCrash: 2},
			model.Bounds{Total: model.AtMost(1), Overlap: model.AtMost(1)}},
		{"faults: standard,total=3,disk-loss=1", more, three},
		{"faults: [standard, total=3, disk-loss=1]", more, three},
		{"faults: [standard, broker-crash=0]", crashless, two},
	} {
		r, problems := loadAll(Request{Files: []string{"s.yaml"}, ReadFile: func(string) ([]byte, error) {
			return []byte("guarantee: order\n" + test.faults + "\n"), nil
		}})
		if r == nil {
			t.Errorf("%q: %v", test.faults, problems)
			continue
		}
		if diff := cmp.Diff(test.budget, r.Config.Faults); diff != "" {
			t.Errorf("%q: budget -want +got:\n%s", test.faults, diff)
		}
		if diff := cmp.Diff(test.bounds, r.Config.Bounds); diff != "" {
			t.Errorf("%q: bounds -want +got:\n%s", test.faults, diff)
		}
	}
}
