package explore

// Table builds a model's table of transitions action by action, so that a model
// names its transitions and does not count them:
//
//	var table explore.Table
//	var (
//		send    = table.Add("Send", "")
//		deliver = table.Each("Deliver", "a", "b", "c") // and deliver+1, deliver+2
//	)
//
// It is what [Model].Transitions returns.
type Table []Transition

// Add appends a transition of an action with one binding of its parameters,
// empty for none, and returns its number.
func (t *Table) Add(action, binding string) TransitionID {
	return t.add(Transition{Action: action, Binding: binding})
}

// Each appends a transition of an action for each binding and returns the number
// of the first; the others follow it.
func (t *Table) Each(action string, bindings ...string) TransitionID {
	first := TransitionID(len(*t))
	for _, b := range bindings {
		t.Add(action, b)
	}
	return first
}

// AddFault appends a transition of class [Fault] and returns its number. kind is
// what [Options].Budget counts it as.
func (t *Table) AddFault(kind int, action, binding string) TransitionID {
	return t.add(Transition{Action: action, Binding: binding, Class: Fault, Fault: kind})
}

func (t *Table) add(x Transition) TransitionID {
	*t = append(*t, x)
	return TransitionID(len(*t) - 1)
}

// Names returns the names of transitions, such as those of Result.NeverFired.
func (t Table) Names(ids []TransitionID) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = transitionName(t, id)
	}
	return names
}
