package model

// BehavioursOf gives the behaviours of a configuration's brokers and clients. It reads the versions, the clients and
// whether the cluster is KRaft; the settings are read by the rules themselves.
func BehavioursOf(c *Config) Behaviours {
	k, p, q := c.Kafka, c.Prod, c.Cons
	java := p.Client == Java
	return Behaviours{
		TruncatesToHighWatermark:      k < V0_11,
		AsksEpochOffset:               k >= V0_11,
		FindsMatchingEpoch:            k >= V2_0,
		IgnoresSameLeader:             k < V2_0,
		FencesByEpoch:                 k >= V2_1,
		ExpandsFromEpochStart:         k >= V2_0,
		SkipsDecisions:                !c.KRaft,
		RestartsUnnoticed:             !c.KRaft,
		BumpsEpochOnShrink:            !c.KRaft || k < V3_6,
		FreezesHighWatermark:          k >= V3_7,
		EffectiveMinISR:               k >= V3_7,
		HonoursUnclean:                !c.KRaft || k >= V3_9,
		FencesAdditions:               k >= V3_6,
		ValidatesPosition:             k >= 20300 && validatesPosition(&q),
		RemembersOneBatch:             k >= V0_11 && k < 10000,
		AcceptsFirstSequence:          k >= 20500,
		BumpsEpochOnSequenceError:     java && p.Version >= 20500 && k >= 20500,
		CommitsUnprocessed:            commitsUnprocessed(c),
		CommitsHandedOff:              q.Client != Sarama && (q.Client != Librdkafka || q.StoreOffsets),
		CommitsOnClose:                q.Client == Java || q.Client == Scala08 || q.Client == Librdkafka && q.StoreOffsets,
		CommitsBeforeHandingOut:       q.Client == KafkaGo,
		HandsOutSingly:                q.Client == Librdkafka || q.Client == Scala08,
		VerifiesTransactionPartitions: c.Txn.PartitionVerify && k >= V3_6,
		BumpsEpochPerTransaction:      c.Txn.Version >= 2,
		FencesByGroupMetadata:         k >= 20500,
	}
}

// commitsUnprocessed: a timer of the library commits what was handed out, processed or not.
func commitsUnprocessed(c *Config) bool {
	switch c.Cons.Client {
	case Librdkafka:
		return c.Cons.StoreOffsets
	case Scala08:
		return true
	case Java:
		return c.Cons.NewProtocol && c.Cons.Version < V4_0
	}
	return false
}

// validatesPosition: the client compares offset and leader epoch after a change of leader (KIP-320).
//
// Java since 2.3 (KAFKA-7747, OffsetsForLeaderEpochClient), librdkafka since 2.1.0 (CHANGELOG), franz-go (pkg/kgo source.go).
func validatesPosition(q *ConsumerConfig) bool {
	switch q.Client {
	case Java:
		return q.Version >= 20300
	case Librdkafka, FranzGo:
		return true
	}
	return false
}
