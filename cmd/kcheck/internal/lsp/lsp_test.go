package lsp

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"
)

// client is an editor: it asks, and keeps what is published.
type client struct {
	t         *testing.T
	conn      *jsonrpc2.Conn
	published chan publishParams
}

// newClient starts a server and a client of it.
func newClient(t *testing.T) *client {
	t.Helper()
	ours, theirs := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		Serve(t.Context(), theirs, Options{Explain: func(name string) string { return "about " + name }, Limit: time.Minute})
	}()
	c := &client{t: t, published: make(chan publishParams, 10)}
	c.conn = jsonrpc2.NewConn(t.Context(), jsonrpc2.NewBufferedStream(ours, jsonrpc2.VSCodeObjectCodec{}),
		jsonrpc2.HandlerWithError(func(_ context.Context, _ *jsonrpc2.Conn, req *jsonrpc2.Request) (any, error) {
			var p publishParams
			if err := json.Unmarshal(*req.Params, &p); err != nil {
				t.Error(err)
			}
			c.published <- p
			return nil, nil
		}))
	t.Cleanup(func() {
		var nothing any
		_ = c.conn.Call(context.Background(), "shutdown", nil, &nothing)
		_ = c.conn.Notify(context.Background(), "exit", nil)
		<-done
	})
	var can initializeResult
	c.call("initialize", map[string]any{}, &can)
	if !can.Capabilities.HoverProvider || can.Capabilities.TextDocumentSync != 1 {
		t.Fatalf("it can %+v", can)
	}
	return c
}

func (c *client) call(method string, params, result any) {
	c.t.Helper()
	if err := c.conn.Call(c.t.Context(), method, params, result); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
}

// open opens a document, or changes it, and waits for what is said of it.
func (c *client) open(method, uri, text string) []diagnostic {
	c.t.Helper()
	params := map[string]any{"textDocument": map[string]any{"uri": uri, "text": text}, "contentChanges": []map[string]any{{"text": text}}}
	if err := c.conn.Notify(c.t.Context(), method, params); err != nil {
		c.t.Fatal(err)
	}
	select {
	case p := <-c.published:
		if p.URI != uri {
			c.t.Fatalf("something is published of %s", p.URI)
		}
		return p.Diagnostics
	case <-time.After(time.Minute):
		c.t.Fatal("nothing is published")
		return nil
	}
}

const spec = `guarantee: at-least-once
producer: {acks: 1}
topic: {replication.factor: 3, min.insync.replicas: 2}
faults: {broker-crash: 1}
scope: {messages: 1}
`

// A violation stands at the line of its cause, a code action mends it, and then nothing is left to say.
func TestSession(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	uri := "file://" + filepath.ToSlash(filepath.Join(t.TempDir(), "orders.yaml"))
	found := c.open("textDocument/didOpen", uri, spec)
	if len(found) == 0 || found[0].Range.Start != (position{1, 11}) || found[0].Severity != severityError || found[0].Code != "at-least-once" {
		t.Fatalf("diagnostics %+v", found)
	}
	var about hover
	c.call("textDocument/hover", hoverParams{documentID{uri}, position{1, 13}}, &about)
	if about.Contents.Value != "about producer.acks" {
		t.Errorf("hover %+v", about)
	}
	c.call("textDocument/hover", hoverParams{documentID{uri}, position{3, 12}}, &about)
	if about.Contents.Value != "about broker-crash" {
		t.Errorf("hover %+v", about)
	}
	var actions []codeAction
	c.call("textDocument/codeAction", codeActionParams{documentID{uri}, found[0].Range}, &actions)
	if len(actions) != 1 || actions[0].Kind != "quickfix" {
		t.Fatalf("actions %+v", actions)
	}
	fixed := applied(spec, actions[0].Edit.Changes[uri][0])
	if fixed != strings.Replace(spec, "acks: 1", "acks: all", 1) {
		t.Fatalf("the fix makes\n%s", fixed)
	}
	if left := c.open("textDocument/didChange", uri, fixed); len(left) != 0 {
		t.Errorf("after the fix: %+v", left)
	}
	if err := c.conn.Notify(t.Context(), "textDocument/didClose", closeParams{documentID{uri}}); err != nil {
		t.Fatal(err)
	}
	if p := <-c.published; len(p.Diagnostics) != 0 {
		t.Errorf("after closing: %+v", p)
	}
}

// What is wrong with a document is said at its place; a file that is none of Kafka's is left alone.
func TestProblems(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	dir := filepath.ToSlash(t.TempDir())
	found := c.open("textDocument/didOpen", "file://"+dir+"/bad.yaml", strings.Replace(spec, "acks: 1", "akcs: 1", 1))
	if len(found) != 1 || found[0].Range.Start.Line != 1 || found[0].Severity != severityError {
		t.Errorf("a misspelt name: %+v", found)
	}
	if found := c.open("textDocument/didOpen", "file://"+dir+"/refused.yaml", strings.Replace(spec, "acks: 1", "acks: 2", 1)); len(found) != 1 {
		t.Errorf("a refused value: %+v", found)
	}
	for name, text := range map[string]string{"package.json": `{"name": "x"}`, "ci.yaml": "on: push\njobs: {}\n", "log4j.properties": "log4j.rootLogger=INFO\n", "notes.txt": "hello\n"} {
		if found := c.open("textDocument/didOpen", "file://"+dir+"/"+name, text); len(found) != 0 {
			t.Errorf("%s: %+v", name, found)
		}
	}
	var nothing any
	if err := c.conn.Call(t.Context(), "textDocument/rename", map[string]any{}, &nothing); err == nil {
		t.Error("an unknown method is answered")
	}
	if err := c.conn.Call(t.Context(), "textDocument/hover", nil, &nothing); err == nil {
		t.Error("a request without parameters is answered")
	}
}

// A spec that names files reads them as the editor has them, and from the disk otherwise.
func TestNamedFiles(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the paths of the test are those of Unix")
	}
	c := newClient(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "producer.properties"), []byte("acks=all\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(spec, "{acks: 1}", "producer.properties", 1)
	uri := "file://" + filepath.ToSlash(dir) + "/orders.yaml"
	if found := c.open("textDocument/didOpen", uri, text); len(found) != 0 {
		t.Errorf("from the disk: %+v", found)
	}
	if found := c.open("textDocument/didOpen", "file://"+filepath.ToSlash(dir)+"/producer.properties", "acks=1\n"); len(found) == 0 || found[0].Range.Start.Line != 0 {
		t.Errorf("a producer's file: %+v", found)
	}
	if found := c.open("textDocument/didChange", uri, text+"\n"); len(found) == 0 {
		t.Error("the editor's text is not read")
	}
}

// applied makes an edit.
func applied(text string, e textEdit) string {
	lines := strings.SplitAfter(text, "\n")
	before := strings.Join(lines[:e.Range.Start.Line], "")
	after := ""
	if e.Range.End.Line < len(lines) {
		after = lines[e.Range.End.Line][e.Range.End.Character:] + strings.Join(lines[e.Range.End.Line+1:], "")
	}
	return before + e.NewText + after
}

// URIs of Unix and Windows are paths.
func TestPathOf(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"file:///home/a/p.properties":      "/home/a/p.properties",
		"file:///c%3A/conf/p%20q.yaml":     "c:/conf/p q.yaml",
		"untitled:Untitled-1":              "untitled:Untitled-1",
		"file:///C:/conf/topic.properties": "C:/conf/topic.properties",
	} {
		if got := filepath.ToSlash(pathOf(uri)); got != want {
			t.Errorf("%s is %s, want %s", uri, got, want)
		}
	}
}

// Positions count UTF-16 code units, and lines end with or without a carriage return.
func TestPositions(t *testing.T) {
	t.Parallel()
	d := &document{text: "# 😀 acks\r\nacks=1\r\n"}
	if got := d.at(1, 5); got != (span{position{0, 5}, position{0, 9}}) {
		t.Errorf("%+v", got)
	}
	if got := d.wordAt(position{0, 6}); got != "acks" {
		t.Errorf("%q", got)
	}
	if got := d.at(99, 1); got.Start.Line != 2 {
		t.Errorf("%+v", got)
	}
	if got := editOf("a\nb\nc\n", "a\nx\nc\n"); got != (textEdit{span{position{1, 0}, position{2, 0}}, "x\n"}) {
		t.Errorf("%+v", got)
	}
}
