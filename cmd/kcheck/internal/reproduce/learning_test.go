package reproduce

import (
	"slices"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// moves are the leader epochs of a trace in which the leader goes from b1 to b2, back to b1, and to b3.
func moves(steps ...verdict.Step) *replay {
	rp := &replay{learning: newLearning(3)}
	rp.leaders, rp.steps, rp.at = []int{1, 2, 1, 3}, steps, -1
	for b := 1; b <= 3; b++ {
		rp.learning.learnt[b] = 1
	}
	return rp
}

// learns is a step in which a broker learns of a leader, in an epoch where that is not -1.
func learns(b, leader, epoch int) verdict.Step {
	s := verdict.Step{Action: "BrokerLearns", Params: model.Params{Broker: model.BrokerID(b), Leader: model.BrokerID(leader)}}
	if epoch >= 0 {
		s.Params.Epoch = &epoch
	}
	return s
}

func TestDecisionOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		step         verdict.Step
		learnt, want int
	}{
		{learns(2, 2, 1), 1, 1},
		{learns(1, 1, 2), 1, 2},  // reads over the epoch of b2
		{learns(3, 1, -1), 1, 2}, // by the leader alone
		{learns(3, 1, 1), 1, 2},  // the epoch is a rank: another leader's
		{learns(3, 3, 3), 2, 3},
		{learns(3, 2, 1), 2, -1}, // learnt before
	} {
		if got := moves().decisionOf(&c.step, c.learnt); got != c.want {
			t.Errorf("b%d learns of b%d with %d learnt: decision %d, want %d", c.step.Params.Broker, c.step.Params.Leader, c.learnt, got, c.want)
		}
	}
}

func TestReadsOver(t *testing.T) {
	t.Parallel()
	rp := moves(learns(2, 2, 1), learns(1, 1, 2), learns(3, 2, 1), learns(3, 1, 2))
	for _, c := range []struct {
		b, decision int
		want        bool
	}{
		{1, 1, true},  // it learns that it leads again, and never that it did not
		{1, 2, false}, // that it learns
		{2, 1, false},
		{3, 1, false}, // one by one
		{1, 0, false}, // that it knows
	} {
		if got := rp.readsOver(c.b, c.decision); got != c.want {
			t.Errorf("b%d reads over decision %d: %v, want %v", c.b, c.decision, got, c.want)
		}
	}
}

// TestMovesAreDelayed: a move is played before the first step in which somebody learns of it.
func TestMovesAreDelayed(t *testing.T) {
	t.Parallel()
	move := func(to int) verdict.Step {
		return verdict.Step{Action: "LeaderMoves", Params: model.Params{Broker: model.BrokerID(to)},
			Changes: []verdict.Change{{What: "leader", Kind: model.KindBroker, To: model.Value{Broker: model.BrokerID(to)}}}}
	}
	steps := []verdict.Step{move(2), move(1), move(3), {Action: "LeaderAppends"}, learns(1, 1, 2), learns(2, 2, 1), learns(2, 1, 2),
		{Action: "FollowerFetches"}, learns(1, 3, 3)}
	for i := range steps {
		steps[i].N = i + 1
	}
	got := newTrace(&verdict.Result{Steps: steps, Initial: []verdict.Value{{What: "leader", Is: model.Value{Broker: 1}}}})
	var order []int
	for _, s := range got.steps {
		order = append(order, s.N)
	}
	if want := []int{4, 1, 2, 5, 6, 7, 8, 3, 9}; !slices.Equal(order, want) {
		t.Errorf("played in the order %v, want %v", order, want)
	}
	if want := []int{1, 2, 1, 3}; !slices.Equal(got.leaders, want) {
		t.Errorf("leaders %v, want %v", got.leaders, want)
	}
}
