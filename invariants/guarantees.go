package invariants

import "github.com/kcheck/kcheck/model"

// lostMeans says what it is to count and to be lost.
const lostMeans = "A message counts, by default, when it was accepted: its latest send has returned to the application " +
	"without an error and no failure of it is, or can still be, reported (counted: acked asks for a success that the " +
	"client reported, counted: attempted for any call of send). It is lost when it is unprocessed and no copy is left " +
	"from which it could be processed - in the producer, on the wire, in the log of any broker, running or not, or in " +
	"the consumer - or when nothing but a fault can happen any more and it is still unprocessed. A consumer that waits " +
	"for a person (auto.offset.reset=none) has lost nothing."

const (
	docDelivery     = "Kafka documentation, Message Delivery Semantics"
	docAvailability = "Kafka documentation, Availability and Durability Guarantees"
)

// guarantees is the registry: one value for each guarantee. A test names the field that one lacks.
var guarantees = []*Guarantee{
	{
		Name:         "at-most-once",
		Claim:        "no message is processed twice",
		Source:       docDelivery,
		Witness:      "a message is processed",
		Counts:       CountsAll,
		Sees:         model.SeesConsumer,
		Sink:         Form{[]*Property{processedTwice}, []*Witness{someProcessed}},
		Output:       Form{[]*Property{outputTwice}, []*Witness{outputSeen}},
		OwedByLog:    []*Property{doubled},
		OutputSplits: true,
	},
	{
		Name:         "at-least-once",
		Claim:        "no counted message is lost",
		Detail:       lostMeans,
		Source:       docDelivery,
		Witness:      "a message counts",
		Counts:       CountsAsked,
		Sees:         model.SeesConsumer,
		Sink:         Form{[]*Property{lost, neverProcessed}, []*Witness{someCounted}},
		Output:       Form{[]*Property{neverOutput}, []*Witness{outputSeen}},
		OwedByLog:    []*Property{lost, unreadable},
		OutputSplits: true,
	},
	{
		Name:    "exactly-once",
		Claim:   "no counted message is lost and no message is processed twice",
		Source:  docDelivery + "; KIP-98",
		Witness: "a message counts, and one is processed",
		Counts:  CountsAsked,
		Sees:    model.SeesConsumer,
		Sink:    Form{[]*Property{lost, neverProcessed, processedTwice}, []*Witness{someCounted, someProcessed}},
		Output: Form{[]*Property{neverOutput, outputTwice, abortedOutput, tornOutput},
			[]*Witness{outputSeen}},
		OwedByLog:    []*Property{lost, unreadable, doubled},
		OutputSplits: true,
	},
	{
		Name:         "no-acked-loss",
		Claim:        "no message whose send was acknowledged is lost",
		Detail:       lostMeans,
		Source:       "Kafka documentation, producer configuration acks",
		Witness:      "a message is acknowledged",
		Counts:       CountsAcked,
		Sees:         model.SeesConsumer,
		Sink:         Form{[]*Property{lost, neverProcessed}, []*Witness{someCounted}},
		Output:       Form{[]*Property{neverOutput}, []*Witness{outputSeen}},
		OwedByLog:    []*Property{lost, unreadable},
		OutputSplits: true,
	},
	{
		Name:    "no-duplicate-in-log",
		Claim:   "no message appears twice in what consumers can read",
		Source:  "KIP-98, idempotent producer guarantees",
		Witness: "a record is readable",
		Counts:  CountsAll,
		Sink:    Form{[]*Property{doubled}, []*Witness{someReadable}},
		Output:  Form{[]*Property{outputTwiceInLog}, []*Witness{outputReadable}},

		OutputSplits: true,
	},
	{
		Name:         "order",
		Claim:        "messages are processed for the first time in the order in which they were first sent",
		Source:       "Kafka documentation, producer configuration max.in.flight.requests.per.connection",
		Witness:      "two messages are processed",
		Counts:       CountsAll,
		Sees:         model.SeesConsumer,
		Sink:         Form{[]*Property{outOfOrder}, []*Witness{twoProcessed}},
		Output:       Form{[]*Property{outputOutOfOrder}, []*Witness{twoOutputsSeen}},
		OwedByLog:    []*Property{readableOutOfOrder},
		OutputSplits: true,
	},
	{
		Name:    "committed-stays",
		Claim:   "a record that a consumer could read is at its offset in every later leader's log",
		Source:  "Kafka documentation, Replication; StrongIsr of the public TLA+ specification",
		Witness: "a record is readable",
		Counts:  CountsAll,
		Sees:    model.SeesExposed,
		Sink:    Form{[]*Property{committedStays}, []*Witness{someReadable}},
		Output:  Form{[]*Property{committedStays}, []*Witness{someReadable}},
	},
	{
		Name:    "log-agreement",
		Claim:   "any two in-sync replicas agree on the offsets below both their high watermarks",
		Source:  "KIP-101, KIP-279; Raft's log matching",
		Witness: "two in-sync replicas have a high watermark above 0",
		Counts:  CountsAll,
		Sink:    Form{[]*Property{logsAgree}, []*Witness{twoHighWatermarks}},
		Output:  Form{[]*Property{logsAgree}, []*Witness{twoHighWatermarks}},
	},
	{
		Name:      "availability",
		Claim:     "unless another fault occurs, every wanted message is acknowledged and processed in the end",
		Source:    docAvailability,
		Witness:   "a message is processed",
		Counts:    CountsAll,
		Sees:      model.SeesConsumer,
		Sink:      Form{[]*Property{unavailable}, []*Witness{someProcessed}},
		Output:    Form{[]*Property{outputUnavailable}, []*Witness{outputSeen}},
		OwedByLog: []*Property{unavailableLog},
	},
	{
		Name:      "uninterrupted",
		Claim:     "no wanted message has to wait for a broker to restart or a partition to heal",
		Source:    docAvailability,
		Witness:   "a message is processed",
		Counts:    CountsAll,
		Sees:      model.SeesConsumer,
		Sink:      Form{[]*Property{interrupted}, []*Witness{someProcessed}},
		Output:    Form{[]*Property{outputInterrupted}, []*Witness{outputSeen}},
		OwedByLog: []*Property{interruptedLog},
	},
}
