package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// batch is a record batch with one record, as a broker writes it.
func batch(offset int64, epoch int32, attributes int16, key, value []byte) []byte {
	r := kmsg.Record{Key: key, Value: value}
	r.Length = int32(len(r.AppendTo(nil)) - 1) // its own prefix is one byte
	records := r.AppendTo(nil)
	b := kmsg.RecordBatch{FirstOffset: offset, Length: int32(49 + len(records)), PartitionLeaderEpoch: epoch, Magic: 2,
		Attributes: attributes, NumRecords: 1, Records: records}
	return b.AppendTo(nil)
}

// marker is the batch that ends a transaction.
func marker(offset int64, epoch int32, kind kmsg.ControlRecordKeyType) []byte {
	key := kmsg.ControlRecordKey{Type: kind}
	return batch(offset, epoch, controlBit, key.AppendTo(nil), nil)
}

// written is a partition's directory with a log of four records.
func written(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	data := slices.Concat(batch(0, 0, 0, nil, []byte("one")), marker(1, 0, kmsg.ControlRecordKeyTypeCommit),
		batch(2, 3, 0, nil, []byte("two")), marker(3, 3, kmsg.ControlRecordKeyTypeAbort))
	if err := os.WriteFile(filepath.Join(dir, "00000000000000000000.log"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// text writes records for comparison.
func text(records []Record) string {
	all := ""
	for _, r := range records {
		all += fmt.Sprintf("%d:%d:%s:%d ", r.Offset, r.Epoch, r.Value, r.Marker)
	}
	return all
}

const whole = "0:0:one:0 1:0::1 2:3:two:0 3:3::2 "

func TestReadLog(t *testing.T) {
	t.Parallel()
	records, err := readLog(written(t))
	if got := text(records); err != nil || got != whole {
		t.Errorf("read %q, want %q (%v)", got, whole, err)
	}
}

func TestTruncateLogCutsBetweenBatches(t *testing.T) {
	t.Parallel()
	for end, want := range []string{"", whole[:10], whole[:17], whole[:27]} {
		dir := written(t)
		if err := truncateLog(dir, end); err != nil {
			t.Fatal(err)
		}
		records, err := readLog(dir)
		if got := text(records); err != nil || got != want {
			t.Errorf("up to %d: %q, want %q (%v)", end, got, want, err)
		}
	}
	if err := truncateLog(written(t), 5); err == nil {
		t.Error("records survive that were not there")
	}
}

func TestHalfABatchAtTheEndIsNoRecord(t *testing.T) {
	t.Parallel()
	dir := written(t)
	file := filepath.Join(dir, "00000000000000000000.log")
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, info.Size()-3); err != nil {
		t.Fatal(err)
	}
	if records, err := readLog(dir); err != nil || text(records) != whole[:27] {
		t.Errorf("read %q (%v)", text(records), err)
	}
}

// TestReadLogOfOldMessageFormats reads logs as Kafka 0.8 and 0.10 write them.
func TestReadLogOfOldMessageFormats(t *testing.T) {
	t.Parallel()
	for format, write := range []func(data []byte, offset int64, value string) []byte{
		func(data []byte, offset int64, value string) []byte {
			m := kmsg.MessageV0{Offset: offset, Value: []byte(value)}
			m.MessageSize = int32(len(m.AppendTo(nil)) - batchPrefix)
			return m.AppendTo(data)
		},
		func(data []byte, offset int64, value string) []byte {
			m := kmsg.MessageV1{Offset: offset, Magic: 1, Timestamp: 1, Value: []byte(value)}
			m.MessageSize = int32(len(m.AppendTo(nil)) - batchPrefix)
			return m.AppendTo(data)
		},
	} {
		readOldLog(t, format, write(write(nil, 4, "one"), 5, "two"))
	}
}

// readOldLog reads the first of two messages, of which the second is not whole.
func readOldLog(t *testing.T, format int, data []byte) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "00000000000000000004.log"), data[:len(data)-1], 0o644); err != nil {
		t.Fatal(err)
	}
	records, err := readLog(dir)
	if err != nil || text(records) != "4:0:one:0 " || logStart(dir) != 4 {
		t.Errorf("format %d: read %q from %d on, error %v", format, text(records), logStart(dir), err)
	}
}

func TestALogThatDoesNotExistIsEmpty(t *testing.T) {
	t.Parallel()
	if records, err := readLog(filepath.Join(t.TempDir(), "none-0")); err != nil || len(records) > 0 {
		t.Errorf("%v, error %v", records, err)
	}
}
