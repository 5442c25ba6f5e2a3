package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/clustertest"
)

// kcheck runs a command line and gives its exit status and what it wrote.
func kcheck(args ...string) (status int, out, errs string) {
	var stdout, stderr bytes.Buffer
	status = execute(context.Background(), args, streams{out: &stdout, err: &stderr})
	return status, stdout.String(), stderr.String()
}

// A live topic and a producer's file are one question, and the answer says how to ask it again.
func TestBootstrapServer(t *testing.T) {
	_, address := clustertest.Start(t)
	clustertest.CreateTopic(t, address, "orders", "2")
	producer := filepath.Join(t.TempDir(), "producer.properties")
	if err := os.WriteFile(producer, []byte("acks=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	live := []string{"--bootstrap-server", address, "--topic-name", "orders"}
	status, out, errs := kcheck(append([]string{"check", producer, "--guarantee", "at-least-once", "--faults", "broker-crash=1", "--messages", "1", "--full"}, live...)...)
	if status != 1 || errs != "" {
		t.Errorf("status %d, %q", status, errs)
	}
	for _, want := range []string{"VIOLATED  at-least-once", "topic.min.insync.replicas = 2", "live topic orders", "--bootstrap-server", "--topic-name orders"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if status, out, errs := kcheck(append([]string{"init"}, live...)...); status != 0 || !strings.Contains(out, "min.insync.replicas: 2                      # live topic orders") {
		t.Errorf("kcheck init: status %d, %s\n%s", status, errs, out)
	}
	if status, out, _ := kcheck(append([]string{"config"}, live...)...); status != 0 || !strings.Contains(out, "topic.replication.factor = 3") {
		t.Errorf("kcheck config: status %d\n%s", status, out)
	}
}

// What is wrong with a cluster, or with how it is asked, is one line and exit status 2.
func TestBootstrapServerErrors(t *testing.T) {
	_, address := clustertest.Start(t)
	clustertest.CreateTopic(t, address, "orders", "2")
	client := filepath.Join(t.TempDir(), "client.properties")
	if err := os.WriteFile(client, []byte("security.protocol=SASL_SSL\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"--bootstrap-server", "nowhere"}, `--bootstrap-server nowhere: "nowhere" is not HOST:PORT`},
		{[]string{"--bootstrap-server", "127.0.0.1:1"}, "--bootstrap-server 127.0.0.1:1: cannot connect: connect: connection refused"},
		{[]string{"--bootstrap-server", address, "--topic-name", "odrers"}, "there is no topic odrers that this client may see; there are orders"},
		{[]string{"--bootstrap-server", address, "--command-config", "missing"}, "--command-config: missing: no such file or directory"},
		{[]string{"--bootstrap-server", address, "--command-config", client}, "sasl.mechanism: GSSAPI, the default, is not supported"},
		{[]string{"--command-config", client}, "--command-config: says how to connect, and to nothing; give --bootstrap-server HOST:PORT too"},
		{[]string{"--group", "billing"}, "--group: is read from a cluster; give --bootstrap-server HOST:PORT too"},
	} {
		status, out, errs := kcheck(append([]string{"check"}, test.args...)...)
		if status != 2 || !strings.Contains(errs, test.want) || strings.Count(errs, "\n") != 1 || out != "" {
			t.Errorf("%v: status %d\n got %q %q\nwant %q", test.args, status, errs, out, test.want)
		}
	}
}
