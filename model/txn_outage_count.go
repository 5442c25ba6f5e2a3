package model

// OutageEnds bounds how often, in a run, the wait for an output ends because brokers fail and not because it is answered:
// what the faults of brokers come to for a process that does not see them.
type OutageEnds struct {
	Expiries  int // the time for the delivery runs out
	Aborts    int // the transaction times out before
	Evictions int // the member loses the input partition before
}

// Sum is how many there are of all.
func (e OutageEnds) Sum() int { return e.Expiries + e.Aborts + e.Evictions }

// Max is the larger of two bounds, each by itself.
func (e OutageEnds) Max(o OutageEnds) OutageEnds {
	return OutageEnds{max(e.Expiries, o.Expiries), max(e.Aborts, o.Aborts), max(e.Evictions, o.Evictions)}
}

// OutageEnds counts once for each member in each outage, in a run with at most so many faults of brokers beside so many
// others.
//
// The in-sync set becomes too small only with more faults than it has members to spare, and each such fault begins one
// outage at most; so does a leader that is cut off. Where the application goes on after a failure, an output that no leader
// can take may expire, too, and in any case a transaction that has an output in a log, or a member be evicted. Then any fault
// that takes a leader away, or gives the leadership to another, begins an outage, in which each output may expire if the
// application goes on behind it, and again after another fault. Faults that may occur any number of times are not bounded by
// ofBrokers. An abort after which the same is done again is not counted, nor is an expiry that is followed by that (abortShows):
// TestAbortsThatDoNotShow of package plan compares what rests on it with the plain space.
func (m *Model) OutageEnds(ofBrokers, others int) (e OutageEnds) {
	f := &m.c.Faults
	if f.HasAny() {
		ofBrokers = f.Total()
	}
	withoutLeader := min(ofBrokers, m.leavings(ofBrokers)+m.falls(ofBrokers)+int(f[LeaderMove]))
	each, aborts := withoutLeader*m.members(), min(m.members(), m.ids()) // an outage aborts one transaction of each id
	if m.goesOnAfterFailure() {
		if each > 0 {
			each = (withoutLeader + others) * m.members() * m.c.Scope.Messages
		}
		e.Expiries, e.Aborts = each, each
	} else {
		e.Expiries = m.shortages(ofBrokers, m.c.Prod.DeliveryBeforeLag) * m.members()
		if m.transactional && m.abortShows() && !(m.abortsWaiting() && m.c.Txn.TimeoutFirst) {
			e.Expiries = max(e.Expiries, each)
		}
		e.Aborts = max(withoutLeader, m.shortages(ofBrokers, m.c.Txn.TimeoutBeforeLag)) * aborts
	}
	if !m.abortsWaiting() || !m.abortShows() {
		e.Aborts = 0
	}
	if m.evictsWaiting() {
		e.Evictions = withoutLeader
	}
	if !m.c.Prod.DeliveryTimeout {
		e.Expiries = 0
	}
	return e
}

// leavings and falls are how many of the faults can take one broker away, and all.
func (m *Model) leavings(ofBrokers int) int {
	return min(ofBrokers, m.c.Faults.Where(func(f Fault) bool { return f.Takes == TakesOne || f.Takes == CutsOff }))
}

func (m *Model) falls(ofBrokers int) int {
	return min(ofBrokers, m.c.Faults.Where(func(f Fault) bool { return f.Takes == TakesAll }))
}

// shortages bounds the outages in which a leader that runs gets no answer from the others.
func (m *Model) shortages(ofBrokers int, stalled bool) int {
	leaving, all, spare := m.leavings(ofBrokers), m.falls(ofBrokers), m.n-m.minISR
	n := max(0, leaving-spare) + min(ofBrokers, m.c.Faults.Where(func(f Fault) bool { return f.Takes == CutsOff })) + all
	if all > 0 {
		n += min(leaving, spare)
	}
	if stalled { // a follower that has stopped to fetch
		n += min(ofBrokers, int(m.c.Faults[ReplicaLag]))
	}
	return n
}
