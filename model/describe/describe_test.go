package describe

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model"
)

// TestTemplatesNameParameters looks at every template of the registry: what it names in braces is a parameter.
func TestTemplatesNameParameters(t *testing.T) {
	t.Parallel()
	n := 7
	all := model.Params{Message: 1, Messages: []model.MessageID{1}, Broker: 1, Leader: 1, Member: model.MemberOwner, Transaction: 1, Delivery: 2,
		Offset: &n, Committed: &n, HighWatermark: &n, Epoch: &n}
	named := regexp.MustCompile(`\{(\w+)\}`)
	for _, a := range model.Actions() {
		templates := []string{a.Text, a.Route.From, a.Route.To, a.Route.Label}
		for _, o := range a.Outcomes {
			templates = append(templates, o.Text, o.Label)
		}
		for _, template := range templates {
			for _, m := range named.FindAllStringSubmatch(template, -1) {
				if sentenceParam(&all)(m[1]) == "" || laneParam(&all)(m[1]) == "" {
					t.Errorf("%s: %q names %s, which is no parameter", a.Name, template, m[1])
				}
			}
		}
	}
}

// TestFill puts parameters into templates.
func TestFill(t *testing.T) {
	t.Parallel()
	param := func(name string) string { return map[string]string{"broker": "b1", "offset": "3"}[name] }
	for template, want := range map[string]string{
		"{broker} starts again":               "b1 starts again",
		"aborts[ and goes on at {offset}]":    "aborts and goes on at 3",
		"aborts[ of transaction {member}]":    "aborts",
		"[{member} ]ends[ at {offset}], done": "ends at 3, done",
		"":                                    "",
	} {
		if got := fill(template, param); got != want {
			t.Errorf("%q gives %q, want %q", template, got, want)
		}
	}
}

// TestEveryStepCanBeTold follows runs of several models: sentences have all their parameters, signals stay in the lanes,
// and a ledger has a value for each of its columns.
func TestEveryStepCanBeTold(t *testing.T) {
	t.Parallel()
	for name, c := range tellingConfigs() {
		m, err := model.New(c)
		if err != nil {
			t.Fatal(err)
		}
		s := m.Initial(nil)[0]
		first := m.View(&s)
		lanes := Lanes(first)
		for i := range 60 {
			next := explore.Successors[model.State](m, &s)
			if len(next) == 0 {
				break
			}
			for _, n := range next {
				step := m.Step(&s, n.ID, &n.State)
				text, g := Text(&step), SignalOf(&step, lanes)
				if strings.ContainsAny(text+g.Label, "{}[]") || strings.Contains(text, "  ") || strings.HasSuffix(text, " ") {
					t.Errorf("%s: %+v is told as %q, sends %q", name, step, text, g.Label)
				}
				if !slices.Contains(append(lanes, LaneBrokers), g.From) || g.To != "" && !slices.Contains(lanes, g.To) {
					t.Errorf("%s: %s sends %+v; lanes are %v", name, step.Action, g, lanes)
				}
				v := m.View(&n.State)
				if len(Row(v, 0)) != len(Columns(first)) {
					t.Fatalf("%s: a row has other columns than the ledger", name)
				}
			}
			s = next[(i*7)%len(next)].State
		}
	}
}

// tellingConfigs are configurations whose models have different parts.
func tellingConfigs() map[string]model.Config {
	plain := model.DefaultConfig()
	plain.Sees = model.SeesConsumer
	plain.Faults[model.PowerLoss] = 1
	log := plain
	log.Sees = 0
	output := plain
	output.App.OutputKafka = true
	output.App.Commit = model.CommitInTransaction
	output.Prod.Transactional = true
	output.Faults = model.Budget{model.Rebalance: 1, model.ConsumerCrash: 1, model.Delay: 1}
	replicated := output
	replicated.Faults = model.Budget{model.LeaderMove: 1, model.ResponseLost: 1}
	replicated.App.TxnID = model.IDRandom
	return map[string]model.Config{"plain": plain, "log": log, "output": output, "replicated output": replicated}
}

// TestValues writes values of every kind in words.
func TestValues(t *testing.T) {
	t.Parallel()
	n := 2
	for _, row := range []struct {
		kind  model.Kind
		value model.Value
		want  string
	}{
		{model.KindPhase, model.Value{Word: "retrying"}, "to be retried"},
		{model.KindBroker, model.Value{}, "none"},
		{model.KindSet, model.Value{Brokers: []model.BrokerID{1, 3}}, "{b1,b3}"},
		{model.KindLog, model.Value{Log: []model.Entry{{Message: 1}, {Marker: model.MarkerAbort, Offset: 1}}}, "m1@0 ABORT@1"},
		{model.KindRole, model.Value{Role: &model.Role{Role: model.RoleFollower, Leader: 2}}, "follower of b2"},
		{model.KindRole, model.Value{Role: &model.Role{Role: model.RoleLeader, Leader: 1, CutOff: true}}, "leader, cut off"},
		{model.KindRole, model.Value{Role: &model.Role{Role: model.RoleLeader, Leader: 1, Superseded: true}}, "leader by its own belief"},
		{model.KindOffset, model.Value{Number: &n}, "2"},
		{model.KindOffset, model.Value{}, "none"},
		{model.KindOffset, model.Value{Word: model.WordStopped}, "stopped with an error"},
		{model.KindProcessed, model.Value{Number: &n}, "twice"},
		{model.KindStage, model.Value{Word: "resetting"}, "aborting"},
		{model.KindTransaction, model.Value{Word: "PrepareCommit"}, "PrepareCommit"},
		{model.KindMessages, model.Value{Messages: []model.MessageID{1, 2}}, "m1 m2"},
	} {
		if got := Value(row.kind, row.value); got != row.want {
			t.Errorf("%s %+v is %q, want %q", row.kind, row.value, got, row.want)
		}
	}
}
