package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// Read reads what the json form wrote. Its errors say what is wrong with the file.
func Read(r io.Reader) (*verdict.Report, error) {
	dec := json.NewDecoder(r)
	var report verdict.Report
	if err := dec.Decode(&report); err != nil {
		return nil, jsonError(err)
	}
	if dec.More() {
		return nil, errors.New("something follows the JSON document; a result is one document")
	}
	if report.Kcheck == "" || report.Results == nil {
		return nil, errors.New(`not a result of kcheck: it lacks "kcheck" or "results"; ` +
			"write one with kcheck check --format json")
	}
	if report.Schema != "" && report.Schema != verdict.Schema {
		return nil, fmt.Errorf("a result of kcheck %s in another form (%s); kcheck %s reads %s: check again with this version",
			report.Kcheck, path.Base(report.Schema), verdict.Version, path.Base(verdict.Schema))
	}
	if err := validateReport(&report); err != nil {
		return nil, err
	}
	return &report, nil
}

// jsonError says in plain words what a decoder complained about.
func jsonError(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("the file is empty; a result of kcheck check --format json is expected")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the file ends in the middle of a JSON document")
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON (byte %d: %v); a result of kcheck check --format json is expected",
			syntax.Offset, err)
	case errors.As(err, &kind):
		return fmt.Errorf("not a result of kcheck: %s is a %s where a %s is expected", kind.Field, kind.Value,
			kind.Type)
	}
	return err
}
