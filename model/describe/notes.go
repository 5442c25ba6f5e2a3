package describe

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// Notes says what a reader of the verdict should know about the model that was made for this question: parts that were
// left out, settings that have no effect, and limits.
func Notes(m *model.Model) []string {
	var notes []string
	note := func(on bool, text string) {
		if on {
			notes = append(notes, text)
		}
	}
	c := m.Config()
	output := m.OutputKafka()
	note(output, "the transaction coordinator, the group's offsets and the input topic are taken to be reliable")
	note(output && !m.ReplicatedOutput(), "no fault of a broker is in the budget: the output partition is one broker that does not fail")
	note(m.ReplicatedOutput(), "only the output partition is replicated")
	note(!output && c.Prod.Transactional,
		"the transactions of a producer without app.output: kafka are not in the model: a record counts when it is in the log, "+
			"though a crash can abort what was acknowledged, and a read_committed consumer then never sees it")
	note(c.App.Commit == model.CommitBeforeProcessing && (output || c.Sees&model.SeesConsumer != 0),
		"app.commit: before-processing waits for the commit (commitSync): with commitAsync processing can begin before it, "+
			"and a crash can then repeat it")
	note(losesOffsets(&c, output),
		"faults of brokers act on the followed partition: the group's commits are in __consumer_offsets, whose "+
			"min.insync.replicas is the brokers' (1 by default), and can be lost where its records are not; the fault "+
			"offset-lost asks about that")
	note(!output && c.Prod.Idempotent && c.Prod.Retries != model.Unlimited && c.Prod.Client == model.Java,
		"a batch of an idempotent producer that fails because its retries have run out leaves a gap in the sequence numbers: "+
			"later ones may be refused until delivery.timeout.ms, which is not in the model")
	note(!output && c.Sees&model.SeesConsumer == 0, "the consumer is left out: the question is about the log alone")
	note(c.Topic.UncleanElection && !c.B.HonoursUnclean,
		"unclean.leader.election.enable is ignored by KRaft controllers before 3.9 (KAFKA-12670)")
	note(c.Topic.OldFormat, "the old message format has no leader epochs: followers truncate to their high watermark")
	note(c.ReplicateFromDisk, "followers copy flushed records only (model.replicate-from: disk); Kafka's copy from the page cache")
	if never := m.NotFollowed(); len(never) > 0 {
		note(true, "not followed in a share group, so that the verdict says nothing about it: "+strings.Join(never, ", "))
	}
	if many := m.TooManyAtOnce(); len(many) > 0 {
		n, _ := c.Bounds.Overlap.Limit()
		note(true, fmt.Sprintf("cannot happen with overlap=%d, since more brokers would be away at once: %s", n, strings.Join(many, ", ")))
	}
	return notes
}

// losesOffsets says that a fault of the budget loses records of a broker, so that it could lose committed offsets, too, and
// none asks about that.
func losesOffsets(c *model.Config, output bool) bool {
	loses := c.Faults.Where(func(f model.Fault) bool { return f.Side == model.SideBroker && f.Loses != model.LosesNothing })
	return loses > 0 && c.Faults[model.OffsetLost] == 0 && c.App.Effect != model.EffectTransactional &&
		(output || c.Sees&model.SeesConsumer != 0)
}
