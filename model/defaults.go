package model

// DefaultConfig is a configuration of the newest version at its defaults for the settings that rules read: three
// replicas, acks=all, idempotence, five requests in flight, offsets committed after processing, one message, the
// standard fault budget.
func DefaultConfig() Config {
	c := Config{
		Kafka: Newest,
		KRaft: true,
		Topic: TopicConfig{Replicas: 3, MinISR: 1, ELR: true},
		Prod: ProducerConfig{
			Client: Java, Version: Newest, Acks: AcksAll, Retries: Unlimited, MaxInFlight: 5, Idempotent: true,
			DeliveryTimeout: true, QueueFull: QueueBlocksFails,
		},
		Cons:   ConsumerConfig{Client: Java, Version: Newest},
		Group:  GroupConfig{DeliveryLimit: 5},
		App:    AppConfig{GroupMetadata: true, Attempts: 1, CommitOnRevoke: true},
		Txn:    TxnConfig{Version: 2, PartitionVerify: true},
		Scope:  Scope{Messages: 1},
		Faults: StandardBudget(),
		Bounds: StandardBounds(),
	}
	c.B = BehavioursOf(&c)
	return c
}
