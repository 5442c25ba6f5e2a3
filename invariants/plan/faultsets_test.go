package plan_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants"
	"github.com/kcheck/kcheck/invariants/plan"
	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// lattice is a configuration with kinds of faults.
type lattice struct {
	name      string
	kafka     string
	set       []string
	guarantee string
	kinds     string // with the most of each, as --faults takes it
}

// lattices are small configurations: settings over the defaults, and the kinds of faults that the test looks at. There
// are all guarantees, both cores of the protocol, and each way in which the space is searched.
var lattices = []lattice{
	{"acks-1", "", []string{"producer.acks=1"}, "at-least-once", "broker-crash=1,leader-move=2,request-lost=1,consumer-crash=1,replica-lag=1"},
	{"acks-0", "", []string{"producer.acks=0"}, "no-acked-loss", "request-lost=1,leader-move=1,broker-crash=2"},
	{"acks-all", "", nil, "at-least-once", "broker-crash=2,replica-lag=2,power-loss=1,leader-move=1"},
	{"acks-all-1", "", []string{"topic.min.insync.replicas=1"}, "no-acked-loss", "broker-crash=1,power-loss=2,replica-lag=2,disk-loss=1"},
	{"min-isr-2", "", []string{"topic.min.insync.replicas=2"}, "at-least-once", "disk-loss=2,power-loss=1,total-power-loss=1,rebalance=1"},
	{"min-isr-2-available", "", []string{"topic.min.insync.replicas=2"}, "uninterrupted", "broker-crash=2,clean-restart=2,partition=1,slow-broker=1"},
	{"available", "", nil, "availability", "disk-loss=2,broker-crash=1,replica-lag=2,offset-lost=1"},
	{"consumer", "", nil, "at-most-once", "consumer-crash=1,rebalance=1,offset-lost=1,response-lost=1,delay=1"},
	{"consumer-default", "", []string{"consumer.enable.auto.commit=true", "app.commit=auto"}, "exactly-once", "consumer-crash=2,rebalance=2,broker-crash=1"},
	{"latest", "", []string{"consumer.auto.offset.reset=latest"}, "at-least-once", "offset-lost=1,broker-crash=2,leader-move=1,consumer-crash=1"},
	{"latest-twice", "", []string{"consumer.auto.offset.reset=latest", "app.effect=idempotent"}, "at-most-once", "offset-lost=1,partition-added=1,broker-crash=1,leader-move=1"},
	{"latest-new", "", []string{"consumer.auto.offset.reset=latest", "app.group=new"}, "at-least-once", "broker-crash=1,leader-move=1"},
	{"unclean", "", []string{"topic.unclean.leader.election.enable=true"}, "at-least-once", "broker-crash=2,replica-lag=2,clean-restart=1"},
	{"2.8", "2.8", []string{"producer.acks=1", "producer.enable.idempotence=false"}, "exactly-once", "response-lost=1,broker-crash=1,leader-move=1,delay=1"},
	{"0.10", "0.10", []string{"producer.acks=all", "topic.min.insync.replicas=2"}, "committed-stays", "broker-crash=2,leader-move=2,replica-lag=2"},
	{"0.10-agreement", "0.10", nil, "log-agreement", "broker-crash=3,replica-lag=1,leader-move=1"},
	{"0.11", "0.11", []string{"producer.acks=all", "topic.min.insync.replicas=2"}, "at-least-once", "broker-crash=2,replica-lag=1"},
	{"retries", "", []string{"producer.enable.idempotence=false"}, "no-duplicate-in-log", "response-lost=2,request-lost=1,delay=1,producer-crash=1"},
	{"one-replica", "", []string{"topic.replication.factor=1"}, "at-least-once", "broker-crash=1,power-loss=1,retention=1,send-refused=1"},
	{"two-replicas", "", []string{"topic.replication.factor=2", "topic.min.insync.replicas=2"}, "uninterrupted", "broker-crash=1,replica-lag=2,consumer-crash=1"},
	{"transaction", "", []string{"app.effect=transactional"}, "exactly-once", "consumer-crash=2,broker-crash=1,leader-move=1"},
	{"order", "", []string{"producer.enable.idempotence=false", "scope.messages=2"}, "order", "request-lost=1,leader-move=1,rebalance=1"},
	{"output", "", []string{"app.output=kafka", "producer.transactional.id=t"}, "exactly-once", "consumer-crash=1,transaction-timeout=1,request-lost=1,rebalance=1"},
	{"output-broker", "", []string{"app.output=kafka", "producer.acks=1", "producer.enable.idempotence=false"}, "at-least-once", "broker-crash=1,response-lost=1"},
}

// prepared is a check of one of the lattices, under a budget.
func prepared(t *testing.T, i int, budget []int) *invariants.Check {
	t.Helper()
	l := lattices[i]
	request := kafkaconf.Request{Kafka: l.kafka, Messages: "1", Faults: l.kinds}
	request.Set = append([]string{}, l.set...)
	if slices.Contains(l.set, "scope.messages=2") {
		request.Messages = ""
	}
	resolved, err := kafkaconf.Load(request)
	problems := kafkaconf.ProblemsOf(resolved, err)
	if problems.Failed() || len(resolved.Refused) > 0 {
		t.Fatalf("%v", problems)
	}
	c := resolved.Config
	for i, n := range budget {
		c.Faults[i] = uint8(n)
	}
	k, err := invariants.Prepare(l.guarantee, c, model.CountAccepted)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// budgetOf is the budget of a check as the engine takes it.
func budgetOf(k *invariants.Check) []int {
	var budget []int
	for _, n := range k.Model.Config().Faults {
		budget = append(budget, int(n))
	}
	return budget
}

// bruteForce checks every set of at most upTo faults as a budget of its own, without any split, and lists the minimal
// ones that violate, with the steps of the counterexample.
func bruteForce(t *testing.T, i, upTo int, budget []int) []string {
	t.Helper()
	var minimal [][]int
	var lines []string
	for size := 0; size <= upTo; size++ {
		for _, set := range plan.SetsOf(budget, size) {
			if slices.ContainsFunc(minimal, func(m []int) bool { return subset(m, set) }) {
				continue
			}
			k := prepared(t, i, set)
			o := explore.Options[model.State]{Budget: set, Bound: k.Model.BoundHit, Dominance: true}
			r, err := explore.Check(context.Background(), k.Spec(o))
			if err != nil || r.Violation == nil && r.Stopped != explore.Exhausted {
				t.Fatalf("%v: %v", set, err)
			}
			if r.Violation != nil {
				minimal = append(minimal, set)
				lines = append(lines, fmt.Sprint(set, r.Violation.Steps))
			}
		}
	}
	slices.Sort(lines)
	return lines
}

func subset(a, b []int) bool {
	for i := range a {
		if a[i] > b[i] {
			return false
		}
	}
	return true
}

// TestFaultSets compares the search over the lattice with one check for each set of up to three faults. It follows that
// every fault of a minimal set is necessary: without it the brute force found no violation.
func TestFaultSets(t *testing.T) {
	t.Parallel()
	upTo := 3
	if os.Getenv("KCHECK_LONG") == "" { // three with KCHECK_LONG=1
		upTo = 2
	}
	for i, l := range lattices {
		t.Run(l.name, func(t *testing.T) {
			budget := budgetOf(prepared(t, i, nil))
			begin := time.Now()
			got := sets(t, i, upTo)
			lattice := time.Since(begin)
			want := bruteForce(t, i, upTo, budget)
			if !slices.Equal(got, want) {
				t.Errorf("the search found\n%v\nbrute force\n%v", got, want)
			}
			t.Logf("%d minimal sets; %v, brute force %v", len(want), lattice, time.Since(begin)-lattice)
		})
	}
}

// TestFaultSetsOpenEnds leaves all paths after the last fault open: what they break is found all the same.
func TestFaultSetsOpenEnds(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"acks-1", "min-isr-2-available", "unclean", "two-replicas"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(lattices, func(l lattice) bool { return l.name == name })
			k := prepared(t, i, nil)
			shared := plan.NewLattices(k)
			shared.SetMaxPath(-1)
			if got, want := setsOf(t, shared, k, 2), sets(t, i, 2); !slices.Equal(got, want) {
				t.Errorf("with open ends the search found\n%v\nand without\n%v", got, want)
			}
		})
	}
}

// TestFaultSetsCutShort ends searches early, each later than the one before, and checks that what they claim is so: the
// sets are minimal, and of at most Decided faults there are no others.
func TestFaultSetsCutShort(t *testing.T) {
	t.Parallel()
	search := func(ctx context.Context) *plan.FaultSets {
		k := prepared(t, 0, nil)
		r, err := plan.FindFaultSets(ctx, k, explore.Options[model.State]{Budget: budgetOf(k), MaxFaults: 3, Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	has := func(r *plan.FaultSets, faults []int) bool {
		return slices.ContainsFunc(r.Sets, func(s plan.FaultSet) bool { return slices.Equal(s.Faults, faults) })
	}
	all := search(context.Background())
	for limit, complete := 100*time.Microsecond, false; !complete; limit *= 2 {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		r := search(ctx)
		cancel()
		for _, s := range r.Sets {
			if !has(all, s.Faults) {
				t.Errorf("after %v: %v is no minimal set", limit, s.Faults)
			}
		}
		for _, s := range all.Sets {
			if count(s.Faults) <= r.Decided && !has(r, s.Faults) {
				t.Errorf("after %v: %v is missing, and all sets of %d faults are said to be decided", limit, s.Faults, r.Decided)
			}
		}
		complete = r.Complete
	}
}

func count(faults []int) int {
	n := 0
	for _, c := range faults {
		n += c
	}
	return n
}

// sets are the minimal sets that the search finds, as lines.
func sets(t *testing.T, i, upTo int) []string {
	t.Helper()
	k := prepared(t, i, nil)
	return setsOf(t, plan.NewLattices(k), k, upTo)
}

// setsOf is sets by a search that shares what it finds out.
func setsOf(t *testing.T, shared *plan.Lattices, k *invariants.Check, upTo int) []string {
	t.Helper()
	r, err := shared.Find(context.Background(), k, explore.Options[model.State]{Budget: budgetOf(k), MaxFaults: upTo})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Complete {
		t.Errorf("not complete: %v", r.Stopped)
	}
	var lines []string
	for _, s := range r.Sets {
		if err := explore.ReplayTrace(explore.Model[model.State](s.About.Model), &s.Violation.Trace); err != nil {
			t.Error(err)
		}
		lines = append(lines, fmt.Sprint(s.Faults, s.Violation.Steps))
	}
	slices.Sort(lines)
	return lines
}
