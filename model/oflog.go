package model

// OfLog is a configuration without what only a consumer reads: two configurations that are equal so have the same log in
// the model without a consumer, whatever reads it.
func (c Config) OfLog() Config {
	c.Sees = 0
	c.Cons = ConsumerConfig{}
	a := &c.App
	a.NewGroup, a.Handoff, a.Commit, a.CommitCurrent, a.Effect = false, false, CommitAfterProcessing, false, EffectPlain
	a.CloseOnException, a.SkipOnException, a.DeadLetter, a.Attempts = false, false, false, 0
	a.Parallel, a.CommitPosition, a.OnCommitFailure, a.CommitOnRevoke = false, FinishedPrefix, RetryCommit, false
	if !a.OutputKafka {
		a.GroupMetadata, a.ContinueOnAbort, a.TxnID = false, false, IDPerInstance
	}
	b := &c.B
	b.ValidatesPosition, b.CommitsUnprocessed, b.CommitsHandedOff = false, false, false
	b.CommitsOnClose, b.CommitsBeforeHandingOut, b.HandsOutSingly = false, false, false
	b.IgnoresRecreatedTopic, b.CommitsTopicID, b.ForgetsGroupLeader = false, false, false
	for kind := range c.Faults {
		if FaultKind(kind).OfConsumer() {
			c.Faults[kind] = 0
		}
	}
	if !c.mayRestartProducer() {
		a.ResendOnRestart, a.ExitOnStop, a.NoRestarts = false, false, false
	}
	return c
}

// mayRestartProducer says that the budget has a fault, after the consumer's own are left out, that may end the producer's
// process. Faults of brokers and of requests do not.
func (c *Config) mayRestartProducer() bool {
	for kind, most := range c.Faults {
		switch kind := FaultKind(kind); {
		case most == 0, kind.OfBroker(), kind == RequestLost, kind == ResponseLost, kind == Delay, kind == SendRefused:
		default:
			return true
		}
	}
	return false
}
