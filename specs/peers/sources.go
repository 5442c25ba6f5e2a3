// Package peers holds models that other model checkers run, as files: two of package explore/examples, TwoPhase and
// ReplicatedLog, and three of package model, KafkaCore.tla, KafkaTransactions.tla and ShareGroup.tla. README.md has the measurements.
package peers

import "embed"

// Sources are the models of explore/examples for Spin, Rumur, TLC and Stateright.
//
//go:embed *.pml murphi/*.m *.tla stateright/Cargo.* stateright/src
var Sources embed.FS
