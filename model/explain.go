package model

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"sync"

	"github.com/kcheck/kcheck/explore"
)

// The comments of this package are its documentation: what a reviewer reads beside the code is what `kcheck explain`
// prints and what a report cites. These are the files that hold an action, a behaviour or a fault; a test says when one
// is missing.
//
//go:embed behaviour.go broker.go broker_faults.go belief.go consumer.go election.go fault.go group.go idempotence.go network.go producer.go producer_failure.go
//go:embed queue.go replication.go txn_coordinator.go txn_downstream.go txn_end.go txn_faults.go txn_process.go txn_produce.go
var sources embed.FS

// ActionDoc is the documentation of one action.
type ActionDoc struct {
	Name      string
	Actor     string // who acts: "broker" where the action's parameter says which
	Class     string // step, recovery or fault
	Fault     string // the name of the fault that it is an occurrence of, or ""
	Summary   string // one sentence
	Guard     string // when it can happen
	Effect    string // what it does
	Abstracts string // what it leaves out of what Kafka does
	Source    string // the Kafka classes, documentation and KIPs that it follows
	Sources   []string
	File      string // of this package, with the line of the declaration
}

// BehaviourDoc is the documentation of one field of [Behaviours].
type BehaviourDoc struct{ Name, Summary string }

// paragraphs are the labels that the comment of an action must have.
var paragraphs = []string{"Guard", "Effect", "Abstracts", "Kafka"}

// Actions documents every action, in the order of actions.
func Actions() []ActionDoc {
	var all []ActionDoc
	for _, a := range actions() {
		c := comments().actions[a.Name]
		doc := ActionDoc{
			Name: a.Name, Actor: a.Actor, Class: a.Class.String(), File: c.file, Summary: c.text[""],
			Guard: c.text["Guard"], Effect: c.text["Effect"], Abstracts: c.text["Abstracts"], Source: c.text["Kafka"],
		}
		if a.Actor == "" {
			doc.Actor = "broker"
		}
		if a.Class == explore.Fault {
			doc.Fault = a.Fault.String()
		}
		for _, s := range strings.Split(strings.TrimSuffix(doc.Source, "."), "; ") {
			doc.Sources = append(doc.Sources, strings.TrimSpace(s))
		}
		all = append(all, doc)
	}
	return all
}

// BehaviourDocs documents the behaviours in the order of their declaration.
func BehaviourDocs() []BehaviourDoc {
	return append([]BehaviourDoc(nil), comments().behaviours...)
}

// commentSet is what the embedded files say.
type commentSet struct {
	actions    map[string]actionComment
	behaviours []BehaviourDoc
}

// actionComment is the comment of one action variable: its paragraphs by label, the first under "".
type actionComment struct {
	file string
	text map[string]string
}

var comments = sync.OnceValue(readComments)

// readComments parses the embedded files. They are part of the program, so a failure is a broken build.
func readComments() *commentSet {
	set := &commentSet{actions: map[string]actionComment{}}
	files, err := sources.ReadDir(".")
	if err != nil {
		panic(fmt.Sprintf("model: the embedded sources cannot be listed: %v", err))
	}
	positions := token.NewFileSet()
	for _, f := range files {
		text, err := sources.ReadFile(f.Name())
		if err != nil {
			panic(fmt.Sprintf("model: the embedded %s cannot be read: %v", f.Name(), err))
		}
		file, err := parser.ParseFile(positions, f.Name(), text, parser.ParseComments)
		if err != nil {
			panic(fmt.Sprintf("model: the embedded %s cannot be parsed: %v", f.Name(), err))
		}
		set.read(positions, file)
	}
	return set
}

// read collects the declarations of one file.
func (c *commentSet) read(positions *token.FileSet, file *ast.File) {
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || len(decl.Specs) != 1 {
			continue
		}
		switch spec := decl.Specs[0].(type) {
		case *ast.ValueSpec:
			if isAction(spec) {
				at := positions.Position(decl.Pos())
				c.actions[spec.Names[0].Name] = actionComment{fmt.Sprintf("model/%s:%d", at.Filename, at.Line), split(decl.Doc)}
			}
		case *ast.TypeSpec:
			if fields, ok := spec.Type.(*ast.StructType); ok && spec.Name.Name == "Behaviours" {
				c.behaviours = behaviourDocs(fields)
			}
		}
	}
}

// isAction says that a declaration is of the form var X = Action{...}.
func isAction(spec *ast.ValueSpec) bool {
	if len(spec.Names) != 1 || len(spec.Values) != 1 {
		return false
	}
	literal, ok := spec.Values[0].(*ast.CompositeLit)
	if !ok {
		return false
	}
	name, ok := literal.Type.(*ast.Ident)
	return ok && name.Name == "Action"
}

// split takes a comment apart into its paragraphs. One that begins with "Word: " is labelled by the word; one without
// a label goes on with the paragraph before it.
func split(doc *ast.CommentGroup) map[string]string {
	text := map[string]string{}
	label := ""
	for _, p := range strings.Split(strings.TrimSpace(doc.Text()), "\n\n") {
		p = strings.Join(strings.Fields(p), " ")
		for _, l := range paragraphs {
			if rest, ok := strings.CutPrefix(p, l+": "); ok {
				label, p = l, upperFirst(rest)
			}
		}
		if text[label] != "" {
			p = text[label] + " " + p
		}
		text[label] = p
	}
	return text
}

// behaviourDocs reads the comments of the fields of Behaviours. They begin with the field's name and a colon.
func behaviourDocs(s *ast.StructType) []BehaviourDoc {
	var all []BehaviourDoc
	for _, f := range s.Fields.List {
		for _, name := range f.Names {
			text := strings.Join(strings.Fields(f.Doc.Text()), " ")
			text = strings.TrimPrefix(text, name.Name+":")
			all = append(all, BehaviourDoc{name.Name, upperFirst(strings.TrimSpace(text))})
		}
	}
	return all
}

// upperFirst makes a fragment the beginning of a sentence.
func upperFirst(s string) string {
	if s == "" {
		return s
	}
	if first, _, _ := strings.Cut(s, " "); strings.Contains(strings.TrimSuffix(first, "."), ".") {
		return s // the name of a setting
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
