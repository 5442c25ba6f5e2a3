package examples

import "github.com/kcheck/kcheck/explore"

// BackupCommit is two-phase commit with a backup of the transaction manager, as
// in 2PCwithBTM.tla of the TLA+ examples, with three resource managers of which
// one may fail, and a manager that fails after it has decided.
type BackupCommit struct {
	actions explore.Table

	prepare, commit, abort, fail, done, tm, backup, terminating explore.TransitionID
}

// Backed is a state of BackupCommit. A resource manager is in one of the states
// Working to Aborted or failed, plus done when its process has ended.
type Backed struct {
	RM         [3]uint8
	TM         uint8 // tmInit, tmCommitted, tmAborted or tmHidden
	PC, Backup uint8 // labels of the manager and of its backup
}

const (
	failed   = 4
	done     = 1 << 3
	tmHidden = 3
)

// Labels of the manager and, up to aborts, of its backup.
const (
	deciding  = iota // TS, BTS
	commits          // TC, BTC
	aborts           // TA, BTA
	fails            // F1
	alsoFails        // F2
	ended
)

// NewBackupCommit returns the model.
func NewBackupCommit() *BackupCommit {
	m := &BackupCommit{}
	t := &m.actions
	m.prepare = t.Each("Prepare", "rm1", "rm2", "rm3")
	m.commit = t.Each("DecideCommit", "rm1", "rm2", "rm3")
	m.abort = t.Each("DecideAbort", "rm1", "rm2", "rm3")
	m.fail = t.Each("Fail", "rm1", "rm2", "rm3")
	m.done = t.Each("Done", "rm1", "rm2", "rm3")
	m.tm = t.Each("TManager", "TS", "TC", "TA", "F1", "F2")
	m.backup = t.Each("BTManager", "BTS", "BTC", "BTA")
	m.terminating = t.Add("Terminating", "")
	return m
}

// Transitions implements explore.Model.
func (m *BackupCommit) Transitions() []explore.Transition { return m.actions }

// Initial implements explore.Model.
func (m *BackupCommit) Initial(dst []Backed) []Backed { return append(dst, Backed{}) }

// Successors implements explore.Model.
func (m *BackupCommit) Successors(s *Backed, out *explore.Out[Backed]) {
	x := expansion[Backed]{s, out}
	over := s.PC == ended && s.Backup == ended
	for i, rm := range s.RM {
		over = over && rm >= done
		switch {
		case rm >= done:
		case rm == Working || rm == Prepared:
			m.manage(&x, i)
		default:
			x.take(m.done, i).RM[i] |= done
		}
	}
	m.decide(&x)
	if over {
		x.take(m.terminating, 0)
	}
}

// manage adds the actions of a resource manager that has not decided. There are
// two ways to abort: by its own decision and by that of the manager.
func (m *BackupCommit) manage(x *expansion[Backed], i int) {
	s := x.from
	if s.RM[i] == Working {
		x.take(m.prepare, i).RM[i] = Prepared
		x.take(m.abort, i).RM[i] = Aborted
	}
	switch s.TM {
	case tmCommitted:
		x.take(m.commit, i).RM[i] = Committed
	case tmAborted:
		x.take(m.abort, i).RM[i] = Aborted
	}
	if to := x.take(m.fail, i); s.count(failed) == 0 {
		to.RM[i] = failed
	}
}

// decide adds the actions of the manager and of the backup, which takes over
// from a manager that has failed.
func (m *BackupCommit) decide(x *expansion[Backed]) {
	s := x.from
	mayCommit, mayAbort := s.canCommit(), s.canAbort()
	switch s.PC {
	case deciding:
		for range mayCommit {
			x.take(m.tm, deciding).PC = commits
		}
		for range mayAbort {
			x.take(m.tm, deciding).PC = aborts
		}
	case commits:
		to := x.take(m.tm, commits)
		to.TM, to.PC = tmCommitted, fails
	case aborts:
		to := x.take(m.tm, aborts)
		to.TM, to.PC = tmAborted, alsoFails
	case fails, alsoFails:
		to := x.take(m.tm, int(s.PC))
		to.TM, to.PC = tmHidden, ended
	}
	switch {
	case s.Backup == deciding && s.TM == tmHidden:
		for range mayCommit {
			x.take(m.backup, deciding).Backup = commits
		}
		for range mayAbort {
			x.take(m.backup, deciding).Backup = aborts
		}
	case s.Backup == commits:
		to := x.take(m.backup, commits)
		to.TM, to.Backup = tmCommitted, ended
	case s.Backup == aborts:
		to := x.take(m.backup, aborts)
		to.TM, to.Backup = tmAborted, ended
	}
}

// count tells how many resource managers are in a state.
func (s *Backed) count(state uint8) (n int) {
	for _, rm := range s.RM {
		if rm&^done == state {
			n++
		}
	}
	return n
}

// canCommit counts the ways to find that every resource manager is prepared or
// some one has committed: for each of the former, the choices of the latter.
func (s *Backed) canCommit() int {
	ways, committed := 1, s.count(Committed)
	for _, rm := range s.RM {
		if rm == Prepared {
			ways *= 1 + committed
		} else {
			ways *= committed
		}
	}
	return ways
}

// canAbort counts the resource managers that have aborted or failed, unless one
// has committed.
func (s *Backed) canAbort() int {
	if s.count(Committed) > 0 {
		return 0
	}
	return s.count(Aborted) + s.count(failed)
}

// Consistent says that no resource manager has committed while another has
// aborted.
func (*BackupCommit) Consistent(s *Backed) bool {
	return s.count(Committed) == 0 || s.count(Aborted) == 0
}
