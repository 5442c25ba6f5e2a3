// Package risk says how likely it is that a guarantee is violated, under given rates of faults and times of steps.
//
// It asks the transition system of package model a second question. Every kind of fault has a rate, every step a mean time,
// all of them exponentially distributed, so that the states form a Markov chain. What the model leaves open without a
// time - which prefix of a log survives, who is elected - is decided by the worst and by the best case: a Markov
// decision process, of which the answer is an interval.
//
//	result, err := risk.Analyze(ctx, question, rates, risk.Options{})
//
// # What is computed
//
// A message is sent to a cluster that has run for long. Its state is that of the chain of the brokers alone, which comes
// back to one state, all brokers in sync, again and again: of the time between two returns each state has its share, and
// in each the message is lost with some probability. So the answer is
//
//	the time between two returns, each moment weighted with the probability that a message sent then is lost
//	--------------------------------------------------------------------------------------------------------
//	                                  the time between two returns
//
// For committed-stays it is the probability that a record is lost between two returns, over the time between them.
//
// # Bounds
//
// The values are bounded from below and from above by interval iteration. No cycle of steps is free of faults, so states are
// swept against the order of the steps, and only what faults lead back takes another sweep. Nothing is ever subtracted,
// and each sum of positive numbers is rounded down for the lower and up for the upper bound: a probability of 10^-15 has
// as many correct digits as one of a half. States are explored in the order of how likely they are. Those that are left
// out count as no loss for the lower bound, and as a loss for the upper.
package risk
