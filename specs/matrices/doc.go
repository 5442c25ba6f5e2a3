// Package matrices holds public tables on replication factor, min.insync.replicas and acks, as their authors state them,
// and judges every cell: README.md has the same tables as kcheck computes them, and the cells where the public ones are
// wrong, each with its counterexample.
//
//	go test ./specs/matrices -long           compares README.md with what kcheck says now
//	go test ./specs/matrices -long -update   writes it anew
package matrices
