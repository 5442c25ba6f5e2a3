package kafkaconf

// Sources of what is known of share groups (KIP-932).
const (
	docShare      = "Kafka documentation, share groups (KIP-932)"
	docShareCount = "SharePartition, InFlightState (4.2 to 4.4)"
)

// shareRows are the settings of share groups: what kafka-configs --entity-type groups sets, the brokers' defaults of it,
// the settings of a KafkaShareConsumer, and what its application does.
var shareRows = []row{
	{
		part: Group, name: "share.auto.offset.reset",
		bearing: Modelled, source: "ShareGroupAutoOffsetResetStrategy; SharePartition.startOffsetDuringInitialization",
		doc:     "where a share group begins that has no start offset for a partition: at the start, or at the end (latest, the default), which skips what is there",
		assumed: "earliest",
		prices: []Price{
			{"earliest", Cost{1, 0, 1, 0, "a group that is new to a partition reads everything that is there", docShare}},
			{"latest", risky(1, 2, "a group that is new to a partition skips what is there", docShare)},
		},
	},
	{
		part: Group, name: "share.delivery.count.limit",
		bearing: Modelled, source: docShareCount + "; GroupConfig (4.3, KIP-1240)",
		doc: "how often a record is delivered before it is archived without a word, or goes to the dead-letter queue; the brokers' before 4.3",
		prices: []Price{
			{"10", Cost{1, 0, 1, 0, "a record that cannot be processed is delivered more often", docShare}},
			{"5", free(1, "a record is archived after five deliveries", docShare)},
			{"2", risky(1, 2, "a record is archived after two deliveries, with all that were acquired together with it", docShareCount)},
		},
	},
	{
		part: Group, name: "errors.deadletterqueue.topic.name",
		bearing: Modelled, source: "KIP-1191 (4.4); ShareGroupDLQStateManager",
		doc: "the topic that takes what is rejected, or has no delivery left; without one such records are archived alone",
		prices: []Price{
			{"dlq.records", free(2, "a topic takes what is rejected or has no delivery left; it must exist and allow it", "KIP-1191")},
		},
	},
	{
		part: Group, name: "errors.deadletterqueue.copy.record.enable",
		bearing: Explained, source: "KIP-1191 (4.4)",
		doc: "whether the dead-letter queue has key and value of a record, and not only where it was",
	},
	{
		part: Group, name: "share.record.lock.duration.ms",
		bearing: Explained, source: "SharePartition.releaseAcquisitionLockOnTimeout",
		doc: "for how long a member has a record acquired; a lock that ends while the member works is the fault lock-timeout",
	},
	{
		part: Group, name: "share.renew.acknowledge.enable",
		bearing: Explained, source: "KIP-1222 (4.2), KIP-1240 (4.3)",
		doc: "whether a member may restart the timer of its lock (RENEW); there is no clock, and a lock that ends is the fault lock-timeout",
	},
	{
		part: Group, name: "share.isolation.level",
		bearing: Explained, source: "ShareFetchUtils; SharePartition.maybeFilterAbortedTransactionalAcquiredRecords",
		doc: "whether a share group gets records of open and aborted transactions; read_uncommitted by default",
	},
	{
		part: Group, name: "share.partition.max.record.locks",
		bearing: Explained, source: "SharePartition.lastOffsetAndMaxRecordsToAcquire",
		doc: "how many records are in flight between the start offset and the end; 100 at least, which the model does not reach",
	},
	{
		part: Group, name: "share.session.timeout.ms",
		bearing: Explained, source: "GroupConfig",
		doc: "how long a member without heartbeats stays in the group; its records are released when its connection breaks",
	},
	{
		part: Group, name: "share.heartbeat.interval.ms",
		bearing: Explained, source: "GroupConfig",
		doc: "how often a member shows that it is alive",
	},
	{
		part: Broker, name: "group.share.delivery.count.limit",
		bearing: Modelled, source: docShareCount,
		doc: "share.delivery.count.limit of groups that have none; the only one before 4.3",
	},
	{
		part: Broker, name: "group.share.max.delivery.count.limit",
		bearing: Checked, source: "GroupConfig.evaluate (4.3)",
		doc: "a larger share.delivery.count.limit of a group counts as this",
	},
	{
		part: Broker, name: "group.share.min.delivery.count.limit",
		bearing: Checked, source: "GroupConfig.evaluate (4.3)",
		doc: "a smaller share.delivery.count.limit of a group counts as this",
	},
	{
		part: Broker, name: "group.share.record.lock.duration.ms",
		bearing: Explained, source: "SharePartition",
		doc: "share.record.lock.duration.ms of groups that have none",
	},
	{
		part: Broker, name: "share.coordinator.state.topic.replication.factor",
		bearing: Explained, source: "ShareCoordinatorConfig",
		doc: "how many copies there are of what share groups have acknowledged; a lost or older state is the fault offset-lost",
	},
	{
		part: Broker, name: "share.coordinator.state.topic.min.isr",
		bearing: Explained, source: "ShareCoordinatorConfig",
		doc: "how many copies an acknowledgement waits for; a lost or older state is the fault offset-lost",
	},
	{
		part: Consumer, name: "share.acknowledgement.mode",
		bearing: Checked, source: "ShareAcknowledgementMode, ShareConsumerImpl",
		doc: "whether a share consumer's next poll accepts what the last one returned (implicit, the default), or the application says what became of each record",
	},
	{
		part: Consumer, name: "share.acquire.mode",
		bearing: Modelled, source: "ShareAcquireMode (4.2); SharePartition.acquire",
		doc: "whether a share consumer's poll takes whole batches, or max.poll.records at most (record_limit): what is delivered together is archived together near the limit",
		prices: []Price{
			{"record_limit", Cost{1, 0, 1, 0, "a poll acquires max.poll.records at most, and fetches nothing ahead", docShare}},
		},
	},
	{
		part: App, name: "share", kind: "string", valid: "none|implicit|explicit", value: "none",
		bearing: Modelled,
		doc:     "whether the consumer is a share group's (KIP-932), and how it acknowledges",
		values:  shareValues,
	},
	{
		part: App, name: "share-on-exception", kind: "string", valid: "release|reject|nothing", value: "release",
		bearing: Modelled,
		doc:     "what an explicit share consumer says of a record whose processing throws",
		only:    Sink,
		values:  shareOnExceptionValues,
		prices: []Price{
			{"release", free(2, "a record whose processing throws is delivered again, up to the limit", docShare)},
			{"reject", risky(2, 2, "a record whose processing throws is archived", docShare)},
			{"nothing", Cost{2, 1, 0, 0, "the consumer is closed after an exception, which releases the record", docShare}},
		},
	},
	{
		part: Scope, name: "members", kind: "int", valid: "1..2", value: "2",
		bearing: Modelled,
		doc:     "how many members the share group has",
	},
}

var shareValues = []ValueDoc{
	{
		Value: "none",
		Text:  "The consumer is one of a consumer group: it commits offsets, and one member has the partition.",
		Code:  `var consumer = new KafkaConsumer<String, String>(props);`,
	},
	{
		Value: "implicit",
		Text: "The next poll(), commitSync() or commitAsync() accepts everything that the last poll() returned. An exception " +
			"that is caught in the loop is accepted too.",
		Code: `var consumer = new KafkaShareConsumer<String, String>(props);   // share.acknowledgement.mode=implicit, the default
while (true) for (var record : consumer.poll(timeout)) process(record);`,
	},
	{
		Value: "explicit",
		Text:  "The application says of each record what became of it before it polls again: ACCEPT, RELEASE, REJECT, or RENEW for more time.",
		Code: `// share.acknowledgement.mode=explicit
for (var record : consumer.poll(timeout)) {
  try { process(record); consumer.acknowledge(record, AcknowledgeType.ACCEPT); }
  catch (Exception e) { consumer.acknowledge(record, AcknowledgeType.RELEASE); }
}
consumer.commitSync();`,
	},
}

var shareOnExceptionValues = []ValueDoc{
	{
		Value: "release",
		Text:  "The record is delivered again, to any member, until it has no delivery left.",
		Code:  `catch (Exception e) { consumer.acknowledge(record, AcknowledgeType.RELEASE); }`,
	},
	{
		Value: "reject",
		Text:  "The record is not delivered again: it is archived, or goes to the dead-letter queue where the group has one.",
		Code:  `catch (Exception e) { consumer.acknowledge(record, AcknowledgeType.REJECT); }`,
	},
	{
		Value: "nothing",
		Text:  "The next poll() throws IllegalStateException; closing the consumer releases the record.",
		Code:  `catch (Exception e) { log.error("failed", e); }`,
	},
}
