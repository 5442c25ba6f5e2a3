package kafkaconf

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever the file holds, reading it ends with values or with problems of one line each.
func FuzzLoadFile(f *testing.F) {
	f.Add([]byte("acks=1\nretries=\\\n 3\n"))
	f.Add([]byte("guarantee: at-least-once\nproducer: {acks: 1}\nexpect: violated\n"))
	f.Add([]byte("guarantee: [a, {b: c}]\nfaults: {broker-crash: 1\n"))
	f.Add([]byte("producer: &x {acks: *x}\n? [a]: b\n"))
	f.Add([]byte("\x00\x01\xff"))
	f.Add([]byte("kafka: |\n  4.1\ntopic: !!binary x\n--- \nb"))
	fixtures, _ := filepath.Glob("testdata/formats/*")
	for _, file := range fixtures {
		if data, err := os.ReadFile(file); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		request := Request{Files: []string{"f"}, ReadFile: func(string) ([]byte, error) { return data, nil }}
		resolved, problems := loadAll(request)
		if resolved == nil && len(problems) == 0 {
			t.Fatal("neither a result nor a problem")
		}
		for _, p := range problems {
			if strings.ContainsAny(p.String(), "\n\r") || p.Message == "" {
				t.Errorf("not one clear line: %q", p.String())
			}
		}
		if text, problems := InitSpec(request, "."); !problems.Failed() && text == "" {
			t.Error("an empty spec")
		}
	})
}

// The same of flags.
func FuzzFlags(f *testing.F) {
	f.Add("producer.acks=1", "broker-crash=1,leader-move=2", "4.1", "2", "order")
	f.Add("app.commit=auto", "standard", "0.8", "9", "")
	f.Add("..=", ",=", "x", "-1", "x")
	f.Fuzz(func(t *testing.T, set, faults, kafka, messages, guarantee string) {
		request := Request{Set: []string{set}, Faults: faults, Kafka: kafka, Messages: messages}
		if guarantee != "" {
			request.Guarantees = []string{guarantee}
		}
		resolved, problems := loadAll(request)
		if (resolved == nil) != problems.Failed() {
			t.Errorf("a result %v with %v", resolved != nil, problems)
		}
		for _, p := range problems {
			if strings.ContainsAny(p.String(), "\n\r") || p.Message == "" {
				t.Errorf("not one clear line: %q", p.String())
			}
		}
	})
}
