package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// fixturesFolder has files of every format, good and broken, as an absolute path.
var fixturesFolder, _ = filepath.Abs("../../model/kafkaconf/testdata/formats")

// TestMain makes the scripts' "kcheck" this very program.
func TestMain(m *testing.M) {
	if os.Getenv("KCHECK_TEST_RUN") != "" {
		os.Exit(run(os.Args[1:], streams{out: os.Stdout, err: os.Stderr}))
	}
	testscript.Main(m, map[string]func(){
		"kcheck": func() {
			if day := os.Getenv("KCHECK_TEST_TODAY"); day != "" {
				today = func() string { return day }
			}
			os.Exit(run(os.Args[1:], streams{out: os.Stdout, err: os.Stderr}))
		},
	})
}

// TestScripts runs the contract of the command line: testdata/script has one file for each part of it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":   runWithStatus,
			"lines":    countLines,
			"fixtures": copyFixtures,
		},
	})
}

// copyFixtures is the script command "fixtures": it copies the files of every format that kcheck reads into a folder
// formats.
func copyFixtures(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: fixtures")
	}
	ts.Check(os.CopyFS(ts.MkAbs("formats"), os.DirFS(fixturesFolder)))
}

// runWithStatus is the script command "status N COMMAND ARG...": it runs a command that must end with exit status N.
func runWithStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// countLines is the script command "lines FILE N": the file (or stdout, stderr) has N lines.
func countLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: lines FILE N")
	}
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	got := 0
	for _, c := range ts.ReadFile(args[0]) {
		if c == '\n' {
			got++
		}
	}
	if got != want {
		ts.Fatalf("%s has %d lines, want %d", args[0], got, want)
	}
}
