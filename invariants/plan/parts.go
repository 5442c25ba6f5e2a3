package plan

import "github.com/kcheck/kcheck/explore"

// Part is a check with the faults that are budgeted for it. That a guarantee holds is decided by one, or by several
// together.
type Part struct {
	Check     *Check
	Budget    []int // as the engine takes it
	MaxFaults int   // 0: the budget alone bounds the faults
}

// Parts are the checks that together show that a guarantee holds, if none of them is violated and the witnesses of the
// first are reached: what [Search] explores in place of the product, which that can show too. Where the space is not
// split it is the product alone.
func Parts(k *Check) ([]Part, error) {
	o := options{Strategy: explore.BFS, Budget: Budget(ofConfig(k)), MaxFaults: MaxFaults(ofConfig(k))}
	switch {
	case k.Model.OutputKafka() && splitsOutput(k, o):
		return outputParts(k, o)
	case !k.Model.OutputKafka() && !k.Guarantee.OnLog() && splits(k, o):
		log, err := logPart(k)
		if err != nil {
			return nil, err
		}
		return []Part{{k, consumerBudget(o.Budget), o.MaxFaults}, {log, o.Budget, o.MaxFaults}}, nil
	}
	return []Part{Product(k)}, nil
}

// Product is the check itself, not split.
func Product(k *Check) Part { return Part{k, Budget(ofConfig(k)), MaxFaults(ofConfig(k))} }

func ofConfig(k *Check) *config {
	c := k.Model.Config()
	return &c
}

// outputParts are the process and the coordinator, and the replicas, of a check with app.output: kafka.
func outputParts(k *Check, o options) ([]Part, error) {
	replicas, err := replicasPart(k)
	if err != nil {
		return nil, err
	}
	process, err := processPart(k, most(&o))
	if err != nil {
		return nil, err
	}
	own, theirs := processOptions(k, process, o), withBudget(o, replicas)
	return []Part{{process, own.Budget, own.MaxFaults}, {replicas, theirs.Budget, theirs.MaxFaults}}, nil
}
