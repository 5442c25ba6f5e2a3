package repair

import (
	"strings"
	"testing"
)

// TestHiddenPatch checks that a patch has no line that may have a secret, and applies all the same where it is shown.
func TestHiddenPatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, before, after, want string
		trimmed                   bool
	}{
		{"p.properties", "retries=5\nacks=1\nlinger.ms=5\n", "retries=5\nacks=all\nlinger.ms=5\n",
			"@@ -1,3 +1,3 @@\n retries=5\n-acks=1\n+acks=all\n linger.ms=5\n", false},
		{"p.properties", "sasl.password=hunter2\nretries=5\nacks=1\n# the old one was hunter1\nlinger.ms=5\n",
			"sasl.password=hunter2\nretries=5\nacks=all\n# the old one was hunter1\nlinger.ms=5\n",
			"@@ -2,2 +2,2 @@\n retries=5\n-acks=1\n+acks=all\n", true},
		{"p.properties", "acks=1\nmy.plugin=hunter2\nretries=5\n", "acks=all\nmy.plugin=hunter2\nretries=6\n",
			"@@ -1 +1 @@\n-acks=1\n+acks=all\n@@ -3 +3 @@\n-retries=5\n+retries=6\n", true},
		{"p.properties", "sasl.password=hunter2\n", "sasl.password=hunter2\nacks=all\n", "@@ -1,0 +2 @@\n+acks=all\n", true},
		{"s.yaml", "guarantee: order\nproducer: {acks: 1, sasl.password: hunter2}\n", "guarantee: order\nproducer: {acks: all, sasl.password: hunter2}\n", "", true},
	} {
		d := &document{name: test.name, before: test.before, text: test.after}
		got, trimmed := d.shownDiff()
		want := test.want
		if want != "" {
			want = "--- a/" + test.name + "\n+++ b/" + test.name + "\n" + want
		}
		if got != want || trimmed != test.trimmed {
			t.Errorf("%q:\n%s(trimmed %v)\nwant\n%s", test.before, got, trimmed, want)
		}
		if strings.Contains(got, "hunter") {
			t.Error("a secret is shown")
		}
	}
}
