package kafkaconf

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// packedAgain is a request without its files, written as JSON and read again.
func packedAgain(t *testing.T, r Request) Request {
	t.Helper()
	r = r.Pack()
	data, err := json.Marshal(r.Packed)
	if err != nil {
		t.Fatal(err)
	}
	r.Packed = new(Packed)
	if err := json.Unmarshal(data, r.Packed); err != nil {
		t.Fatal(err)
	}
	return r
}

// Every file of every format, good or broken, and every spec is answered alike with the file and with what was read of it.
func TestPackedFiles(t *testing.T) {
	t.Parallel()
	var names []string
	for _, pattern := range []string{"testdata/formats/*.*", "../../specs/*/*.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	if len(names) < 100 {
		t.Fatalf("only %d files", len(names))
	}
	for _, name := range names {
		for _, set := range [][]string{nil, {"producer.acks=1", "app.group=new"}} {
			samePacked(t, Request{Files: []string{name}, Set: set})
		}
	}
	samePacked(t, Request{Files: []string{"testdata/formats/application.yml", "testdata/formats/topics-describe.txt"}})
	samePacked(t, Request{PartFiles: map[Part]string{Producer: "testdata/formats/producer.properties"}})
}

// samePacked fails unless a request and the same without its files are answered alike.
func samePacked(t *testing.T, r Request) {
	t.Helper()
	want, wantProblems := loadAll(r)
	got, gotProblems := loadAll(packedAgain(t, r))
	alike := cmpopts.EquateEmpty()
	if diff := cmp.Diff(wantProblems, gotProblems, alike); diff != "" {
		t.Errorf("%v %v: problems\n%s", r.Files, r.Set, diff)
	}
	hide(want) // as every form of a result does
	if diff := cmp.Diff(want, got, alike); diff != "" {
		t.Errorf("%v %v\n%s", r.Files, r.Set, diff)
	}
}

// hide puts what is not shown out of a resolved question.
func hide(r *Resolved) {
	if r == nil {
		return
	}
	for i := range r.Effective {
		e := &r.Effective[i]
		e.Value = Shown(e.Part, e.Key, e.Value)
	}
}

// What may be a secret is not packed: neither a password, nor a setting that nobody knows, nor a comment.
func TestPackedSecrets(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	in := files{
		"producer.properties": "acks=1\nsasl.jaas.config=login password=\"" + secret + "\";\nssl.key.password=" + secret + "\nmy.plugin.token=" + secret +
			"\nbootstrap.servers=user:" + secret + "@host:9092\n# " + secret + "\n",
		"spec.yaml": "guarantee: at-least-once\nproducer: {acks: 1, ssl.key.password: " + secret + "}\n# " + secret + "\n",
	}
	for name := range in {
		data, err := json.Marshal(Request{Files: []string{name}, ReadFile: in.read}.Pack().Packed)
		if err != nil || strings.Contains(string(data), secret) {
			t.Errorf("%s: %v %s", name, err, data)
		}
	}
}

// A request that is packed already is not read again.
func TestPackTwice(t *testing.T) {
	t.Parallel()
	once := Request{Files: []string{"p.properties"}, ReadFile: files{"p.properties": "acks=1\n"}.read}.Pack()
	if again := once.Pack(); again.Packed != once.Packed || !slices.Equal(again.Files, once.Files) {
		t.Error("it is packed anew")
	}
	if _, err := os.Stat("p.properties"); err == nil {
		t.Fatal("the test has a file that it must not have")
	}
}
