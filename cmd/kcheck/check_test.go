package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// slow is a question that takes far longer than a test may.
var slow = []string{"check", "--guarantee", "at-least-once", "--set", "producer.acks=all", "--messages", "2",
	"--set", "topic.replication.factor=5", "--faults", "broker-crash=2,replica-lag=3,leader-move=3,consumer-crash=2"}

// TestInterrupt checks that Ctrl-C gives the partial result, exit status 3 and no long wait.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	inner, interrupt := context.WithCancel(context.Background())
	context.AfterFunc(ctx, interrupt)
	var out, errs bytes.Buffer
	begin := time.Now()
	if code := execute(inner, slow, streams{out: &out, err: &errs}); code != 3 {
		t.Errorf("exit status %d, want 3\n%s%s", code, &out, &errs)
	}
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("it took %v to stop", took)
	}
	if !strings.Contains(out.String(), "INCONCLUSIVE") || !strings.Contains(out.String(), "nterrupted") {
		t.Errorf("not a partial result:\n%s", &out)
	}
}

// TestMemoryLimit checks that a scope too large to finish ends inconclusive at the memory limit.
func TestMemoryLimit(t *testing.T) {
	var out, errs bytes.Buffer
	if code := execute(context.Background(), append(slow, "--memory", "128MiB"), streams{out: &out, err: &errs}); code != 3 {
		t.Errorf("exit status %d, want 3\n%s", code, &errs)
	}
	if !strings.Contains(out.String(), "memory limit") {
		t.Errorf("the result does not name the memory limit:\n%s", &out)
	}
}

// TestJSONShape checks the names and types of interface section 5 in what --format json writes.
func TestJSONShape(t *testing.T) {
	for _, args := range [][]string{
		{"check"},
		{"check", "--guarantee", "log-agreement", "--messages", "1", "--faults", "none"},
		{"check", "--set", "producer.acks=2"},
	} {
		var out, errs bytes.Buffer
		execute(context.Background(), append(args, "--format", "json"), streams{out: &out, err: &errs})
		checkShape(t, args, out.Bytes())
	}
}

// checkShape compares one document with the shape.
func checkShape(t *testing.T, args []string, document []byte) {
	t.Helper()
	var report map[string]any
	if err := json.Unmarshal(document, &report); err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	results, ok := report["results"].([]any)
	if !ok || len(results) == 0 {
		t.Fatalf("%v: no results in %s", args, document)
	}
	hasTypes(t, report, map[string]any{"kcheck": "", "problems": []any{}, "results": []any{}})
	for _, p := range report["problems"].([]any) {
		hasTypes(t, p, map[string]any{"file": "", "line": 0.0, "column": 0.0, "key": "", "message": ""})
	}
	for _, r := range results {
		hasTypes(t, r, map[string]any{"spec": "", "guarantee": "", "kafka": "", "verdict": "", "expected": "",
			"reason": "", "faults": map[string]any{}, "steps": []any{}, "settings": []any{}, "scope": map[string]any{},
			"budget": map[string]any{}, "notes": []any{}, "stats": map[string]any{}})
		result := r.(map[string]any)
		for _, s := range result["steps"].([]any) {
			hasTypes(t, s, map[string]any{"n": 0.0, "action": "", "actor": "", "fault": false, "text": "",
				"changes": []any{}})
		}
		for _, s := range result["settings"].([]any) {
			hasTypes(t, s, map[string]any{"key": "", "value": "", "source": ""})
		}
		hasTypes(t, result["scope"], map[string]any{"messages": 0.0, "replicas": 0.0})
		hasTypes(t, result["stats"], map[string]any{"distinct": 0.0, "generated": 0.0, "depth": 0.0, "seconds": 0.0,
			"bytes": 0.0, "workers": 0.0, "complete": false, "collision_probability": 0.0})
	}
}

// hasTypes checks that an object has the keys of want, each with a value of the same JSON type.
func hasTypes(t *testing.T, object any, want map[string]any) {
	t.Helper()
	got, ok := object.(map[string]any)
	if !ok {
		t.Errorf("%v is no object", object)
		return
	}
	for key, example := range want {
		value, ok := got[key]
		if !ok {
			t.Errorf("%q is missing in %v", key, got)
			continue
		}
		if typeName(value) != typeName(example) {
			t.Errorf("%q is a %s, want a %s", key, typeName(value), typeName(example))
		}
	}
}

// typeName is the JSON type of a value.
func typeName(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case float64:
		return "number"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "null"
}
