package main

import (
	"fmt"
	"io"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
	"github.com/kcheck/kcheck/model"
)

// unsaid is a public report of a lost, repeated or stuck message that no spec can say, and why.
type unsaid struct{ report, what, why string }

// unsaidReports are the reports that were looked at and have no spec in specs/reports.
var unsaidReports = []unsaid{
	{"debezium dbz#2549", "one event of a source becomes several records, and the position of the first confirms all",
		"the position that a source connector keeps is its own; a spec has a producer and no source before it"},
	{"KAFKA-12468, KAFKA-13659, KAFKA-12566", "MirrorMaker 2 translates a group's offset beyond what is mirrored",
		"there is one cluster; the offsets of another are not translated"},
	{"KAFKA-12508, KAFKA-12693", "a state store of Kafka Streams is ahead of the committed offset, or is lost when a task moves",
		"state stores and changelogs are not followed, only the delivery of records"},
	{"KAFKA-16234, KAFKA-15649", "one of several log directories fails, and the broker makes the partition again, empty, in another",
		"a broker has one log; disk-loss takes it and the broker at once"},
	{"Aiven tiered-storage 663, KAFKA-16073", "a valid offset is answered as out of range, and latest skips the rest",
		"tiered storage is not followed, and a broker answers by its log"},
	{"KAFKA-20507, KAFKA-19902", "an offset is committed or sought without its leader epoch, and is out of range after a truncation",
		"Java's consumer always compares the epoch; an unclean election breaks the guarantees before that can show"},
	{"kafka-connect-storage-cloud 253", "a zombie's object, named by its first offset, replaces a longer one",
		"an effect is added or keyed by message; none overwrites that of others"},
	{"apache/iceberg 17552", "a stale coordinator commits an older offset, which retention has passed later",
		"a commit of the group goes back only with commit-offset: current or a commit that is late"},
	{"aio-libs/aiokafka 848", "a record is slow at every attempt, so that each member is thrown out over it and the group never goes on",
		"a rebalance is a fault of the budget and not what a slow record does each time; that the record is processed again is in specs/reports"},
	{"KAFKA-19012, KAFKA-17862", "the memory of a batch that expired is used again while its request is written",
		"a defect of releases that is a note of the verdict, not a rule"},
	{"KAFKA-19476, KAFKA-20505", "the leader of a share-partition waits for itself, and the partition delivers nothing",
		"a defect of releases; that a record is archived at the limit of deliveries is in specs/share"},
	{"KAFKA-20785", "with transaction.version 2 a commit races the coordinator's abort, and the error ends the thread of Streams",
		"a process replaces its producer at once; that the error is fatal to Streams is not followed"},
	{"KAFKA-12671, franz-go 451, kcl 10", "a late produce request opens a transaction that nobody ends, in a partition that the next one leaves alone",
		"there is one output partition: the nearest is the late EndTxn of transactions/ and known/late-produce-after-abort"},
	{"spring-kafka 3703, KAFKA-19242, spring-kafka 3019", "a commit fails between poll and listener, and what was polled is skipped until a restart",
		"a failed commit is retried, ignored or thrown like a failure of processing; the position is never ahead of what is handed out"},
}

// limits prints what the model covers at most, what it leaves out, and the public reports that no spec can say.
func limits(w io.Writer) error {
	width := screen(w).Width
	fmt.Fprintf(w, "limits\n\n  at most   one partition, %d replicas, %d messages, %d members of the group,\n            %d occurrences of each fault\n\nleft out\n",
		model.MaxReplicas, model.MaxMessages, model.MaxMembers, model.MaxOccurrences)
	for _, text := range model.LeftOut() {
		fmt.Fprintln(w, wrap.Indent(2, 4, "- "+text, width))
	}
	fmt.Fprintln(w, "\npublic reports that no spec can say")
	for _, u := range unsaidReports {
		fmt.Fprintln(w, wrap.Indent(2, 4, fmt.Sprintf("- %s: %s. Why: %s.", u.report, u.what, u.why), width))
	}
	return nil
}
