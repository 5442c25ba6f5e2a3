package main

import "testing"

// TestParseMemory checks the amounts that --memory takes.
func TestParseMemory(t *testing.T) {
	good := map[string]int64{
		"": 0, "4GiB": 4 << 30, "4gib": 4 << 30, "512MiB": 512 << 20, "1.5GiB": 3 << 29, "2G": 2e9, "1 GB": 1e9,
		"300m": 300e6, "2000000": 2000000, "1TiB": 1 << 40, "4096KiB": 4 << 20,
	}
	for s, want := range good {
		if got, err := parseMemory(s); err != nil || got != want {
			t.Errorf("parseMemory(%q) = %d, %v, want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"GiB", "-1GiB", "4XiB", "lots", "NaN", "Inf", "1e300", "0", "4GiB4"} {
		if got, err := parseMemory(s); err == nil {
			t.Errorf("parseMemory(%q) = %d, want an error", s, got)
		}
	}
}
