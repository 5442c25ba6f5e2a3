package counterfactual_test

import (
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// However many changes are tried, the files are read a few times: a chart's values may have thousands of lines.
func TestReadsFilesOnce(t *testing.T) {
	t.Parallel()
	reads := 0
	read := func(string) ([]byte, error) {
		reads++
		return []byte("acks=1\nlinger.ms=5\n"), nil
	}
	r := kafkaconf.Request{Files: []string{"producer.properties"}, ReadFile: read, Faults: "broker-crash=1", Messages: "1", Guarantees: []string{"no-acked-loss"}}
	report, err := verdict.CheckFiles(t.Context(), r, verdict.Options{})
	if err != nil || len(report.Results) != 1 || len(report.Results[0].Cause) == 0 {
		t.Fatal(err, report)
	}
	if reads > 5 {
		t.Errorf("the file was read %d times", reads)
	}
}
