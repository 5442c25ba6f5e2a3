package cluster

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Record is one record of a partition's log: an application's, or the marker that ends a transaction.
type Record struct {
	Offset int
	Epoch  int    // leader epoch in which it was appended
	Value  string // of an application's record
	Marker Marker
	end    int64 // where its batch ends in the segment, in bytes
}

// Marker says whether a record is a transaction marker.
type Marker uint8

// The markers.
const (
	NoMarker Marker = iota
	Commit
	Abort
)

// Parts of a record batch of message format 2 (KIP-98, Kafka 0.11).
const (
	batchPrefix   = 12     // bytes up to and with the field Length
	codecBits     = 0x07   // of Attributes: the compression codec
	controlBit    = 1 << 5 // of Attributes: a control batch
	segmentSuffix = "*.log"
)

// readLog reads the records in the segments of a partition's log. A log that does not exist has none.
func readLog(dir string) ([]Record, error) {
	var all []Record
	files, err := segments(dir)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		records, err := parseSegment(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, records...)
	}
	return all, nil
}

// segments are the files with records, in order of their offsets.
func segments(dir string) ([]string, error) {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	files, err := filepath.Glob(filepath.Join(dir, segmentSuffix))
	slices.Sort(files)
	return files, err
}

// logStart is where a log starts: the offset in the name of its first segment; 0 for no log.
func logStart(dir string) int {
	files, err := segments(dir)
	if err != nil || len(files) == 0 {
		return 0
	}
	start, _ := strconv.Atoi(strings.TrimSuffix(filepath.Base(files[0]), ".log"))
	return start
}

// parseSegment takes a segment apart, up to what is not a whole batch: a broker may be writing it.
func parseSegment(data []byte) ([]Record, error) {
	var all []Record
	for at := 0; ; {
		if magic := magicOf(data[at:]); magic < 2 {
			r, ok := oldMessage(data[at:], magic)
			if !ok {
				return all, nil
			}
			at += int(r.end)
			r.end = int64(at)
			all = append(all, r)
			continue
		}
		var batch kmsg.RecordBatch
		if batch.ReadFrom(data[at:]) != nil || batch.Magic == 0 {
			return all, nil
		}
		at += batchPrefix + int(batch.Length)
		records, err := batchRecords(&batch)
		if err != nil {
			return nil, err
		}
		for i := range records {
			records[i].end = int64(at)
		}
		all = append(all, records...)
	}
}

// magicOf is the magic byte of what comes next: of a message of format 0 or 1 (0.9 and 0.10) or of a record batch; in all of them
// it stands behind offset, size and checksum. Where nothing comes it is that of a batch.
func magicOf(data []byte) byte {
	const magicAt, formatBatch = 16, 2
	if len(data) <= magicAt || binary.BigEndian.Uint32(data[8:]) == 0 {
		return formatBatch
	}
	return data[magicAt]
}

// oldMessage is a message of format 0 or 1 that comes next, if it is whole.
func oldMessage(data []byte, magic byte) (Record, bool) {
	if magic == 0 {
		var m kmsg.MessageV0
		err := m.ReadFrom(data)
		return Record{Offset: int(m.Offset), Value: string(m.Value), end: batchPrefix + int64(m.MessageSize)}, err == nil
	}
	var m kmsg.MessageV1
	err := m.ReadFrom(data)
	return Record{Offset: int(m.Offset), Value: string(m.Value), end: batchPrefix + int64(m.MessageSize)}, err == nil
}

// batchRecords are the records of a batch.
func batchRecords(batch *kmsg.RecordBatch) ([]Record, error) {
	data, err := kgo.DefaultDecompressor().Decompress(batch.Records, kgo.CompressionCodecType(batch.Attributes&codecBits))
	if err != nil {
		return nil, fmt.Errorf("batch at offset %d: %w", batch.FirstOffset, err)
	}
	var all []Record
	for range batch.NumRecords {
		var r kmsg.Record
		if err := r.ReadFrom(data); err != nil {
			return nil, fmt.Errorf("batch at offset %d: %w", batch.FirstOffset, err)
		}
		_, prefix := binary.Varint(data)
		data = data[prefix+int(r.Length):]
		entry := Record{Offset: int(batch.FirstOffset) + int(r.OffsetDelta), Epoch: int(batch.PartitionLeaderEpoch)}
		if batch.Attributes&controlBit == 0 {
			entry.Value = string(r.Value)
		} else if entry.Marker, err = markerOf(r.Key); err != nil {
			return nil, err
		}
		all = append(all, entry)
	}
	return all, nil
}

// markerOf reads the key of a control record.
func markerOf(key []byte) (Marker, error) {
	var k kmsg.ControlRecordKey
	if err := k.ReadFrom(key); err != nil {
		return NoMarker, fmt.Errorf("a control record: %w", err)
	}
	switch k.Type {
	case kmsg.ControlRecordKeyTypeCommit:
		return Commit, nil
	case kmsg.ControlRecordKeyTypeAbort:
		return Abort, nil
	}
	return NoMarker, nil
}

// truncateLog cuts a partition's log to the records below an offset, as a loss of power does to what was not flushed. What
// else Kafka keeps beside a log it rebuilds from it after an unclean shutdown.
func truncateLog(dir string, end int) error {
	files, err := segments(dir)
	if err != nil || len(files) == 0 {
		return err
	}
	if len(files) > 1 {
		return fmt.Errorf("%s has %d segments; only one can be cut", dir, len(files))
	}
	records, err := readLog(dir)
	if err != nil {
		return err
	}
	if last := len(records) - 1; end > 0 && (last < 0 || records[last].Offset < end-1) {
		return fmt.Errorf("%s has no record at offset %d, which is to survive", dir, end-1)
	}
	size := int64(0)
	for _, r := range records {
		if r.Offset < end {
			size = r.end
		}
	}
	return os.Truncate(files[0], size)
}
