package verdict

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"runtime/debug"
	"sync"
)

// Build names this build of kcheck, so that results of one are not taken for those of another with the same version:
// the revision that it was built from or, where that is not known or not all, the program itself.
func Build() string { return build() }

var build = sync.OnceValue(func() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		settings := map[string]string{}
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
		if r := settings["vcs.revision"]; r != "" && settings["vcs.modified"] == "false" {
			return r[:min(len(r), 12)]
		}
	}
	return program()
})

// program names the file that is running by its content.
func program() string {
	name, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	f, err := os.Open(name)
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "unknown"
	}
	return "program " + hex.EncodeToString(h.Sum(nil))[:12]
}
