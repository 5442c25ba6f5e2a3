// Command agree compares the ways in which kcheck can answer a question, over questions drawn at random, until its time is
// up or two answers differ:
//
//	go run ./invariants/agree -for 2m
//	go run ./invariants/agree -seed 42 -questions 100
//	go run ./invariants/agree -seed 42 -from 73 -questions 1
//
// A question is a spec: any release of Kafka, any words that the tables of settings have, of the application too, any
// guarantee, up to three faults. It is answered by the plain search and then with reductions, by several workers, depth
// first, by the search for all minimal sets of faults, with --exhaust, within a larger budget, and with a certificate that
// is verified. All must say the same: verdict, fewest faults, fewest steps, minimal sets. A question whose plain space is
// large is skipped. It is also looked for a cycle without a fault, and for states that the canonical form merges although a
// rule tells them apart.
//
// Where two differ, the question is made smaller as long as they do, and printed as a spec. The exit status is 1 then. The
// seed is printed in any case, and the same seed draws the same questions.
package main
