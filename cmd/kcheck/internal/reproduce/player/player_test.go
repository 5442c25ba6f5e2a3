package player

import (
	"slices"
	"testing"
)

func TestLinesOfThePlayer(t *testing.T) {
	t.Parallel()
	var events []Event
	ok, failed := make(chan Answer, 1), make(chan Answer, 1)
	p := &Player{answers: map[int]chan Answer{1: ok, 2: failed}, listen: func(e Event) { events = append(events, e) }}
	for _, line := range []string{
		"ready",
		"event\tp1\tmessage-m1\t\t",
		"event\tp1\tmessage-m2\tTimeoutException\tExpiring 1 record(s)",
		"2\terror\tProducerFencedException\tthere is a newer producer",
		"1\tok\t1 message-m1@0@0",
		"12:00:00.000 WARN NetworkClient: a line of the client's log",
	} {
		p.line(line)
	}
	if a := <-ok; a.Text != "1 message-m1@0@0" || a.Err != nil {
		t.Errorf("first command: %+v", a)
	}
	if a := <-failed; a.Err.Error() != "ProducerFencedException: there is a newer producer" {
		t.Errorf("second command: %+v", a)
	}
	if len(events) != 2 || events[0].Err != nil || events[1].Err.Class != "TimeoutException" || events[1].Message != "message-m2" {
		t.Errorf("events %+v", events)
	}
	if got := p.log.Since(0); !slices.Equal(got, []string{"ready", "12:00:00.000 WARN NetworkClient: a line of the client's log"}) {
		t.Errorf("its log is %q", got)
	}
}

func TestReadRecord(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]Record{"message-m1@0@0": {"message-m1", 0, 0}, "message-m2@17@1": {"message-m2", 17, 1}} {
		if got, err := readRecord(word); err != nil || got != want {
			t.Errorf("%s: %+v, error %v", word, got, err)
		}
	}
	for _, word := range []string{"message-m1", "message-m1@x@0", "message-m1@0@x", ""} {
		if _, err := readRecord(word); err == nil {
			t.Errorf("%q is taken for a record", word)
		}
	}
}
