package nearest

import (
	"strings"
	"testing"
)

// Near names are found and far ones are not.
func TestOf(t *testing.T) {
	t.Parallel()
	known := []string{"at-least-once", "at-most-once", "exactly-once", "order", "enable.idempotence"}
	for name, want := range map[string]string{
		"at-lest-once": "at-least-once", "At-Most-Once": "at-most-once", "exaclty-once": "exactly-once", "ordre": "order",
		"enable.idempotense": "enable.idempotence", "enableidempotance": "enable.idempotence", "durability": "", "": "",
	} {
		if got := Of(name, known); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// An unfinished name has the names that it is a part of.
func TestOfUnfinished(t *testing.T) {
	t.Parallel()
	known := []string{"at-least-once", "at-most-once", "exactly-once", "order"}
	for name, want := range map[string]string{
		"at-lest-once": "at-least-once", "most": "at-most-once", "once": "at-most-once exactly-once at-least-once", "exact": "exactly-once",
		"at": "", "": "", "durability": "",
	} {
		if got := strings.Join(OfUnfinished(name, known), " "); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
