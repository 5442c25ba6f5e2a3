package model

// The scenarios with a share group take part in all tests of scenarios: canonical forms, counts, cycles, mutants.
func init() { scenarios = append(scenarios, shareScenarios...) }

var shareScenarios = []scenario{
	{"share: a member crashes", "52 109 12; 76 165 12", Budget{ConsumerCrash: 1}, shared(2)},
	{"share: at the limit", "873 2404 20; 1105 2848 23", Budget{ConsumerCrash: 2}, limited(two(shared(1)), 2)},
	{"share: near the limit", "1463 3527 21; 2059 4503 22", Budget{ConsumerCrash: 4}, limited(two(oneBroker(shared(1))), 4)},
	{"share: two members", "2391 7523 20; 4531 14413 20", Budget{LockTimeout: 1, ConnectionLost: 1}, two(oneBroker(shared(2)))},
	{"share: acknowledged first", "383 865 15; 487 1025 17", Budget{ConnectionLost: 1, LockTimeout: 1}, func(c *Config) {
		two(oneBroker(shared(1)))(c)
		c.App.Commit = CommitBeforeProcessing
	}},
	{"share: implicit", "655 1485 17; 715 1545 17", Budget{ConsumerException: 1, ConsumerCrash: 1}, implicit(two(oneBroker(shared(1))))},
	{"share: implicit, skipped", "14 19 6; 14 19 6", Budget{ConsumerException: 1}, func(c *Config) {
		implicit(oneBroker(shared(1)))(c)
		c.App.SkipOnException = true
	}},
	{"share: implicit, another thread", "1526 4217 19; 3111 8069 20", Budget{ConsumerCrash: 1, LeaderMove: 1}, func(c *Config) {
		implicit(shared(1))(c)
		c.App.Handoff = true
	}},
	{"share: released", "259 555 15; 299 615 16", Budget{ConsumerException: 2}, limited(two(oneBroker(shared(1))), 2)},
	{"share: rejected", "14 19 6; 14 19 6", Budget{ConsumerException: 1}, func(c *Config) {
		oneBroker(shared(1))(c)
		c.App.ShareOnException = ShareReject
	}},
	{"share: nothing said", "20 28 9; 20 28 9", Budget{ConsumerException: 1}, func(c *Config) {
		oneBroker(shared(1))(c)
		c.App.ShareOnException = ShareNothing
	}},
	{"share: acknowledged first, then thrown", "12 16 6; 12 16 6", Budget{ConsumerException: 1}, func(c *Config) {
		oneBroker(shared(1))(c)
		c.App.Commit = CommitBeforeProcessing
	}},
	{"share: implicit, a dead-letter topic", "14 19 6; 14 19 6", Budget{ConsumerException: 1}, func(c *Config) {
		implicit(oneBroker(shared(1)))(c)
		c.App.SkipOnException, c.App.DeadLetter = true, true
	}},
	{"share: dead letters", "41 74 11; 41 74 11", Budget{ConsumerException: 1, SendRefused: 1}, deadLetters},
	{"share: dead letters, the leader moves", "762 1775 17; 1443 3149 18", Budget{ConsumerException: 1, LeaderMove: 1}, deadLetters},
	{"share: the leader moves", "1072 2603 18; 2095 4749 19", Budget{LeaderMove: 1, ConsumerCrash: 1}, limited(shared(1), 2)},
	{"share: the leader is cut off", "2488 6747 22; 4389 10815 23", Budget{Partition: 1, LockTimeout: 1}, limited(shared(1), 2)},
	{"share: a new group", "341 762 15; 628 1305 16", Budget{LeaderMove: 1}, func(c *Config) {
		shared(1)(c)
		c.App.NewGroup, c.Group.Reset = true, ResetLatest
	}},
	{"share: the state is gone", "114 245 14; 114 245 14", Budget{OffsetLost: 2}, oneBroker(shared(1))},
	{"share: retention, two messages", "175 393 13; 183 401 13", Budget{Retention: 1}, two(oneBroker(shared(1)))},
	{"share: retention", "674 1681 18; 1325 3236 19", Budget{Retention: 1, LeaderMove: 1}, shared(1)},
	{"share: a partition is added", "24 36 8; 24 36 8", Budget{PartitionAdded: 1}, func(c *Config) {
		oneBroker(shared(1))(c)
		c.Group.Reset = ResetLatest
	}},
	{"share: a poison record", "187 393 15; 211 429 16", Budget{PoisonRecord: 1}, limited(two(oneBroker(shared(1))), 2)},
	{"share: poison and a crash, dead letters", "96 193 14; 96 193 14", Budget{PoisonRecord: 1, ConsumerCrash: 1}, deadLetters},
	{"share: implicit, stopped in order", "151 309 15; 155 313 15", Budget{AppRestart: 1}, implicit(two(oneBroker(shared(1))))},
	{"share: exits with acknowledgements made", "328 660 15; 349 680 15", Budget{AppRestart: 1}, func(c *Config) {
		two(oneBroker(shared(1)))(c)
		c.App.ExitOnStop = true
	}},
	{"share: an acknowledgement fails", "383 991 16; 687 1805 16", Budget{CommitLost: 1}, two(oneBroker(shared(2)))},
	{"share: the disk is lost", "1756 3435 24; 1901 3635 25", Budget{DiskLoss: 1}, two(oneBroker(shared(1)))},
}

// shared is a share group that acknowledges explicitly after processing, with so many members.
func shared(members int) func(c *Config) {
	return func(c *Config) { c.App.Share, c.Scope.Members = ShareExplicit, members }
}

func implicit(change func(c *Config)) func(c *Config) {
	return func(c *Config) {
		change(c)
		c.App.Share = ShareImplicit
	}
}

func oneBroker(change func(c *Config)) func(c *Config) {
	return func(c *Config) {
		change(c)
		c.Topic.Replicas = 1
	}
}

func limited(change func(c *Config), limit int) func(c *Config) {
	return func(c *Config) {
		change(c)
		c.Group.DeliveryLimit = limit
	}
}

func deadLetters(c *Config) {
	shared(1)(c)
	c.App.ShareOnException, c.Group.DeadLetter = ShareReject, true
}

// The ways in which members fail at a poison record, and are stopped, that the scenarios do not have.
func init() {
	poison := func(name string, change func(c *Config)) {
		rareOutcomes = append(rareOutcomes, scenario{"share: poison, " + name, "", Budget{PoisonRecord: 1}, func(c *Config) {
			oneBroker(shared(1))(c)
			change(c)
		}})
	}
	poison("nothing said", func(c *Config) { c.App.ShareOnException = ShareNothing })
	poison("acknowledged first", func(c *Config) { c.App.Commit = CommitBeforeProcessing })
	poison("implicit", func(c *Config) { c.App.Share = ShareImplicit })
	poison("implicit, skipped", func(c *Config) { c.App.Share, c.App.SkipOnException = ShareImplicit, true })
	poison("implicit, a dead-letter topic", func(c *Config) {
		c.App.Share, c.App.SkipOnException, c.App.DeadLetter = ShareImplicit, true, true
	})
	rareOutcomes = append(rareOutcomes, scenario{"share: stopped in order", "", Budget{AppRestart: 1}, oneBroker(shared(1))})
}
