package tlaexamples

import "github.com/kcheck/kcheck/explore"

// BackedUp is two-phase commit with a backup transaction manager as in 2PCwithBTM.cfg: three resource managers, of which
// one may fail, and a transaction manager that fails in the end.
type BackedUp struct{}

const backedUp = 3

// Backup is a state of BackedUp.
type Backup struct {
	RM           [backedUp]uint8 // rmWorking to rmFailed
	Done         uint8           // the set of resource managers that have ended
	Decision     uint8           // tmInit to tmHidden
	TM, BackupTM uint8           // pcStart to pcDone
}

const rmFailed = rmAborted + 1

// What resource managers see of the transaction manager.
const (
	tmInit = iota
	tmCommit
	tmAbort
	tmHidden
)

// Labels of a transaction manager: TS or BTS, TC or BTC, TA or BTA, F1 and F2.
const (
	pcStart = iota
	pcCommit
	pcAbort
	pcFail
	pcDone
)

const (
	backupRM = iota
	backupTM
	backupBTM
	backupEnd
)

// Transitions implements explore.Model.
func (BackedUp) Transitions() []explore.Transition {
	return names("RManager", "TManager", "BTManager", "Terminating")
}

// Initial implements explore.Model.
func (BackedUp) Initial(dst []Backup) []Backup { return append(dst, Backup{}) }

// Successors implements explore.Model.
func (BackedUp) Successors(s *Backup, dst []explore.Successor[Backup]) []explore.Successor[Backup] {
	l := successors[Backup]{s, dst}
	for rm := range backedUp {
		s.manage(&l, rm)
	}
	s.transactionManager(&l)
	s.backupManager(&l)
	if s.Done == 1<<backedUp-1 && s.TM == pcDone && s.BackupTM == pcDone {
		l.stay(backupEnd, 1)
	}
	return l.all
}

// manage are the steps of a resource manager that has not ended.
func (s *Backup) manage(l *successors[Backup], rm int) {
	state := s.RM[rm]
	if s.Done>>rm&1 == 1 {
		return
	}
	if state > rmPrepared {
		l.add(backupRM).Done |= 1 << rm
		return
	}
	if state == rmWorking {
		l.add(backupRM).RM[rm] = rmPrepared
		l.add(backupRM).RM[rm] = rmAborted
	}
	if s.Decision == tmCommit {
		l.add(backupRM).RM[rm] = rmCommitted
	}
	if s.Decision == tmAbort {
		l.add(backupRM).RM[rm] = rmAborted
	}
	if t := l.add(backupRM); s.count(rmFailed) == 0 {
		t.RM[rm] = rmFailed
	}
}

// count is how many resource managers are in a state.
func (s *Backup) count(state uint8) int {
	n := 0
	for _, x := range s.RM {
		if x == state {
			n++
		}
	}
	return n
}

// ways counts the ways in which a decision is justified: to commit, for each resource manager that it is prepared or one
// has committed (the quantifier in the original reaches that far); to abort, that one has aborted or failed and none has
// committed.
func (s *Backup) ways() (commit, abort int) {
	committed := s.count(rmCommitted)
	if committed == 0 {
		abort = s.count(rmAborted) + s.count(rmFailed)
	}
	commit = 1
	for _, x := range s.RM {
		if x == rmPrepared {
			commit *= committed + 1
		} else {
			commit *= committed
		}
	}
	return commit, abort
}

func (s *Backup) transactionManager(l *successors[Backup]) {
	switch s.TM {
	case pcStart:
		commit, abort := s.ways()
		for range commit {
			l.add(backupTM).TM = pcCommit
		}
		for range abort {
			l.add(backupTM).TM = pcAbort
		}
	case pcCommit, pcAbort:
		t := l.add(backupTM)
		t.Decision, t.TM = s.TM, pcFail
	case pcFail:
		t := l.add(backupTM)
		t.Decision, t.TM = tmHidden, pcDone
	}
}

func (s *Backup) backupManager(l *successors[Backup]) {
	switch s.BackupTM {
	case pcStart:
		if commit, abort := s.ways(); s.Decision == tmHidden {
			for range commit {
				l.add(backupBTM).BackupTM = pcCommit
			}
			for range abort {
				l.add(backupBTM).BackupTM = pcAbort
			}
		}
	case pcCommit, pcAbort:
		t := l.add(backupBTM)
		t.Decision, t.BackupTM = s.BackupTM, pcDone
	}
}

// Consistent says that no resource manager has committed while another has aborted.
func (BackedUp) Consistent(s *Backup) bool {
	return s.count(rmCommitted) == 0 || s.count(rmAborted) == 0
}
