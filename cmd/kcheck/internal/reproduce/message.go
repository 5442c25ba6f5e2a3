package reproduce

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/cluster"
)

// valuePrefix is what the values of the messages' records begin with, so that they are told from others.
const valuePrefix = "message-"

// valueOf is the value of the record of a message.
func valueOf(message string) string { return valuePrefix + message }

// messageIn is the message whose record has a value, which may be filled up to a size; "?" for none.
func messageIn(value string) string {
	if m, ok := strings.CutPrefix(strings.TrimRight(value, "."), valuePrefix); ok {
		return m
	}
	return "?"
}

// entryText names a record as the model does: m1, COMMIT or ABORT.
func entryText(r cluster.Record) string {
	switch r.Marker {
	case cluster.Commit:
		return "COMMIT"
	case cluster.Abort:
		return "ABORT"
	}
	return messageIn(r.Value)
}

// logText writes a log as the model does: "m1@0 m2@1".
func logText(log []cluster.Record) string {
	names := make([]string, len(log))
	for i, r := range log {
		names[i] = fmt.Sprintf("%s@%d", entryText(r), r.Offset)
	}
	return strings.Join(names, " ")
}
