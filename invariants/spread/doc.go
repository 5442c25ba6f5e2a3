// Package spread cuts a long piece of work into lines that are independent of each other, so that any machines can do
// them, and puts the results together again.
//
//	lines, err := spread.Plan("matrix", units, spread.Limits{})  // one JSON object a line
//	spread.Work(ctx, os.Stdin, os.Stdout, options)               // on any machine: a result line for each
//	gathered, err := spread.Gather(lines, results)               // in any order, twice or not at all
//
// A line holds a whole question: the configuration that the model reads, the values with their sources for the report,
// the limits, and which kcheck wrote it. It needs no file of the machine where it was written. It holds no secret, since
// a question holds none: a setting that is not known to be harmless is written as hidden.
//
// [Run] does the same units of work in this process. What a command makes of the answers does not depend on where they
// come from, so it writes the same bytes either way.
package spread
