// Command build makes the WebAssembly program of the what-if page, which the command embeds when it is built next:
//
//	go run ./cmd/kcheck/internal/whatif/build
//	go build ./cmd/kcheck
//
// It runs from anywhere in a checkout and needs only Go.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const module = "github.com/kcheck/kcheck"

// inlined are the packages in which calls are inlined: those that searches spend their time in. Without it elsewhere the
// program is a seventh smaller.
var inlined = []string{
	module + "/explore/...", module + "/model", module + "/invariants", module + "/invariants/plan",
	"runtime/...", "internal/...", "slices", "sync/atomic", "math/bits",
}

func main() {
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// build writes the program and the script that starts it into the folder that is embedded.
func build() error {
	root, err := output("go", "list", "-m", "-f", "{{.Dir}}", module)
	if err != nil {
		return err
	}
	goroot, err := output("go", "env", "GOROOT")
	if err != nil {
		return err
	}
	folder := filepath.Join(root, "cmd", "kcheck", "internal", "whatif", "page", "engine")
	program, err := compile(root)
	if err != nil {
		return err
	}
	start, err := os.ReadFile(filepath.Join(goroot, "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "wasm_exec.js"), start, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %.1f MB\n", filepath.Join(folder, "kcheck.wasm.gz"), float64(len(program))/1e6)
	return os.WriteFile(filepath.Join(folder, "kcheck.wasm.gz"), program, 0o644)
}

// compile makes the program, compressed.
func compile(root string) ([]byte, error) {
	work, err := os.MkdirTemp("", "kcheck-wasm")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	file := filepath.Join(work, "kcheck.wasm")
	args := []string{"build", "-trimpath", "-ldflags=-s -w", "-gcflags=all=-l"}
	for _, pattern := range inlined {
		args = append(args, "-gcflags="+pattern+"=")
	}
	cmd := exec.Command("go", append(args, "-o", file, module+"/cmd/kcheck/internal/whatif/engine")...)
	cmd.Dir, cmd.Env = root, append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	program, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(program); err != nil {
		return nil, err
	}
	err = w.Close()
	return packed.Bytes(), err
}

// output is what a command prints, without the end of its line.
func output(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}
