package model

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// conformed are the releases whose classes are compared with the model.
var conformed = []string{"3.9.1", "4.1.1", "4.3.1"}

// script is a run of one class: commands for a driver in testdata/conformance, each with the answers that the model allows;
// none where nothing is compared.
type script struct {
	driver   string
	commands []string
	want     [][]string
}

func (s *script) add(command string, want ...string) {
	s.commands, s.want = append(s.commands, command), append(s.want, want)
}

// conformance is a class of Kafka with the rules of the model that it decides.
type conformance struct {
	name string
	runs int
	// script draws a run. A broken model has one rule changed on purpose, which the comparison must find.
	script func(rng *rand.Rand, v Version, broken bool) *script
}

var conformances = []conformance{
	{"ProducerAppendInfo, transactions", 200, producerScript},
	{"ProducerAppendInfo, sequences", 200, sequenceScript},
	{"PartitionChangeBuilder", 150, electionScript},
	{"ClassicGroup", 60, groupScript},
	{"Partition", 25, leaderScript},
	{"Sender and TransactionManager", 200, senderScript},
	{"ReplicaManager", 12, brokerScript},
}

// TestConformance compares classes of released versions of Kafka with the actions of the model, over random runs: each run is
// played on the model and, command by command, on Kafka's own class. It needs a JDK and Maven, which fetches the releases
// with their tests (KCHECK_MAVEN_REPOSITORY names a local repository), and runs where KCHECK_CONFORMANCE is a seed, or
// "random".
func TestConformance(t *testing.T) {
	seed := conformanceSeed(t)
	t.Logf("KCHECK_CONFORMANCE=%d", seed)
	for _, release := range conformed {
		t.Run(release, func(t *testing.T) {
			java := javaOf(t, release)
			v := version(t, release)
			for i := range conformances {
				c := &conformances[i]
				t.Run(c.name, func(t *testing.T) {
					rng := rand.New(rand.NewPCG(seed, uint64(i)))
					var right, broken []*script
					for range c.runs {
						right, broken = append(right, c.script(rng, v, false)), append(broken, c.script(rng, v, true))
					}
					answers := java.play(t, append(slices.Clone(right), broken...))
					if n, first := differences(right, answers); n > 0 {
						t.Errorf("%d of %d runs differ; the first:\n%s", n, len(right), first)
					}
					if n, _ := differences(broken, answers[len(right):]); n == 0 {
						t.Errorf("a rule that is broken on purpose is not noticed in %d runs", len(broken))
					} else {
						t.Logf("%d runs; of those with a broken rule %d differ", len(right), n)
					}
				})
			}
		})
	}
}

// conformanceSeed is the seed of the runs, or the test is skipped.
func conformanceSeed(t *testing.T) uint64 {
	t.Helper()
	switch text := os.Getenv("KCHECK_CONFORMANCE"); text {
	case "":
		t.Skip("skipped: KCHECK_CONFORMANCE is not set to a seed, or to random")
	case "random":
		return uint64(time.Now().UnixNano()) % 1_000_000
	default:
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("KCHECK_CONFORMANCE=%s: a number or random is expected", text)
		}
		return seed
	}
	return 0
}

// differences counts the scripts with an answer that the model does not allow, and shows the first.
func differences(scripts []*script, answers [][]string) (n int, first string) {
	for i, s := range scripts {
		for j, want := range s.want {
			if len(want) == 0 || slices.Contains(want, answers[i][j]) {
				continue
			}
			if n++; n == 1 {
				var text strings.Builder
				for k := range j + 1 {
					fmt.Fprintf(&text, "  %s -> %s\n", s.commands[k], answers[i][k])
				}
				first = fmt.Sprintf("  new %s\n%s  the model: %s", s.driver, text.String(), strings.Join(want, ", or "))
			}
			break
		}
	}
	return n, first
}

// jvm runs the drivers with the classes of a release.
type jvm struct{ classPath string }

const conformancePOM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>kcheck</groupId><artifactId>conformance</artifactId><version>1</version><dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>VERSION</version></dependency>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>VERSION</version><classifier>test</classifier></dependency>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>VERSION</version><classifier>test</classifier></dependency>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-server-common</artifactId><version>VERSION</version><classifier>test</classifier></dependency>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-metadata</artifactId><version>VERSION</version><classifier>test</classifier></dependency>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-storage</artifactId><version>VERSION</version><classifier>test</classifier></dependency>
<dependency><groupId>org.mockito</groupId><artifactId>mockito-core</artifactId><version>5.14.2</version></dependency>
<dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.10.2</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
</dependencies></project>
`

// javaOf compiles the drivers against a release, or skips the test.
func javaOf(t *testing.T, release string) *jvm {
	t.Helper()
	for _, program := range []string{"java", "javac", "mvn"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("skipped: there is no %s on the path", program)
		}
	}
	dir := t.TempDir()
	pom, path, classes := filepath.Join(dir, "pom.xml"), filepath.Join(dir, "classpath"), filepath.Join(dir, "classes")
	if err := os.WriteFile(pom, []byte(strings.ReplaceAll(conformancePOM, "VERSION", release)), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"-q", "-B", "-f", pom, "dependency:build-classpath", "-Dmdep.outputFile=" + path}
	if repository := os.Getenv("KCHECK_MAVEN_REPOSITORY"); repository != "" {
		args = append(args, "-Dmaven.repo.local="+repository)
	}
	if out, err := exec.Command("mvn", args...).CombinedOutput(); err != nil {
		t.Skipf("skipped: Maven does not get Kafka %s with its tests: %v\n%s", release, err, out)
	}
	jars, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob(filepath.Join("testdata", "conformance", "*.java"))
	if err != nil || len(sources) == 0 {
		t.Fatal(sources, err)
	}
	classPath := classes + string(os.PathListSeparator) + strings.TrimSpace(string(jars))
	if out, err := exec.Command("javac", append([]string{"-nowarn", "-cp", classPath, "-d", classes}, sources...)...).CombinedOutput(); err != nil {
		t.Fatalf("javac: %v\n%s", err, out)
	}
	return &jvm{classPath}
}

// play plays scripts and gives the answer to each of their commands.
func (j *jvm) play(t *testing.T, scripts []*script) [][]string {
	t.Helper()
	var in, errs bytes.Buffer
	for _, s := range scripts {
		fmt.Fprintf(&in, "new %s\n%s\n", s.driver, strings.Join(s.commands, "\n"))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "java", "-Xshare:auto", "-cp", j.classPath, "Conform")
	cmd.Stdin, cmd.Stderr = &in, &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("java: %v\n%s", err, errs.String())
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	next := func() string {
		if !lines.Scan() {
			t.Fatalf("the drivers stopped early\n%s", errs.String())
		}
		return lines.Text()
	}
	var all [][]string
	for _, s := range scripts {
		if ready := next(); ready != "ready" {
			t.Fatalf("new %s: %s\n%s", s.driver, ready, errs.String())
		}
		var answers []string
		for range s.commands {
			answers = append(answers, next())
		}
		all = append(all, answers)
	}
	return all
}
