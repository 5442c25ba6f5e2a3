package report

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// FuzzTrace feeds anything to the reader of saved results: what it accepts can be rendered, and the rest is an error.
func FuzzTrace(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.json")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Add([]byte(`{"kcheck": "0", "results": [{"steps": [{"n": -1, "text": "ö"}], "stats": {"depth": -9}}]}`))
	f.Add([]byte("\x00\xff\x7fELF"))
	f.Fuzz(func(t *testing.T, data []byte) {
		report, err := Read("result.json", data)
		if err != nil {
			return
		}
		for _, format := range CheckFormats {
			var b bytes.Buffer
			if err := Check(report).Write(&b, format, Options{Color: true}); err != nil {
				t.Errorf("%s: %v", format, err)
			}
		}
	})
}
