package verdict

import "testing"

// TestReadable checks that the largest number is a word, and that other values are shown as they stand.
func TestReadable(t *testing.T) {
	t.Parallel()
	const most = "9223372036854775807"
	for _, c := range []struct{ key, value, want string }{
		{"topic.flush.messages", most, "never"},
		{"broker.log.flush.interval.messages", most, "never"},
		{"topic.flush.messages", "1", "1"},
		{"producer.max.block.ms", most, "Long.MAX_VALUE"},
		{"producer.retries", "2147483647", "2147483647"},
	} {
		if got := Readable(c.key, c.value); got != c.want {
			t.Errorf("%s=%s is shown as %q, want %q", c.key, c.value, got, c.want)
		}
	}
}
