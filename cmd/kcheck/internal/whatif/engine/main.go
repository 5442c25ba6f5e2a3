//go:build js && wasm

// Command engine is kcheck in a web worker. It answers each call of kcheckAsk(message, files) by messages to the page; see
// the type ask for what the page can ask and the type told for what it is told.
package main

import (
	"context"
	"encoding/json"
	"io/fs"
	"syscall/js"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/whatif"
	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/specs"
)

// memory bounds a search: a page has at most 4 GiB, and others want some of it.
const memory = 1 << 30

// ask is one message of the page.
type ask struct {
	ID      int               `json:"id"`
	Request kafkaconf.Request `json:"request"`
	// Pack asks for the request without its files, which came with the message; otherwise it is checked.
	Pack bool `json:"pack"`
	// Bare asks for verdicts alone.
	Bare bool `json:"bare"`
}

// told is one message to the page. One field beside ID is set; Done comes last.
type told struct {
	ID         int                `json:"id"`
	Packed     *kafkaconf.Request `json:"packed,omitempty"`
	Panel      *whatif.Panel      `json:"panel,omitempty"`
	Answer     *whatif.Answer     `json:"answer,omitempty"`
	Resilience []whatif.Survival  `json:"resilience,omitempty"`
	Progress   *progress          `json:"progress,omitempty"`
	Error      string             `json:"error,omitempty"`
	Done       bool               `json:"done,omitempty"`
}

// progress says how far a search is.
type progress struct {
	Guarantee string `json:"guarantee"`
	States    uint64 `json:"states"`
	Faults    int    `json:"faults"`
	Depth     int    `json:"depth"`
}

func main() {
	js.Global().Set("kcheckAsk", js.FuncOf(func(_ js.Value, args []js.Value) any {
		message, texts := args[0].String(), read(args[1])
		go answer(message, texts)
		return nil
	}))
	js.Global().Call("postMessage", `{"ready":true}`)
	select {}
}

// read copies the files that came with a message.
func read(object js.Value) map[string][]byte {
	files := map[string][]byte{}
	names := js.Global().Get("Object").Call("keys", object)
	for i := range names.Length() {
		name := names.Index(i).String()
		data := make([]byte, object.Get(name).Length())
		js.CopyBytesToGo(data, object.Get(name))
		files[name] = data
	}
	return files
}

// say sends a message to the page.
func say(t told) {
	text, err := json.Marshal(t)
	if err != nil {
		text, _ = json.Marshal(told{ID: t.ID, Error: err.Error()}) // of a number and a text, which can be written
	}
	js.Global().Call("postMessage", string(text))
}

// answer answers one message.
func answer(message string, files map[string][]byte) {
	var a ask
	defer func() { say(told{ID: a.ID, Done: true}) }()
	if err := json.Unmarshal([]byte(message), &a); err != nil {
		say(told{Error: err.Error()})
		return
	}
	a.Request.ReadFile = func(name string) ([]byte, error) {
		if data, found := files[name]; found {
			return data, nil
		}
		if data, err := specs.ReadFile(name); err == nil {
			return data, nil
		}
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	if a.Pack {
		packed := a.Request.Pack()
		say(told{ID: a.ID, Packed: &packed})
		return
	}
	if err := whatif.Ask(context.Background(), a.Request, verdict.Options{Workers: 1, Memory: memory, Unexplained: a.Bare}, a.listener()); err != nil {
		say(told{ID: a.ID, Error: err.Error()})
	}
}

// listener passes on what is found out.
func (a *ask) listener() whatif.Listener {
	l := whatif.Listener{
		Answer: func(found *whatif.Answer) { say(told{ID: a.ID, Answer: found}) },
		Progress: func(guarantee string, p explore.Progress) {
			say(told{ID: a.ID, Progress: &progress{guarantee, p.Distinct, p.Faults, p.Depth}})
		},
	}
	if !a.Bare {
		l.Panel = func(p *whatif.Panel) { say(told{ID: a.ID, Panel: p}) }
		l.Resilience = func(list []whatif.Survival) { say(told{ID: a.ID, Resilience: list}) }
	}
	return l
}
