// Package matrices holds public tables on replication factor, min.insync.replicas and acks, as their authors state them,
// and judges every cell: README.md has the same tables as kcheck computes them, and the cells where the public ones are
// wrong, each with its counterexample.
//
//	KCHECK_LONG=1 go test ./specs/matrices         compares README.md with what kcheck says now
//	KCHECK_LONG=1 go test ./specs/matrices -update writes it anew
package matrices
