package reproduce

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
	"github.com/kcheck/kcheck/model"
)

// valuePrefix is what the values of the messages' records begin with, so that they are told from others.
const valuePrefix = "message-"

// valueOf is the value of the record of a message.
func valueOf(m model.MessageID) string { return valuePrefix + m.String() }

// messageIn is the message whose record has a value, which may be filled up to a size; 0 for none.
func messageIn(value string) model.MessageID {
	var m model.MessageID
	if name, ok := strings.CutPrefix(strings.TrimRight(value, "."), valuePrefix); ok {
		_ = m.UnmarshalText([]byte(name)) // 0 where it is none
	}
	return m
}

// entries are the records of a log as the model has them.
func entries(records []cluster.Record) []model.Entry {
	log := []model.Entry{}
	for _, r := range records {
		e := model.Entry{Offset: r.Offset}
		switch r.Marker {
		case cluster.Commit:
			e.Marker = model.MarkerCommit
		case cluster.Abort:
			e.Marker = model.MarkerAbort
		default:
			e.Message = messageIn(r.Value)
		}
		log = append(log, e)
	}
	return log
}

// logText writes a log for people: "m1@0 COMMIT@1".
func logText(log []model.Entry) string {
	var names []string
	for _, e := range log {
		name := string(e.Marker)
		if name == "" {
			name = e.Message.String()
		}
		names = append(names, fmt.Sprintf("%s@%d", name, e.Offset))
	}
	return strings.Join(names, " ")
}

// setText writes a set of brokers for people.
func setText(brokers []int) string { return "{" + strings.Join(brokerNames(brokers), ",") + "}" }

// brokerNames names brokers as the model does.
func brokerNames(brokers []int) []string {
	names := make([]string, len(brokers))
	for i, b := range brokers {
		names[i] = "b" + strconv.Itoa(b)
	}
	return names
}

// orNothing writes a text for people, and says so where it is empty.
func orNothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}
