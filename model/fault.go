package model

import (
	"fmt"
	"sort"
	"strings"
)

// FaultKind is one kind of fault that a budget counts.
type FaultKind uint8

// The fault kinds. FaultDoc says what one occurrence of each does.
const (
	RequestLost FaultKind = iota
	ResponseLost
	Delay
	SendRefused
	ProducerCrash
	BrokerCrash
	PowerLoss
	TotalPowerLoss
	DiskLoss
	CleanRestart
	LeaderMove
	ReplicaLag
	Partition
	SlowBroker
	ConsumerCrash
	ConsumerException
	Rebalance
	OffsetLost
	Retention
	PartitionAdded
	TransactionTimeout
	NumFaults int = iota
)

// faultNames are the names in specs, flags and results, in the order of the constants.
var faultNames = [NumFaults]string{
	"request-lost", "response-lost", "delay", "send-refused", "producer-crash", "broker-crash", "power-loss",
	"total-power-loss", "disk-loss", "clean-restart", "leader-move", "replica-lag", "partition", "slow-broker",
	"consumer-crash", "consumer-exception", "rebalance", "offset-lost", "retention", "partition-added",
	"transaction-timeout",
}

// String is the name of the fault in specs, flags and results.
func (f FaultKind) String() string { return faultNames[f] }

// OfConsumer says that only the consumer meets the fault: it changes nothing for the producer and the brokers.
func (f FaultKind) OfConsumer() bool {
	switch f {
	case ConsumerCrash, ConsumerException, Rebalance, OffsetLost, Retention, PartitionAdded:
		return true
	}
	return false
}

// FaultNames lists the names of all fault kinds in their fixed order.
func FaultNames() []string { return append([]string(nil), faultNames[:]...) }

// ParseFault finds a fault kind by its name.
func ParseFault(name string) (FaultKind, error) {
	for i, n := range faultNames {
		if n == name {
			return FaultKind(i), nil
		}
	}
	return 0, fmt.Errorf("unknown fault %q", name)
}

// Budget says how often each kind of fault may occur in one run.
type Budget [NumFaults]uint8

// MaxOccurrences is the largest number of occurrences of one kind that a budget may hold.
const MaxOccurrences = 7

// StandardBudget is the budget named "standard": one each of the faults that any production system meets. It leaves
// producer-crash out, since what sits in the memory of a producer dies with it under any configuration.
func StandardBudget() Budget {
	var b Budget
	for _, f := range []FaultKind{RequestLost, ResponseLost, BrokerCrash, ReplicaLag, LeaderMove, ConsumerCrash} {
		b[f] = 1
	}
	return b
}

// Total is the number of faults that the budget allows in all.
func (b Budget) Total() int {
	n := 0
	for _, c := range b {
		n += int(c)
	}
	return n
}

// Map gives the budget by fault name, without the kinds that cannot occur.
func (b Budget) Map() map[string]int {
	m := map[string]int{}
	for i, c := range b {
		if c > 0 {
			m[faultNames[i]] = int(c)
		}
	}
	return m
}

// String writes the budget as the --faults flag takes it: "broker-crash=1,leader-move=2", or "none".
func (b Budget) String() string {
	parts := []string{}
	for name, c := range b.Map() {
		parts = append(parts, fmt.Sprintf("%s=%d", name, c))
	}
	if len(parts) == 0 {
		return "none"
	}
	sort.Strings(parts)
	return strings.Join(parts, ",")
}
