// Package lsp is a language server over the same engine as "kcheck check": it marks the cause of a violation at its line,
// explains settings, and offers the fix.
package lsp

import (
	"context"
	"encoding/json"
	"io"
	"sync"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf/input"
)

// Options are what the server needs beside the protocol.
type Options struct {
	// Explain is what there is to say of a name, as Markdown; "" for an unknown one.
	Explain func(name string) string
	// Limit bounds the time of one check.
	Limit time.Duration
	// Pause is how long the server waits, after a change of a document, for another one.
	Pause time.Duration
	// Check says how to search.
	Check verdict.Options
}

// Serve answers a client until it says exit, or ends its stream.
func Serve(ctx context.Context, stream io.ReadWriteCloser, o Options) {
	s := &server{options: o, documents: map[string]*document{}}
	conn := jsonrpc2.NewConn(ctx, jsonrpc2.NewBufferedStream(stream, jsonrpc2.VSCodeObjectCodec{}),
		jsonrpc2.HandlerWithError(s.handle).SuppressErrClosed())
	select {
	case <-conn.DisconnectNotify():
	case <-ctx.Done():
		conn.Close()
	}
}

// server is the state of one connection.
type server struct {
	options Options

	mu        sync.Mutex
	documents map[string]*document // the open ones, by URI
}

// document is an open document.
type document struct {
	uri, path, text string
	stop            context.CancelFunc // ends the check that is under way
	found           *finding           // what the newest check that came to an end found
}

// handle answers one message. Checks run beside it.
func (s *server) handle(ctx context.Context, conn *jsonrpc2.Conn, req *jsonrpc2.Request) (any, error) {
	switch req.Method {
	case "initialize":
		return initializeResult{capabilities{1, true, codeActionProviders{[]string{"quickfix"}}}, serverInfo{"kcheck", verdict.Version}}, nil
	case "initialized", "$/cancelRequest", "$/setTrace", "textDocument/didSave", "workspace/didChangeConfiguration":
		return nil, nil
	case "shutdown":
		return nil, nil
	case "exit":
		return nil, conn.Close()
	case "textDocument/didOpen":
		return with(req, func(p openParams) (any, error) {
			s.open(conn, p.TextDocument.URI, p.TextDocument.Text)
			return nil, nil
		})
	case "textDocument/didChange":
		return with(req, func(p changeParams) (any, error) {
			if n := len(p.ContentChanges); n > 0 {
				s.open(conn, p.TextDocument.URI, p.ContentChanges[n-1].Text)
			}
			return nil, nil
		})
	case "textDocument/didClose":
		return with(req, func(p closeParams) (any, error) { s.close(conn, p.TextDocument.URI); return nil, nil })
	case "textDocument/hover":
		return with(req, func(p hoverParams) (any, error) { return s.hover(p), nil })
	case "textDocument/codeAction":
		return with(req, func(p codeActionParams) (any, error) { return s.actions(p), nil })
	}
	return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: "kcheck has no method " + req.Method}
}

// with reads the parameters of a message.
func with[P any](req *jsonrpc2.Request, answer func(P) (any, error)) (any, error) {
	var p P
	if req.Params == nil {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: req.Method + " has no parameters"}
	}
	if err := json.Unmarshal(*req.Params, &p); err != nil {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: err.Error()}
	}
	return answer(p)
}

// open takes the text of a document and checks it.
func (s *server) open(conn *jsonrpc2.Conn, uri, text string) {
	ctx, stop := context.WithCancel(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.documents[uri]; old != nil {
		old.stop()
	}
	d := &document{uri: uri, path: pathOf(uri), text: text, stop: stop}
	s.documents[uri] = d
	go s.check(ctx, conn, d)
}

// close forgets a document and what was said of it.
func (s *server) close(conn *jsonrpc2.Conn, uri string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.documents[uri]; old != nil {
		old.stop()
		delete(s.documents, uri)
	}
	_ = conn.Notify(context.Background(), "textDocument/publishDiagnostics", publishParams{uri, []diagnostic{}}) // the client may be gone
}

// read reads a file as the editor has it.
func (s *server) read(ctx context.Context) func(name string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, d := range s.documents {
			if d.path == name {
				return []byte(d.text), nil
			}
		}
		return input.Configuration(ctx, name)
	}
}

// check checks a document and says what was found, unless the document changes meanwhile.
func (s *server) check(ctx context.Context, conn *jsonrpc2.Conn, d *document) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(s.options.Pause):
	}
	limited, cancel := context.WithTimeout(ctx, s.options.Limit)
	defer cancel()
	found := look(limited, d, s.read(limited), s.options.Check)
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil || s.documents[d.uri] != d {
		return
	}
	d.found = found
	_ = conn.Notify(ctx, "textDocument/publishDiagnostics", publishParams{d.uri, found.diagnostics(d)}) // the client may be gone
}
