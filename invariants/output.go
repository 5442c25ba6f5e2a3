package invariants

import (
	"fmt"

	"github.com/kcheck/kcheck/model"
)

// Properties of what downstream sees, with app.output: kafka. The messages are the records of the input topic, all of
// them count, and a message is processed when downstream sees its output. Each reason has the word that Jepsen uses:
//
//	property         violated when                                                            Jepsen
//	never-output     nothing but a fault can happen any more and an output was never seen     lost write
//	output-twice     downstream sees the output of a message twice                            duplicate
//	aborted-output   downstream can read an output of an aborted attempt                      aborted read, G1a
//	torn-output      downstream can read a part of a transaction without the rest             torn transaction

var neverOutput = &Property{
	Name:    "never-output",
	Symptom: OutputLost,
	AtRest: func(k *Check, s *model.State) bool {
		return k.Model.OutputStopped(s) || !k.some(func(msg int) bool { return k.unseen(s, msg) && !k.Model.AwaitsPerson(s, msg) })
	},
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		hangs := func(msg int) bool { return k.unseen(&s, msg) && k.Model.Hanging(&s, msg) }
		if k.some(hangs) {
			return "the output of message " + k.first(hangs) +
				" is in a transaction that will never end: the last stable offset stays below it (hanging transaction)"
		}
		return "downstream never sees the output of message " + k.firstUnseen(&s) +
			", and nothing but a fault can happen any more (Jepsen: lost write)"
	},
	Blamed: (*Check).unseen,
}

var outputTwice = &Property{
	Name:    "output-twice",
	Symptom: OutputTwice,
	Always: func(k *Check, s *model.State) bool {
		return !k.some(func(msg int) bool { return k.Model.OutputProcessed(s, msg) > 1 })
	},
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		return fmt.Sprintf("downstream sees the output of message %s twice (Jepsen: duplicate)",
			k.first(func(msg int) bool { return k.Model.OutputProcessed(&s, msg) > 1 }))
	},
	Blamed: func(k *Check, s *model.State, msg int) bool { return k.Model.OutputProcessed(s, msg) > 1 },
}

var abortedOutput = &Property{
	Name:    "aborted-output",
	Symptom: OutputAborted,
	Always:  func(k *Check, s *model.State) bool { return !k.Model.AbortedReadable(s) },
	Reason: func(*Check, *Trace) string {
		return "downstream can read an output of a transaction that was aborted (Jepsen: aborted read, G1a)"
	},
}

var tornOutput = &Property{
	Name:    "torn-output",
	Symptom: OutputTorn,
	Always:  func(k *Check, s *model.State) bool { return !k.Model.TornReadable(s) },
	Reason: func(*Check, *Trace) string {
		return "downstream can read a part of a transaction without the rest (Jepsen: torn transaction)"
	},
}

var outputTwiceInLog = &Property{
	Name:    "output-twice-in-log",
	Symptom: OutputTwice,
	Always:  func(k *Check, s *model.State) bool { return !k.Model.OutputTwiceReadable(s) },
	Reason: func(*Check, *Trace) string {
		return "the output of a message appears twice in what downstream can read"
	},
}

var outputOutOfOrder = &Property{
	Name:    "output-out-of-order",
	Symptom: OutputDisorder,
	Always:  func(k *Check, s *model.State) bool { return k.Model.OutputInOrder(s) },
	Reason: func(*Check, *Trace) string {
		return "downstream first sees the output of a message after that of a later one"
	},
}

var outputUnavailable = &Property{
	Name:    "output-unavailable",
	Symptom: OutputNotInTime,
	AtRest:  (*Check).allSeen,
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		return "downstream never sees the output of message " + k.firstUnseen(&s) + k.standstill(&s)
	},
	Blamed: (*Check).unseen,
}

var outputInterrupted = &Property{
	Name:    "output-interrupted",
	Symptom: OutputNotInTime,
	Stuck:   (*Check).allSeen,
	Reason: func(k *Check, t *Trace) string {
		s := t.Last()
		return "downstream does not see the output of message " + k.firstUnseen(&s) +
			" until something is repaired" + because(k.blocked(&s))
	},
	Blamed: (*Check).unseen,
}

// unseen says that downstream has not seen the output of a message.
func (k *Check) unseen(s *model.State, msg int) bool { return k.Model.OutputProcessed(s, msg) == 0 }

// allSeen says that downstream has seen the output of every message.
func (k *Check) allSeen(s *model.State) bool {
	return !k.some(func(msg int) bool { return k.unseen(s, msg) })
}

// firstUnseen names the first message whose output downstream has not seen.
func (k *Check) firstUnseen(s *model.State) string {
	return k.first(func(msg int) bool { return k.unseen(s, msg) })
}

var outputSeen = &Witness{named("downstream sees an output"), func(k *Check, s *model.State) bool {
	return k.some(func(msg int) bool { return !k.unseen(s, msg) })
}}

var twoOutputsSeen = &Witness{named("downstream sees two outputs"), func(k *Check, s *model.State) bool {
	return len(k.those(func(msg int) bool { return !k.unseen(s, msg) })) >= 2
}}

var outputReadable = &Witness{named("downstream can read an output"),
	func(k *Check, s *model.State) bool { return k.Model.OutputReadable(s) }}
