//go:build linux

// Package spread tests the script that does lines of work of kcheck on an Apache Spark cluster.
package spread

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// matrix is a command whose lines take some seconds each, so that there is a middle.
var matrix = []string{"matrix", "--vary", "producer.acks=1,all", "--vary", "topic.min.insync.replicas=1,2", "--vary",
	"topic.replication.factor=2,3", "--guarantee", "at-least-once", "--guarantee", "no-acked-loss", "--faults", "standard", "--format", "markdown"}

// python is the Python that has PySpark: KCHECK_PYTHON, or python3.
func python(t *testing.T) string {
	t.Helper()
	name := os.Getenv("KCHECK_PYTHON")
	if name == "" {
		name = "python3"
	}
	if _, err := exec.LookPath("java"); err != nil {
		t.Skip("Spark needs a JDK, and there is no java on the PATH")
	}
	if out, err := exec.Command(name, "-c", "import pyspark; print(pyspark.__version__)").CombinedOutput(); err != nil {
		t.Skipf("%s has no PySpark (%v); pip install 'pyspark>=4,<5', or set KCHECK_PYTHON: %s", name, err, lastLine(out))
	}
	return name
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// kcheck runs a command of the program that was built.
func kcheck(t *testing.T, program string, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, errs.String())
	}
	return out.Bytes()
}

// TestSpark does the lines of a matrix with two executors, one of which is killed in the middle, and compares what is
// gathered with what one process writes.
func TestSpark(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Spark")
	}
	python := python(t)
	dir := t.TempDir()
	program := filepath.Join(dir, "kcheck")
	if out, err := exec.Command("go", "build", "-o", program, "../../cmd/kcheck").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	plan, results := filepath.Join(dir, "plan.jsonl"), filepath.Join(dir, "results.jsonl")
	kcheck(t, program, append(matrix, "--plan", "--output", plan)...)
	spark := exec.Command(python, "spark_work.py", plan, results, "--kcheck", program, "--lines", "1",
		"--master", "local-cluster[2,1,1024]", "--conf", "spark.ui.enabled=false", "--conf", "spark.driver.bindAddress=127.0.0.1",
		"--conf", "spark.driver.host=127.0.0.1")
	spark.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // what it starts is in its group
	var said bytes.Buffer
	spark.Stdout, spark.Stderr = &said, &said
	if err := spark.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Kill(-spark.Process.Pid, syscall.SIGKILL) }()
	done := make(chan error, 1)
	go func() { done <- spark.Wait() }()
	killed := 0
	for killed == 0 {
		select {
		case err := <-done:
			t.Fatalf("Spark ended before an executor was killed: %v\n%s", err, said.String())
		case <-time.After(50 * time.Millisecond):
			killed = killWorking(spark.Process.Pid)
		}
	}
	t.Logf("killed the executor with process id %d while it worked", killed)
	if err := <-done; err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	one := kcheck(t, program, matrix...)
	if got := kcheck(t, program, append(matrix, "--gather", results)...); !bytes.Equal(got, one) {
		t.Errorf("gathered\n%s\none process\n%s", got, one)
	}
}

// killWorking kills an executor below a process that has a kcheck at work, and gives its process id; 0 for none. Between
// the two are the Python workers of Spark.
func killWorking(spark int) int {
	parents, commands := processes()
	for pid := range parents {
		if !strings.Contains(commands[pid], "kcheck work") {
			continue
		}
		executor := 0
		for up := parents[pid]; up > 1; up = parents[up] {
			if executor == 0 && strings.Contains(commands[up], "CoarseGrainedExecutorBackend") {
				executor = up
			}
			if up == spark && executor > 0 && syscall.Kill(executor, syscall.SIGKILL) == nil {
				return executor
			}
		}
	}
	return 0
}

// processes are the parents and the command lines of all processes.
func processes() (parents map[int]int, commands map[int]string) {
	parents, commands = map[int]int{}, map[int]string{}
	entries, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range entries {
		data, err := os.ReadFile(stat)
		if err != nil {
			continue // it has ended
		}
		var pid, parent int
		var state string
		_, err1 := fmt.Sscan(string(data), &pid)
		_, err2 := fmt.Sscan(string(data[bytes.LastIndexByte(data, ')')+1:]), &state, &parent)
		command, err3 := os.ReadFile(filepath.Join(filepath.Dir(stat), "cmdline"))
		if err1 == nil && err2 == nil && err3 == nil {
			parents[pid], commands[pid] = parent, strings.ReplaceAll(string(command), "\x00", " ")
		}
	}
	return parents, commands
}
