package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// schemaOf compiles a JSON Schema.
func schemaOf(t *testing.T, name string, data []byte) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// validate checks a document against a schema.
func validate(t *testing.T, schema *jsonschema.Schema, name string, document []byte) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// TestSchema validates every saved result, old ones too, against the published schema.
func TestSchema(t *testing.T) {
	data, err := os.ReadFile("../../../../specs/schema/result-1.json")
	if err != nil {
		t.Fatal(err)
	}
	schema := schemaOf(t, verdict.Schema, data)
	files, _ := filepath.Glob("testdata/*.json")
	for _, file := range files {
		document, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		validate(t, schema, file, document)
		validate(t, schema, file+" written again", []byte(written(t, "json", savedReport(t, file))))
	}
	validate(t, schema, "hostile", []byte(strings.ReplaceAll(written(t, "json", hostile()), `"severity": ""`, `"severity": "error"`)))
	validate(t, schema, "long", []byte(written(t, "json", longReport(t, 10_000))))
	bad, _ := jsonschema.UnmarshalJSON(strings.NewReader(`{"kcheck": "0", "problems": [], "results": [{"verdict": "fine"}]}`))
	if schema.Validate(bad) == nil {
		t.Error("the schema takes anything")
	}
}

// TestSchemaIsComplete checks that the schema has every property that the Go types write.
func TestSchemaIsComplete(t *testing.T) {
	data, err := os.ReadFile("../../../../specs/schema/result-1.json")
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		ID         string                    `json:"$id"`
		Properties map[string]any            `json:"properties"`
		Defs       map[string]map[string]any `json:"$defs"`
	}
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	if s.ID != verdict.Schema {
		t.Errorf("$id is %s, results name %s", s.ID, verdict.Schema)
	}
	for name := range properties(reflect.TypeFor[verdict.Report]()) {
		if s.Properties[name] == nil {
			t.Errorf("the schema lacks %s", name)
		}
	}
	for _, v := range []any{verdict.Result{}, verdict.Step{}, verdict.Change{}, verdict.Setting{}, verdict.Scope{}, verdict.Extent{},
		verdict.Stats{}, verdict.Problem{}, verdict.Action{}, verdict.Signal{}, verdict.Value{}, verdict.Ledger{},
		verdict.Column{}, verdict.Row{}, verdict.Entry{}, verdict.Needed{}, verdict.Branch{}, verdict.Showing{}, verdict.Waiver{}} {
		kind := reflect.TypeOf(v)
		have, _ := s.Defs[strings.ToLower(kind.Name())]["properties"].(map[string]any)
		for name := range properties(kind) {
			if have[name] == nil {
				t.Errorf("the schema of %s lacks %s", kind.Name(), name)
			}
		}
	}
}

// properties are the JSON names of the fields of a type.
func properties(t reflect.Type) map[string]bool {
	names := map[string]bool{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			names[name] = true
		}
	}
	return names
}

// TestSARIF checks what GitHub demands of a SARIF file: a rule for each result, a place for each location, and text
// everywhere. The official schema is checked where the browser tests run, which have it from npm.
func TestSARIF(t *testing.T) {
	for name, report := range map[string]*verdict.Report{"story": savedReport(t, "testdata/story-acks-1.json"),
		"several": savedReport(t, "testdata/several.json"), "refused": savedReport(t, "testdata/refused.json"), "hostile": hostile()} {
		var log sarifLog
		if err := json.Unmarshal([]byte(written(t, "sarif", report)), &log); err != nil {
			t.Fatal(err)
		}
		rules := map[string]bool{}
		for _, r := range log.Runs[0].Tool.Driver.Rules {
			rules[r.ID] = true
		}
		for _, r := range log.Runs[0].Results {
			if !rules[r.RuleID] || r.Message.Text == "" || len(r.Locations) != 1 || r.Fingerprints["kcheck/v1"] == "" {
				t.Errorf("%s: an incomplete result: %+v", name, r)
			}
			for _, f := range r.CodeFlows {
				for _, l := range f.Threads[0].Locations {
					if p := l.Location.Physical; p == nil || p.Artifact.URI == "" || strings.ContainsAny(p.Artifact.URI, " \\") || p.Region.StartLine < 1 {
						t.Errorf("%s: a step without a place: %+v", name, l)
					}
				}
			}
		}
	}
}

// TestFlowFollowsSettings checks that the code flow leads through the line of the setting that a step needs.
func TestFlowFollowsSettings(t *testing.T) {
	r := &savedReport(t, "testdata/story-acks-1.json").Results[0]
	for _, l := range flowOf(r, mainPlace(r)) {
		if strings.Contains(l.Location.Message.Text, "producer.acks=1") && l.Location.Physical.Region.StartLine == 7 {
			return
		}
	}
	t.Error("no step leads to the line of producer.acks")
}
