// Package verdict answers one question: does this Kafka configuration keep this guarantee, and if not, what is the
// shortest way in which it is broken?
//
// It is the whole of "kcheck check" as one Go call, so that a service can keep its delivery guarantee as a test beside
// its code:
//
//	result, err := verdict.Check(ctx, verdict.Question{Config: config, Guarantee: "at-least-once"}, verdict.Options{})
//
// [Check] builds the model from the configuration, explores every interleaving of steps and faults within the scope,
// replays the counterexample through the model before it is shown, and returns a [Result]. The types of this package
// are the JSON that the command prints; every other form of a report is rendered from them and from nothing else.
//
// # Verdicts
//
//   - [Holds]: the whole scope was explored and nothing in it breaks the guarantee.
//   - [Violated]: there is a counterexample. It is the minimal one (fewest faults, then fewest steps) if the search
//     was breadth first.
//   - [Vacuous]: the whole scope was explored and the guarantee was never put to the test, since its witness (an
//     acknowledged message, say) cannot be reached.
//   - [Inconclusive]: time, memory or a bound of the model ran out first. It is never reported as a pass.
//   - [Refused]: Kafka itself would not start with this configuration.
package verdict
