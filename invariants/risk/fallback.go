package risk

// Fallback is what shows that something was lost or doubled, and what brings it back.
type Fallback struct {
	Loss     string `json:"loss"`
	Detects  string `json:"detects"`
	Restores string `json:"restores"`
	Source   string `json:"source"`
}

// fallbacks are, by guarantee, what is left to do where a risk remains.
var fallbacks = map[string][]Fallback{
	"at-least-once": {
		{"a message dies with the producer's process before a broker has it",
			"reconciliation: counts or ids of source and sink are compared for each interval",
			"outbox: the message is stored with the business data and sent from there until it is acknowledged",
			"C. Richardson, Microservices Patterns (2018), Transactional outbox; Debezium documentation, Outbox event router"},
		lostInCluster, givenUp,
	},
	"no-acked-loss": {lostInCluster},
	"at-most-once":  {doubled},
	"exactly-once":  {lostInCluster, doubled},
	"no-duplicate-in-log": {
		{"a record is in the log twice", "reconciliation by ids: an id occurs twice in the topic", "consumers that ignore an id they know (idempotent effect)",
			"KIP-98, idempotent producer"},
	},
	"committed-stays": {
		{"a record that consumers may have read is gone from the topic",
			"reconciliation by ids: the sink has an id that the topic lacks; consumers see an offset reset (TRUNCATION, KIP-320)",
			"a second cluster (MirrorMaker 2, or stretched over sites) has the record; else it is sent again from the source",
			"Kafka documentation, Geo-Replication; KIP-320"},
	},
}

var lostInCluster = Fallback{"an acknowledged record is in no log any more",
	"reconciliation by counts or ids; offsets that end earlier than before",
	"replay from the source, or from a second cluster (MirrorMaker 2), for the interval that is missing",
	"Kafka documentation, Geo-Replication (Cross-Cluster Data Mirroring); KIP-382"}

var givenUp = Fallback{"the producer gives a message up and the application ignores the error",
	"errors of send() are counted and alerted on",
	"a local dead-letter store that is sent again, or the outbox",
	"Kafka documentation, producer configuration delivery.timeout.ms; Kafka Connect, dead letter queue (KIP-298)"}

var doubled = Fallback{"a message is processed twice", "reconciliation by ids in the sink", "an idempotent effect, keyed by the id of the message",
	"Kafka documentation, Message Delivery Semantics"}
