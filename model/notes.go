package model

import "fmt"

// Notes says what a reader of the verdict should know about the model that was made for this question: parts that were
// left out, settings that have no effect, and limits.
func (m *Model) Notes() []string {
	var notes []string
	add := func(on bool, format string, args ...any) {
		if on {
			notes = append(notes, fmt.Sprintf(format, args...))
		}
	}
	c := &m.c
	notes = append(notes, m.outputNotes()...)
	add(!m.consumer && !m.output, "the consumer is left out: the question is about the log alone")
	add(c.Topic.UncleanElection && !c.B.HonoursUnclean,
		"unclean.leader.election.enable is ignored by KRaft controllers before 3.9 (KAFKA-12670)")
	add(c.Topic.OldFormat, "the old message format has no leader epochs: followers truncate to their high watermark")
	add(c.ReplicateFromDisk, "followers copy flushed records only, as the seed document has it; Kafka's copy from the page cache")
	return notes
}
