package reproduce

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// batch is a record batch with one record, as far as this package looks at it.
func batch(offset, epoch int, control bool, body string) []byte {
	b := make([]byte, batchOverhead, batchOverhead+len(body))
	b = append(b, body...)
	binary.BigEndian.PutUint64(b, uint64(offset))
	binary.BigEndian.PutUint32(b[batchLength:], uint32(len(b)-12))
	binary.BigEndian.PutUint32(b[batchEpoch:], uint32(epoch))
	if control {
		binary.BigEndian.PutUint16(b[batchAttributes:], controlBatch)
	}
	return b
}

// written is a partition's directory with a log of four records.
func written(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	data := append(batch(0, 0, false, "..message-m1...."), batch(1, 0, true, "\x08\x00\x00\x00\x01")...)
	data = append(append(data, batch(2, 3, false, "message-m2")...), batch(3, 3, true, "\x08\x00\x00\x00\x00")...)
	if err := os.WriteFile(filepath.Join(dir, "00000000000000000000.log"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestLogIsReadAsTheModelWritesIt(t *testing.T) {
	log, err := readLog(written(t))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := logText(log), "m1@0 COMMIT@1 m2@2 ABORT@3"; got != want {
		t.Errorf("read %q, not %q", got, want)
	}
	if log[2].epoch != 3 {
		t.Errorf("leader epoch %d, not 3", log[2].epoch)
	}
}

func TestPowerLossCutsTheLogBetweenBatches(t *testing.T) {
	for keep, want := range []string{"", "m1@0", "m1@0 COMMIT@1", "m1@0 COMMIT@1 m2@2"} {
		dir := written(t)
		if err := truncateLog(dir, keep); err != nil {
			t.Fatal(err)
		}
		log, err := readLog(dir)
		if got := logText(log); err != nil || got != want {
			t.Errorf("%d kept: %q, not %q (%v)", keep, got, want, err)
		}
	}
	if err := truncateLog(written(t), 5); err == nil {
		t.Error("more records kept than there were")
	}
}

func TestHalfABatchAtTheEndIsNoRecord(t *testing.T) {
	dir := written(t)
	file := filepath.Join(dir, "00000000000000000000.log")
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, info.Size()-3); err != nil {
		t.Fatal(err)
	}
	if log, _ := readLog(dir); logText(log) != "m1@0 COMMIT@1 m2@2" {
		t.Errorf("read %q", logText(log))
	}
}

func TestALogThatDoesNotExistIsEmpty(t *testing.T) {
	if log, err := readLog(filepath.Join(t.TempDir(), "none-0")); err != nil || len(log) > 0 {
		t.Errorf("%v, error %v", log, err)
	}
}
