package cluster

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/reproduce/jvm"
)

// TestABrokerThatEndsIsNotWaitedFor starts a cluster with a Java that ends at once when it is to run a broker.
func TestABrokerThatEndsIsNotWaitedFor(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the Java of this test is a shell script")
	}
	const java = `#!/bin/sh
case "$*" in *kafka.Kafka*) echo "12:00:00 ERROR Exiting Kafka due to fatal exception"; echo "12:00:01 INFO shut down"; exit 1 ;; esac
`
	home := t.TempDir()
	for file, text := range map[string]string{"bin/java": java, "bin/javac": "#!/bin/sh\n", "libs/kafka_2.13-4.1.1.jar": ""} {
		path := filepath.Join(home, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("JAVA_HOME", home)
	t.Setenv("TMPDIR", t.TempDir())
	h, err := jvm.OpenHome(home)
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	_, err = Start(t.Context(), h, Kind{Brokers: 1})
	if err == nil || !strings.Contains(err.Error(), "has ended: 12:00:00 ERROR Exiting Kafka due to fatal exception") {
		t.Errorf("error %v", err)
	}
	if took := time.Since(begin); took > StartLimit/3 {
		t.Errorf("waited %v", took)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, error %v", left, err)
	}
}
