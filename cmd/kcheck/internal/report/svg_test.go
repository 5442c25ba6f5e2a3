package report

import (
	"encoding/xml"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// TestSVG checks that the picture of every saved result, of a hostile one, of a long one and of none is well-formed XML and
// needs nothing from elsewhere.
func TestSVG(t *testing.T) {
	reports := map[string]*verdict.Report{"hostile": hostile(), "long": longReport(t, 1000), "none": verdict.NewReport()}
	files, _ := filepath.Glob("testdata/*.json")
	for _, file := range files {
		reports[file] = savedReport(t, file)
	}
	for name, r := range reports {
		picture := written(t, "svg", r)
		d := xml.NewDecoder(strings.NewReader(picture))
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, picture)
			}
			if start, ok := token.(xml.StartElement); ok && (start.Name.Local == "script" || start.Name.Local == "image") {
				t.Errorf("%s: an element %s", name, start.Name.Local)
			}
		}
		if strings.Contains(picture, "href") || len(picture) > 1_000_000 {
			t.Errorf("%s: it is %d bytes, or has links", name, len(picture))
		}
	}
}
