package main

import (
	"fmt"
	"strings"
	"testing"
)

// Which systems of two revisions are the same one. Each letter is a file, each word a system.
func TestPairSystems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, old, now, want string }{
		{"one on each side, whatever its files", "a", "b", "a=b"},
		{"the same files", "ka kb", "kb ka", "ka=ka kb=kb"},
		{"an application more", "ka", "ka kb", "ka=ka +kb"},
		{"an application less", "ka kb", "kb", "kb=kb -ka"},
		{"another application in place of one: the cluster alone makes no pair", "ka kb", "ka kc", "ka=ka -kb +kc"},
		{"a topic's file more, in every system", "ka kb", "kta ktb", "ka=kta kb=ktb"},
		{"an application has moved to another cluster", "ka lb", "kb la", "ka=la lb=kb"},
		{"a cluster that only one of them has", "ka b", "ka kb", "ka=ka b=kb"},
		{"nothing in common", "ka kb", "c d", "-ka -kb +c +d"},
		{"the same files in another order", "ak kb", "ka kb", "ak=ka kb=kb"},
	} {
		old, now := systemsOf(test.old), systemsOf(test.now)
		pairs, onlyOld, onlyNow := pairSystems(old, now)
		var got []string
		for _, p := range pairs {
			got = append(got, strings.Join(old[p[0]], "")+"="+strings.Join(now[p[1]], ""))
		}
		for _, i := range onlyOld {
			got = append(got, "-"+strings.Join(old[i], ""))
		}
		for _, i := range onlyNow {
			got = append(got, "+"+strings.Join(now[i], ""))
		}
		if text := fmt.Sprint(strings.Join(got, " ")); text != test.want {
			t.Errorf("%s: %s -> %s: got %s, want %s", test.name, test.old, test.now, text, test.want)
		}
	}
}

func systemsOf(words string) (systems [][]string) {
	for _, w := range strings.Fields(words) {
		systems = append(systems, strings.Split(w, ""))
	}
	return systems
}
