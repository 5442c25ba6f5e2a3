package repair

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSetProperty puts values into lines of .properties files. Blanks, separators and the rest of the file stay.
func TestSetProperty(t *testing.T) {
	for _, c := range []struct {
		name, before  string
		line, column  int
		key, to, want string
	}{
		{"equals", "acks=1\n", 1, 1, "acks", "all", "acks=all\n"},
		{"blanks around it", "# c\n  acks = 1  \n", 2, 3, "acks", "all", "# c\n  acks = all  \n"},
		{"colon", "acks: 1\nretries: 0\n", 1, 1, "acks", "all", "acks: all\nretries: 0\n"},
		{"blank only", "acks 1\n", 1, 1, "acks", "all", "acks all\n"},
		{"no value", "acks\n", 1, 1, "acks", "all", "acks=all\n"},
		{"value over two lines", "acks=a\\\n  ll\nretries=0\n", 1, 1, "acks", "1", "acks=1\nretries=0\n"},
		{"escaped backslash at the end", "a=1\\\\\nb=2\n", 1, 1, "a", "3", "a=3\nb=2\n"},
		{"carriage return", "acks=1\r\nretries=0\r\n", 1, 1, "acks", "all", "acks=all\r\nretries=0\r\n"},
		{"last line without an end", "a=1\nacks=1", 2, 1, "acks", "all", "a=1\nacks=all"},
		{"another key", "acks=1\n", 1, 1, "retries", "0", "acks=1\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := &document{text: c.before}
			d.setProperty(c.line, c.column, c.key, c.to)
			if d.text != c.want {
				t.Errorf("got %q, want %q", d.text, c.want)
			}
		})
	}
}

// TestSetYAML puts values into specs where a key stands. Quotes, comments and the style of the mapping stay.
func TestSetYAML(t *testing.T) {
	for _, c := range []struct {
		name, before string
		line, column int
		to, want     string
	}{
		{"flow", "producer: {acks: 1, retries: 0} # both\n", 1, 12, "all", "producer: {acks: all, retries: 0} # both\n"},
		{"last of a flow", "producer: {acks: 1, retries: 0}\n", 1, 21, "5", "producer: {acks: 1, retries: 5}\n"},
		{"block", "producer:\n  # how many\n  acks: 1   # one\n  retries: 0\n", 3, 3, "all", "producer:\n  # how many\n  acks: all   # one\n  retries: 0\n"},
		{"single quotes", "producer: {acks: '1'}\n", 1, 12, "all", "producer: {acks: 'all'}\n"},
		{"double quotes", "producer: {\"acks\": \"1\"}\n", 1, 12, "all", "producer: {\"acks\": \"all\"}\n"},
		{"a hash in quotes", "consumer: {group.id: 'a # b'}\n", 1, 12, "c", "consumer: {group.id: 'c'}\n"},
		{"characters of two bytes before it", "about: é\nproducer: {client.id: é, acks: 1}\n", 2, 26, "all", "about: é\nproducer: {client.id: é, acks: all}\n"},
		{"no key there", "producer: {acks: 1}\n", 1, 1, "all", "producer: {acks: 1}\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := &document{text: c.before}
			d.setYAML(c.line, c.column, c.to)
			if d.text != c.want {
				t.Errorf("got %q, want %q", d.text, c.want)
			}
		})
	}
}

// TestAddToPart adds a setting to a part of a spec.
func TestAddToPart(t *testing.T) {
	for _, c := range []struct {
		name, before, want string
		ok                 bool
	}{
		{"flow", "topic: {replication.factor: 3}\nfaults: {}\n", "topic: {replication.factor: 3, min.insync.replicas: 2}\nfaults: {}\n", true},
		{"empty flow", "topic: { } # none\n", "topic: {min.insync.replicas: 2} # none\n", true},
		{"flow over lines", "topic: {\n  replication.factor: 3 # three\n}\n", "topic: {\n  replication.factor: 3, min.insync.replicas: 2 # three\n}\n", true},
		{"block", "topic:\n    replication.factor: 3 # three\nfaults: {}\n", "topic:\n    replication.factor: 3 # three\n    min.insync.replicas: 2\nfaults: {}\n", true},
		{"block at the end of the file", "topic:\n  replication.factor: 3", "topic:\n  replication.factor: 3\n  min.insync.replicas: 2\n", true},
		{"nothing in it", "topic:\nfaults: {}\n", "topic:\n  min.insync.replicas: 2\nfaults: {}\n", true},
		{"no such part", "producer: {acks: 1}\n# what happens\nfaults: {}\n", "producer: {acks: 1}\n# what happens\ntopic: {min.insync.replicas: 2}\nfaults: {}\n", true},
		{"no such part, at the end", "producer:\n  acks: 1\n", "producer:\n  acks: 1\ntopic: {min.insync.replicas: 2}\n", true},
		{"carriage returns", "topic:\r\n  replication.factor: 3\r\n", "topic:\r\n  replication.factor: 3\r\n  min.insync.replicas: 2\r\n", true},
		{"a file", "topic: topic.properties\n", "topic: topic.properties\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := &document{text: c.before}
			if ok := d.addToPart("topic", "min.insync.replicas", "2", nil); ok != c.ok || d.text != c.want {
				t.Errorf("got %t, %q, want %t, %q", ok, d.text, c.ok, c.want)
			}
		})
	}
}

// TestExpectHolds corrects expectations.
func TestExpectHolds(t *testing.T) {
	t.Parallel()
	for before, want := range map[string]string{
		"expect: violated # so far\n":                          "expect: holds # so far\n",
		"expect: {at-least-once: violated, order: vacuous}\n":  "expect: {at-least-once: holds, order: holds}\n",
		"expect:\n  at-least-once: violated\n  order: holds\n": "expect:\n  at-least-once: holds\n  order: holds\n",
		"about: violated\n":                                    "about: violated\n",
	} {
		d := &document{text: before}
		if d.expectHolds(); d.text != want {
			t.Errorf("got %q, want %q", d.text, want)
		}
	}
}

// TestDiffApplies applies diffs with git and wants the edited text.
func TestDiffApplies(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	for name, d := range map[string]*document{
		"changed":           {name: "a.properties", before: "a=1\nb=2\nc=3\nd=4\ne=5\n", text: "a=1\nb=2\nc=3\nd=4\ne=6\n"},
		"no end at first":   {name: "a.properties", before: "a=1\nb=2", text: "a=1\nb=2\nc=3\n"},
		"no end, as before": {name: "a.properties", before: "a=1\nb=2", text: "a=2\nb=2"},
		"created":           {name: "a.properties", created: true, text: "a=1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file := filepath.Join(dir, d.name)
			if !d.created {
				if err := os.WriteFile(file, []byte(d.before), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			apply := exec.Command("git", "apply", "-")
			apply.Dir, apply.Stdin = dir, strings.NewReader(d.diff())
			if out, err := apply.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s\n%s", err, out, d.diff())
			}
			if got, err := os.ReadFile(file); err != nil || string(got) != d.text {
				t.Errorf("got %q, %v, want %q", got, err, d.text)
			}
		})
	}
}
