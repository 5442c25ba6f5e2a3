package reproduce

import (
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model"
)

// TestSendsAreDelayed: after a change of the leader a send is played just before its message is appended, but stays where what meets all
// that is in flight, or another send, comes between.
func TestSendsAreDelayed(t *testing.T) {
	t.Parallel()
	about := func(action string, m model.MessageID) verdict.Step {
		return verdict.Step{Action: action, Params: model.Params{Message: m}}
	}
	send1, send2 := about("ProducerSends", 1), about("ProducerSends", 2)
	append1, append2, refused2 := about("LeaderAppends", 1), about("LeaderAppends", 2), about("LeaderRefuses", 2)
	refused1 := about("LeaderRefuses", 1)
	lost1 := about("RequestIsLost", 1)
	move := about("LeaderMoves", 0)
	move.Changes = []verdict.Change{{What: "leader", Kind: model.KindBroker, To: model.Value{Broker: 2}}}
	for _, c := range []struct{ steps, want []verdict.Step }{
		{[]verdict.Step{send1, send2, append1, move, append2}, []verdict.Step{send1, append1, move, send2, append2}},
		{[]verdict.Step{send1, send2, append1, append2, move}, []verdict.Step{send1, send2, append1, append2, move}},
		{[]verdict.Step{move, send1, send2, append1, append2}, []verdict.Step{move, send1, append1, send2, append2}},
		{[]verdict.Step{send1, send2, move, refused1, append2, append1}, []verdict.Step{send1, move, send2, refused1, append2, append1}},
		{[]verdict.Step{move, send1, send2, refused1, append1, append2}, []verdict.Step{move, send1, refused1, append1, send2, append2}},
		{[]verdict.Step{move, send1, send2, lost1, append2, append1}, []verdict.Step{move, send1, send2, lost1, append2, append1}},
		{[]verdict.Step{send2, move, refused2, append2}, []verdict.Step{send2, move, refused2, append2}},
		{[]verdict.Step{send1, send2, move, append2, append1}, []verdict.Step{send1, move, send2, append2, append1}},
	} {
		tr := &trace{steps: append([]verdict.Step(nil), c.steps...)}
		tr.delaySends()
		for i := range c.want {
			if tr.steps[i].Action != c.want[i].Action || tr.steps[i].Params.Message != c.want[i].Params.Message {
				t.Errorf("step %d is %s of m%d, want %s of m%d", i, tr.steps[i].Action, tr.steps[i].Params.Message, c.want[i].Action, c.want[i].Params.Message)
			}
		}
	}
}
