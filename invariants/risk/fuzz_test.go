package risk

import (
	"math"
	"strings"
	"testing"
)

// FuzzRead feeds anything to the reader of rates: each problem is one clear line, and without one every rate is a number.
func FuzzRead(f *testing.F) {
	f.Add([]byte("defaults: none\nfaults: {power-loss: 0.5/year, request-lost: 1e-6/request}\nsteps: {fetch: 5ms}\nmessages: 1000/s\n"))
	f.Add([]byte("faults: [x]\nsteps: {fetch: {a: b}, send: -1ms}\nmessages: 1e999/s\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rates, problems := Read("r.yaml", data)
		for _, p := range problems {
			if strings.ContainsAny(p.String(), "\n\r") || p.Message == "" {
				t.Errorf("not one clear line: %q", p.String())
			}
		}
		if len(problems) > 0 {
			return
		}
		for _, v := range rates.List() {
			if math.IsNaN(v.number) || math.IsInf(v.number, 0) || v.number < 0 {
				t.Errorf("%s is %v", v.Key, v.number)
			}
		}
	})
}
