package invariants

import (
	"fmt"

	"github.com/kcheck/kcheck/model"
)

// With app.output: kafka the messages are the records of the input topic, all of them count, and a message is processed
// when downstream sees its output. Each anomaly has the word that Jepsen uses for it in its reason:
//
//	property         never                                                                    Jepsen
//	never-output     nothing but a fault can happen any more and an output was never seen     lost write
//	output-twice     downstream sees the output of a message twice                            duplicate
//	aborted-output   downstream can read an output of an aborted attempt                      aborted read, G1a
//	torn-output      downstream can read a part of a transaction without the rest             torn transaction
//
// exactly-once asks for all four.

// outputGuarantees are the properties of the guarantees with app.output: kafka.
var outputGuarantees = map[string]func(m *model.Model) []property{
	"at-most-once":        notOutputTwice,
	"at-least-once":       notNeverOutput,
	"no-acked-loss":       notNeverOutput,
	"exactly-once":        outputExactlyOnce,
	"no-duplicate-in-log": notOutputTwiceInLog,
	"order":               outputInOrder,
	"committed-stays":     func(m *model.Model) []property { return stays(m, model.CountAccepted) },
	"log-agreement":       func(m *model.Model) []property { return agree(m, model.CountAccepted) },
	"availability":        outputAvailable,
	"uninterrupted":       outputNotInterrupted,
}

// prepareOutput makes the check of a guarantee with app.output: kafka.
func prepareOutput(g Guarantee, m *model.Model, counted model.Counted) *Check {
	k := &Check{Guarantee: g, Model: m, Properties: outputGuarantees[g.Name](m), counted: counted}
	switch g.Name {
	case "committed-stays", "log-agreement":
		k.Witnesses = g.witnesses(m, counted)
	case "no-duplicate-in-log":
		k.Witnesses = []witness{{Name: "downstream can read an output", Reached: m.OutputReadable}}
	case "order":
		k.Witnesses = outputsSeen(m, 2)
	default:
		k.Witnesses = outputsSeen(m, 1)
	}
	return k
}

func outputsSeen(m *model.Model, wanted int) []witness {
	names := [...]string{1: "downstream sees an output", 2: "downstream sees two outputs"}
	return []witness{{Name: names[wanted], Reached: func(s *model.State) bool {
		n := 0
		for msg := range m.Messages() {
			if m.OutputProcessed(s, msg) > 0 {
				n++
			}
		}
		return n >= wanted
	}}}
}

func outputExactlyOnce(m *model.Model) []property {
	all := append(notNeverOutput(m), notOutputTwice(m)...)
	return append(all,
		property{Name: "aborted-output", Invariant: func(s *model.State) bool { return !m.AbortedReadable(s) }},
		property{Name: "torn-output", Invariant: func(s *model.State) bool { return !m.TornReadable(s) }})
}

func notOutputTwice(m *model.Model) []property {
	return []property{{Name: "output-twice", Invariant: func(s *model.State) bool {
		return !some(m, func(msg int) bool { return m.OutputProcessed(s, msg) > 1 })
	}}}
}

func notNeverOutput(m *model.Model) []property {
	return []property{{Name: "never-output", Quiescent: func(s *model.State) bool {
		return m.OutputStopped(s) || allOutput(m, s)
	}}}
}

// allOutput says that downstream has seen the output of every message.
func allOutput(m *model.Model, s *model.State) bool {
	return !some(m, func(msg int) bool { return m.OutputProcessed(s, msg) == 0 })
}

func notOutputTwiceInLog(m *model.Model) []property {
	return []property{{Name: "output-twice-in-log", Invariant: func(s *model.State) bool { return !m.OutputTwiceReadable(s) }}}
}

func outputInOrder(m *model.Model) []property {
	return []property{{Name: "output-out-of-order", Invariant: m.OutputInOrder}}
}

func outputAvailable(m *model.Model) []property {
	return []property{{Name: "output-unavailable", Quiescent: func(s *model.State) bool { return allOutput(m, s) }}}
}

func outputNotInterrupted(m *model.Model) []property {
	return []property{{Name: "output-interrupted", Stuck: func(s *model.State) bool { return allOutput(m, s) }}}
}

// outputReason says in one sentence what a counterexample to a property of the output shows, or nothing.
func (k *Check) outputReason(property string, s *model.State) string {
	m := k.Model
	switch property {
	case "never-output":
		return k.neverOutput(s)
	case "output-twice":
		return fmt.Sprintf("downstream sees the output of message %s twice (Jepsen: duplicate)",
			k.first(func(msg int) bool { return m.OutputProcessed(s, msg) > 1 }))
	case "aborted-output":
		return "downstream can read an output of a transaction that was aborted (Jepsen: aborted read, G1a)"
	case "torn-output":
		return "downstream can read a part of a transaction without the rest (Jepsen: torn transaction)"
	case "output-twice-in-log":
		return "the output of a message stands twice in what downstream can read"
	case "output-out-of-order":
		return "downstream first sees the output of a message after that of a later one"
	case "output-unavailable":
		return "downstream never sees the output of message " + k.unseen(s) +
			because(orElse(m.Standstill(s), "nothing but a fault can happen any more"))
	case "output-interrupted":
		return "downstream does not see the output of message " + k.unseen(s) +
			" until something is repaired" + because(m.Standstill(s))
	}
	return ""
}

func (k *Check) unseen(s *model.State) string {
	return k.first(func(msg int) bool { return k.Model.OutputProcessed(s, msg) == 0 })
}

// neverOutput tells a lost output from one that hangs in a transaction without end.
func (k *Check) neverOutput(s *model.State) string {
	hangs := func(msg int) bool { return k.Model.OutputProcessed(s, msg) == 0 && k.Model.Hanging(s, msg) }
	if some(k.Model, hangs) {
		return "the output of message " + k.first(hangs) +
			" is in a transaction that nobody will end: the last stable offset stays below it (hanging transaction)"
	}
	return "downstream never sees the output of message " + k.unseen(s) +
		", and nothing but a fault can happen any more (Jepsen: lost write)"
}
