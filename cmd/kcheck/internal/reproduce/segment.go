package reproduce

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// entry is one record of a partition's log: a message, or the control record that ends a transaction.
type entry struct {
	offset  int
	epoch   int
	message string // m1; COMMIT or ABORT
	end     int64  // where its batch ends in the file
}

// batch header fields of message format 2, the only one since Kafka 0.11.
const (
	batchLength     = 8
	batchEpoch      = 12
	batchAttributes = 21
	batchLastDelta  = 23
	batchOverhead   = 61
	controlBatch    = 1 << 5
)

// token finds the message in a record's value.
var token = regexp.MustCompile(`message-(m[1-9])`)

// valueOf is the value of the record of a message.
func valueOf(message string) string { return "message-" + message }

// readLog reads what is in the files of a partition's log. Several records a batch do not occur: producers send each
// record as a batch of its own.
func readLog(dir string) ([]entry, error) {
	var all []entry
	files, err := segments(dir)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		all = append(all, parseBatches(data)...)
	}
	return all, nil
}

// segments are the files with records, in order. A log that does not exist has none.
func segments(dir string) ([]string, error) {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.log"))
	slices.Sort(files)
	return files, err
}

// parseBatches takes a segment apart, up to what is not a whole batch.
func parseBatches(data []byte) []entry {
	var all []entry
	for at := 0; at+batchOverhead <= len(data); {
		b := data[at:]
		size := 12 + int(binary.BigEndian.Uint32(b[batchLength:]))
		if size < batchOverhead || size > len(b) {
			break
		}
		b = b[:size]
		at += size
		all = append(all, entry{
			offset:  int(binary.BigEndian.Uint64(b)),
			epoch:   int(int32(binary.BigEndian.Uint32(b[batchEpoch:]))),
			message: messageIn(b),
			end:     int64(at),
		})
	}
	return all
}

// messageIn names what a batch holds.
func messageIn(b []byte) string {
	if binary.BigEndian.Uint16(b[batchAttributes:])&controlBatch != 0 {
		if bytes.Contains(b[batchOverhead:], []byte{8, 0, 0, 0, 1}) { // key: length 4, version 0, type 1
			return "COMMIT"
		}
		return "ABORT"
	}
	if m := token.FindSubmatch(b[batchOverhead:]); m != nil {
		return string(m[1])
	}
	return "?"
}

// logText writes a log as the model does: "m1@0 m2@1".
func logText(log []entry) string {
	names := make([]string, len(log))
	for i, e := range log {
		names[i] = fmt.Sprintf("%s@%d", e.message, e.offset)
	}
	return strings.Join(names, " ")
}

// truncateLog cuts a partition's log to its first records, as a loss of power does to what was not flushed. What else
// Kafka keeps beside a log it rebuilds from it after an unclean shutdown.
func truncateLog(dir string, keep int) error {
	files, err := segments(dir)
	if err != nil || len(files) == 0 {
		return err
	}
	if len(files) > 1 {
		return fmt.Errorf("%s has %d segments; only one can be cut", dir, len(files))
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		return err
	}
	log := parseBatches(data)
	if keep > len(log) {
		return fmt.Errorf("%s has %d records, %d cannot be kept", dir, len(log), keep)
	}
	end := int64(0)
	if keep > 0 {
		end = log[keep-1].end
	}
	return os.Truncate(files[0], end)
}
