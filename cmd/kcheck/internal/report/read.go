package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// Read reads what the json form wrote. Its errors are one line that says where in the file what is wrong.
func Read(file string, data []byte) (*verdict.Report, error) {
	var report verdict.Report
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, fmt.Errorf("%s: the file is empty; a result of kcheck check --format json is expected", file)
	}
	if err := json.Unmarshal(data, &report); err != nil {
		p := formats.JSONProblem(file, data, err)
		p.Message += "; a result of kcheck check --format json is expected"
		return nil, errors.New(p.String())
	}
	if report.Results == nil {
		if command := commandOf(data); command != "" {
			return nil, fmt.Errorf("%s: a result of kcheck %s; only those of kcheck check can be shown in another form: "+
				"give kcheck %s the --format", file, command, command)
		}
	}
	if err := validated(&report); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &report, nil
}

// commandOf is the command that wrote a document which is no result of kcheck check; "" where none did.
func commandOf(data []byte) string {
	var document map[string]json.RawMessage
	if json.Unmarshal(data, &document) != nil {
		return ""
	}
	for command, key := range map[string]string{
		"resilience": "resilience", "repair": "repairs", "matrix": "matrix", "diff": "diff", "risk": "risk", "fleet": "fleet",
	} {
		if document[key] != nil {
			return command
		}
	}
	return ""
}

// validated says what is wrong with a document that could be read.
func validated(report *verdict.Report) error {
	if report.Kcheck == "" || report.Results == nil {
		return errors.New(`not a result of kcheck: it lacks "kcheck" or "results"; ` +
			"write one with kcheck check --format json")
	}
	if report.Schema != "" && report.Schema != verdict.Schema {
		return fmt.Errorf("a result of kcheck %s in another form (%s); kcheck %s reads %s: check again with this version",
			report.Kcheck, path.Base(report.Schema), verdict.Version, path.Base(verdict.Schema))
	}
	return validateReport(report)
}
