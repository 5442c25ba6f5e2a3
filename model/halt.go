package model

var followerHalts = &Action{
	Name: "FollowerHalts", Time: Timing{Step: "fetch"}, Actor: "broker", Area: AreaReplication, Over: PerBroker,
	Doc: Doc{
		Summary: "FollowerHalts is a follower's process ending because its leader has less than itself.",
		Guard: "Follower and leader run and reach each other, the follower has nothing left to truncate, and its log is longer " +
			"than the leader's; unclean elections are not enabled. So it is before 2.0.1 where a leader that comes back with " +
			"less leads again, or where the follower's high watermark is above the leader's log end.",
		Effect: "As BrokerCrashes, without a fault. The records stay on the follower's disk; started again, it truncates as any " +
			"broker that has just started.",
		Abstracts: "A broker whose high watermark checkpoint has all of its log would halt again as often as it is started, " +
			"until the leader has as much: those starts are no steps. The one followed finds a checkpoint from before.",
		Sources: []string{
			"ReplicaFetcherThread.handleOffsetOutOfRange (0.8.2 to 2.0.0): Runtime.halt; System.exit, which hangs (0.10, KAFKA-4039); " +
				"FatalExitError",
			"KAFKA-7414 (2.0.1: it truncates)",
		},
	},
	Applies: func(m *Model) bool { return m.c.B.HaltsOnTruncation && !m.unclean() },
	Guard: func(m *Model, s *State, b Binding) bool {
		l := m.source(s, b.Broker)
		return l >= 0 && !s.hasFlag(b.Broker, flagTruncating|flagStalled) && m.halts(s, b.Broker, l)
	},
	Effect: func(m *Model, s *State, b Binding) {
		s.setHW(b.Broker, min(s.hw(b.Broker), s.logLen(b.Broker)-1))
		m.stop(s, b.Broker)
		s.setFlag(b.Broker, flagDirty|flagUnclean)
	},
	Text: "{broker} has more than {leader}, which leads, and must not truncate: its process ends",
	Result: func(m *Model, pre *State, b Binding, post *State, p *Params) string {
		p.Leader = brokerID(m.source(pre, b.Broker))
		return ""
	},
	Causes: []Cause{byUnclean},
	Route:  Route{From: "{leader}", To: "{broker}", Label: "offset out of range"},
	Forced: steady,
}

// halts says that the process of follower f ends when it fetches from leader l.
func (m *Model) halts(s *State, f, l int) bool {
	return m.c.B.HaltsOnTruncation && !m.unclean() && s.logLen(f) > s.logLen(l)
}
