package model

// Limit is what a state can hold only so much of. Where a run needs more, it is not followed any further, and no verdict of
// such a model is `holds`.
type Limit uint8

// The limits.
const (
	LogSize        Limit = iota // records of a log
	LeaderEpochs                // leader epochs that somebody is in or may yet learn
	ProducerEpochs              // producer epochs, producer ids and transactional.ids
	NumLimits      int   = iota
)

// String says what there is not enough of.
func (l Limit) String() string {
	return [...]string{"the records that a log of the model holds", "the leader epochs that the model tells apart",
		"the producer epochs that the model tells apart"}[l]
}

// ranOut notes that a limit was hit.
func (s *State) ranOut(l Limit) {
	if !s.control(ctlBoundShift) {
		put(&s[wControl], ctlLimitShift, 2, int(l))
	}
	s.setControl(ctlBoundShift, true)
}

// LimitHit is the limit that was hit in a state for which BoundHit is true.
func (m *Model) LimitHit(s *State) Limit { return Limit(get(s[wControl], ctlLimitShift, 2)) }
