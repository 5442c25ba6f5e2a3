package kafkaconf

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeTree writes files below a folder.
func writeTree(t *testing.T, root string, tree map[string]string) {
	t.Helper()
	for name, text := range tree {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSpecFiles checks what a spec may name, and that each problem has the place where the file is named.
func TestSpecFiles(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeTree(t, root, map[string]string{
		"outside.properties":      "acks=1\n",
		"repo/.git/HEAD":          "ref: refs/heads/main\n",
		"repo/shared.properties":  "acks=1\n",
		"repo/topic.properties":   "min.insync.replicas=2\nreplication.factor=3\n",
		"repo/app/own.properties": "retries=5\n",
		"repo/app/other.yaml":     "guarantee: order\n",
		"repo/app/anyones.conf":   "min.insync.replicas=2\n",
		"plain/own.properties":    "acks=1\n",
		"plain.properties":        "acks=1\n",
	})
	if err := os.Symlink(filepath.Join(root, "outside.properties"), filepath.Join(root, "repo/app/link.properties")); err != nil {
		t.Skip(err)
	}
	for _, test := range []struct{ spec, text, allow, want string }{
		{"repo/app/s.yaml", "producer: own.properties", "", ""},
		{"repo/app/s.yaml", "producer: ../shared.properties", "", ""},
		{"repo/app/s.yaml", "producer: [../shared.properties, own.properties]", "", ""},
		{"repo/app/s.yaml", "files: [../shared.properties, ../topic.properties]", "", ""},
		{"repo/app/s.yaml", "files: ../topic.properties", "", ""},
		{"repo/app/s.yaml", "producer: ../../outside.properties", "",
			`2:11: producer: "../../outside.properties" may not be read: it is outside of the repository of the spec; --allow-files DIR allows a folder`},
		{"repo/app/s.yaml", "producer: ../../outside.properties", root, ""},
		{"repo/app/s.yaml", "producer: link.properties", "", `2:11: producer: "link.properties" may not be read: it is outside of the repository`},
		{"repo/app/s.yaml", "files: [own.properties, /etc/passwd]", "", `2:25: files: "/etc/passwd" may not be read: it is outside of the repository`},
		{"plain/s.yaml", "producer: own.properties", "", ""},
		{"plain/s.yaml", "producer: ../plain.properties", "", `2:11: producer: "../plain.properties" may not be read: it is outside of the folder of the spec`},
		{"repo/app/s.yaml", "files: [own.properties, own.properties]", "", `2:25: files: "own.properties" is named twice; leave one out`},
		{"repo/app/s.yaml", "files: [s.yaml]", "", `2:9: files: the spec names itself`},
		{"repo/app/s.yaml", "files: [other.yaml]", "", `2:9: files: "other.yaml" is a spec, and a spec does not name others`},
		{"repo/app/s.yaml", "files: [nowhere.properties]", "", `2:9: files: cannot read "nowhere.properties": no such file or directory`},
		{"repo/app/s.yaml", "files: [anyones.conf]", "", filepath.Join(root, "repo/app/anyones.conf") + ": the keys fit several parts"},
		{"repo/app/s.yaml", "files: [../shared.properties]\nproducer: {acks: 1}", "", ""},
		{"repo/app/s.yaml", "files: [../shared.properties]\nproducer: {acks: all}", "",
			filepath.Join(root, "repo/shared.properties") + `:1:1: acks: is "1" here and "all" at ` + filepath.Join(root, "repo/app/s.yaml") + `:3:12`},
	} {
		spec := filepath.Join(root, test.spec)
		if err := os.WriteFile(spec, []byte("guarantee: order\n"+test.text+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		_, problems := loadAll(Request{Files: []string{spec}, AllowFiles: test.allow})
		got := ""
		for _, p := range problems {
			if p.Severity == Failure {
				got += strings.TrimPrefix(p.String(), spec+":")
			}
		}
		if !strings.HasPrefix(got, test.want) || test.want == "" && got != "" || len(problems) > 1 {
			t.Errorf("%s with %q:\n got %s\nwant %s", test.spec, test.text, got, test.want)
		}
	}
}

// TestSpecFilesGive checks that the values of named files count, with their places.
func TestSpecFilesGive(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeTree(t, root, map[string]string{"p.properties": "# mine\nacks=1\n", "t.properties": "min.insync.replicas=2\nreplication.factor=4\n",
		"s.yaml": "guarantee: order\nproducer: p.properties\nfiles: [t.properties]\n"})
	resolved, problems := loadAll(Request{Files: []string{filepath.Join(root, "s.yaml")}})
	if problems.Failed() {
		t.Fatal(problems)
	}
	want := map[string]string{"producer.acks": "1 p.properties:2:1", "topic.replication.factor": "4 t.properties:2:1"}
	for _, e := range resolved.Effective {
		if w, asked := want[e.Name()]; asked && e.Value+" "+filepath.Base(e.Source) != w {
			t.Errorf("%s is %s from %s, want %s", e.Name(), e.Value, e.Source, w)
		}
	}
}
