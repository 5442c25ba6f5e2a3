package report

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/wrap"
)

// document is the result of a command that makes a document.
type document interface{ Document() *Document }

// saved are the documents of testdata/documents, which stories.sh there writes.
func saved(t *testing.T) map[string]document {
	t.Helper()
	list := map[string]document{"resilience": new(Resilience), "resilience-two": new(Resilience), "matrix": new(Matrix),
		"diff": new(Diff), "repair": new(Repair), "repair-none": new(Repair), "load-bearing": new(Bearing)}
	for name, d := range list {
		data, err := os.ReadFile(filepath.Join("testdata", "documents", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return list
}

// TestDocuments compares every form of the saved documents with what a reviewer looked at. Run it with -update to write
// them.
func TestDocuments(t *testing.T) {
	for name, d := range saved(t) {
		for format, ext := range map[string]string{"text": "txt", "markdown": "md", "html": "html"} {
			t.Run(name+"."+ext, func(t *testing.T) {
				got := withoutAssets(documentAs(t, format, d.Document(), Options{}))
				compareGolden(t, filepath.Join("testdata", "documents", name+"."+ext), got)
			})
		}
	}
}

// TestDocumentsAgain checks that the JSON of a document is what it was read from.
func TestDocumentsAgain(t *testing.T) {
	for name, d := range saved(t) {
		compareGolden(t, filepath.Join("testdata", "documents", name+".json"), documentAs(t, "json", d.Document(), Options{}))
	}
}

// TestDocumentWidth checks that no line is wider than a terminal, where words and patches allow it.
func TestDocumentWidth(t *testing.T) {
	for name, d := range saved(t) {
		text := documentAs(t, "text", d.Document(), Options{})
		for _, l := range strings.Split(text, "\n") {
			if wrap.Columns(l) > 80 {
				t.Errorf("%s: %d columns: %s", name, wrap.Columns(l), l)
			}
		}
		if brief := documentAs(t, "text", d.Document(), Options{Brief: true}); strings.Contains(brief, "FAULT") {
			t.Errorf("%s: a step in the brief form", name)
		}
	}
}

// TestDocumentPages checks that a page is well formed, that its names are unique and that its links lead somewhere.
func TestDocumentPages(t *testing.T) {
	ids, links := regexp.MustCompile(` id="([^"]*)"`), regexp.MustCompile(` href="#([^"]*)"`)
	for name, d := range saved(t) {
		page := documentAs(t, "html", d.Document(), Options{})
		known := map[string]bool{}
		for _, m := range ids.FindAllStringSubmatch(page, -1) {
			if known[m[1]] {
				t.Errorf("%s: two places are named %s", name, m[1])
			}
			known[m[1]] = true
		}
		for _, m := range links.FindAllStringSubmatch(page, -1) {
			if !known[m[1]] {
				t.Errorf("%s: a link to %s, which is not there", name, m[1])
			}
		}
		wellFormed(t, name, withoutAssets(page))
	}
}

// alone are what HTML allows and XML does not: elements that are never closed, and attributes without a value.
var alone = regexp.MustCompile(`<(input|wbr)\b[^>]*>| open>`)

// wellFormed checks that every element of the body of a page is closed.
func wellFormed(t *testing.T, name, page string) {
	t.Helper()
	body := page[strings.Index(page, "<main"):strings.Index(page, "</body>")]
	body = alone.ReplaceAllStringFunc(body, func(s string) string { return s[:0] + map[bool]string{true: ">"}[s == " open>"] })
	dec := xml.NewDecoder(strings.NewReader(body))
	dec.Entity = xml.HTMLEntity
	for {
		if _, err := dec.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
	}
}

// TestDocumentsHostile checks that nothing in a document breaks out of its form.
func TestDocumentsHostile(t *testing.T) {
	for name, d := range saved(t) {
		poison(reflect.ValueOf(d).Elem())
		for _, format := range Formats {
			got := documentAs(t, format, d.Document(), Options{})
			switch format {
			case "text":
				checkHarmless(t, name, got)
			case "html":
				if strings.Contains(got, "<img") {
					t.Errorf("%s: the page: something broke out", name)
				}
			case "markdown":
				if strings.Contains(withoutCode(got), "<img") || strings.Contains(withoutCode(got), "\n- ::error") {
					t.Errorf("%s: Markdown: something broke out:\n%s", name, withoutCode(got))
				}
			}
		}
	}
}

// checkHarmless checks that a text has no control character and no line that GitHub Actions obeys.
func checkHarmless(t *testing.T, name, text string) {
	t.Helper()
	if clean := printable(text); clean != text {
		t.Errorf("%s: control characters in the text", name)
	}
	for _, l := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(l), "::") || strings.Contains(l, "##[") {
			t.Errorf("%s: a command of GitHub: %q", name, l)
		}
	}
}

// poison puts a hostile text in place of every text that is no word of the program's own.
func poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(evil)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				poison(v.Field(i))
			}
		}
	}
}
