package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Files of Windows, with a drive letter and lines that end with a carriage return too, are read and cited like others, and
// code scanning gets them as a URI.
func TestWindowsFiles(t *testing.T) {
	t.Parallel()
	for file, uri := range map[string]string{
		`C:\conf\producer.properties`: "file:///C:/conf/producer.properties",
		`conf\producer.properties`:    "conf/producer.properties",
	} {
		request := kafkaconf.Request{
			PartFiles:  map[kafkaconf.Part]string{kafkaconf.Producer: file},
			ReadFile:   func(string) ([]byte, error) { return []byte("# first\r\nretries=5\r\nacks=1\r\n"), nil },
			Guarantees: []string{"at-least-once"}, Faults: "broker-crash=1", Messages: "1",
		}
		found, err := verdict.CheckFiles(t.Context(), request, verdict.Options{})
		if err != nil {
			t.Fatal(err)
		}
		cause := found.Results[0].Cause
		if len(cause) == 0 || cause[0].Value != "1" || cause[0].Source != file+":3:1" {
			t.Errorf("%s: the cause is %+v", file, cause)
		}
		var out bytes.Buffer
		if err := report.Check(found).Write(&out, "sarif", report.Options{}); err != nil {
			t.Fatal(err)
		}
		for _, place := range sarifPlaces(t, out.Bytes()) {
			if place.ArtifactLocation.URI != uri || place.Region.StartLine < 1 {
				t.Errorf("%s: SARIF says %+v", file, place)
			}
		}
	}
}

// sarifPlace is a place in a file.
type sarifPlace struct {
	ArtifactLocation struct {
		URI string `json:"uri"`
	} `json:"artifactLocation"`
	Region struct {
		StartLine int `json:"startLine"`
	} `json:"region"`
}

// sarifPlaces are the places of all results.
func sarifPlaces(t *testing.T, data []byte) []sarifPlace {
	t.Helper()
	var log struct {
		Runs []struct {
			Results []struct {
				Locations []struct {
					PhysicalLocation sarifPlace `json:"physicalLocation"`
				} `json:"locations"`
			} `json:"results"`
		} `json:"runs"`
	}
	if err := json.Unmarshal(data, &log); err != nil {
		t.Fatal(err)
	}
	var list []sarifPlace
	for _, r := range log.Runs[0].Results {
		for _, l := range r.Locations {
			list = append(list, l.PhysicalLocation)
		}
	}
	if len(list) == 0 {
		t.Fatalf("no places: %s", strings.TrimSpace(string(data)))
	}
	return list
}
