package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/clustertest"
	"github.com/kcheck/kcheck/invariants/verdict"
)

// largeFleet writes a folder with a cluster, two applications, and topics in 20 configurations: with the applications
// these are 40.
func largeFleet(t testing.TB, topics int) (folder string) {
	t.Helper()
	folder = t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("kafka.yaml", "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: main}\n"+
		"spec: {kafka: {version: 4.1.0, replicas: 3, config: {default.replication.factor: 3}}}\n")
	for _, acks := range []string{"1", "all"} {
		write("acks-"+acks+"/producer.properties", "acks="+acks+"\n")
		write("acks-"+acks+"/consumer.properties", "group.id=of-"+acks+"\nenable.auto.commit=false\n")
	}
	var configurations []string
	for _, replicas := range []int{1, 2, 3} {
		for _, minISR := range []int{1, 2} {
			for _, unclean := range []bool{false, true} {
				for _, flush := range []string{"", ", flush.messages: 1"} {
					if minISR <= replicas {
						configurations = append(configurations, fmt.Sprintf("replicas: %d, config: {min.insync.replicas: %d, unclean.leader.election.enable: %v%s}",
							replicas, minISR, unclean, flush))
					}
				}
			}
		}
	}
	var file strings.Builder
	for i := range topics {
		fmt.Fprintf(&file, "---\napiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaTopic\nmetadata: {name: topic-%04d, labels: {strimzi.io/cluster: main}}\n"+
			"spec: {partitions: 6, %s}\n", i, configurations[i%len(configurations)])
		if i%100 == 99 || i == topics-1 {
			write(fmt.Sprintf("topics/%04d.yaml", i/100), file.String())
			file.Reset()
		}
	}
	return folder
}

// BenchmarkFleet checks 2,000 topics in 40 configurations against three guarantees:
//
//	go test -run - -bench Fleet -benchtime 1x ./cmd/kcheck
func BenchmarkFleet(b *testing.B) {
	folder := largeFleet(b, 2000)
	for b.Loop() {
		status, out, errs := kcheck("fleet", folder, "--guarantee", "no-acked-loss", "--guarantee", "at-least-once", "--guarantee", "at-most-once", "--brief")
		if status != 0 || !strings.Contains(out, "2,000 topics, 40 configurations") {
			b.Fatalf("status %d, %s\n%s", status, errs, out)
		}
		b.Log(out[:strings.Index(out, "CONFIGURATION")])
	}
}

// Of a live cluster, every topic is checked with every group that has a position in it. Groups are
// listed by configuration: a position makes no difference to the one of payments, so that it is with orders.
func TestFleetOfCluster(t *testing.T) {
	_, address := clustertest.Start(t)
	for name, minISR := range map[string]string{"orders": "2", "payments": "2", "clicks": "1"} {
		clustertest.CreateTopic(t, address, name, minISR)
	}
	offsets := kadm.Offsets{}
	offsets.AddOffset("orders", 0, 5, -1)
	if err := clustertest.Admin(t, address).CommitAllOffsets(context.Background(), "billing", offsets); err != nil {
		t.Fatal(err)
	}
	producer := filepath.Join(t.TempDir(), "producer.properties")
	if err := os.WriteFile(producer, []byte("acks=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, errs := kcheck("fleet", "--bootstrap-server", address, "--producer", producer, "--guarantee", "at-least-once",
		"--faults", "broker-crash=1", "--messages", "1", "--format", "json")
	var got struct {
		Topics int
		Fleet  []struct {
			Topics, Groups []string
			Verdicts       map[string]verdict.Verdict
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || status != 0 {
		t.Fatalf("status %d, %v, %s\n%s", status, err, errs, out)
	}
	seen := map[string]string{}
	for _, c := range got.Fleet {
		for _, topic := range c.Topics {
			seen[topic] += fmt.Sprint(c.Groups, c.Verdicts["at-least-once"])
		}
	}
	want := map[string]string{"orders": "[billing]violated", "payments": "[billing]violated", "clicks": "[]violated"}
	if got.Topics != 3 || !reflect.DeepEqual(seen, want) {
		t.Errorf("%d topics, %v, want %v", got.Topics, seen, want)
	}
	if status, _, errs := kcheck("fleet", "--bootstrap-server", "127.0.0.1:1"); status != 2 || !strings.Contains(errs, "cannot connect") {
		t.Errorf("status %d, %s", status, errs)
	}
}

// What a fleet says of a topic is what a check of that topic says.
func TestFleetAgrees(t *testing.T) {
	folder := largeFleet(t, 20)
	args := []string{"--guarantee", "at-least-once", "--faults", "power-loss=1", "--messages", "1", "--format", "json"}
	_, out, errs := kcheck(append([]string{"fleet", folder}, args...)...)
	var got struct {
		Fleet []struct {
			Configuration        string
			Topics, Applications []string
			Verdicts             map[string]verdict.Verdict
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err, errs)
	}
	if len(got.Fleet) != 40 {
		t.Errorf("%d configurations", len(got.Fleet))
	}
	for i, c := range got.Fleet {
		if i%7 != 0 {
			continue
		}
		files := append([]string{"check", filepath.Join(folder, "kafka.yaml"), filepath.Join(folder, "topics/0000.yaml"), "--topic-name", c.Topics[0]},
			strings.Split(c.Applications[0], " + ")...)
		_, out, errs := kcheck(append(files, args...)...)
		var check verdict.Report
		if err := json.Unmarshal([]byte(out), &check); err != nil || len(check.Results) != 1 {
			t.Fatal(err, errs)
		}
		if r := &check.Results[0]; r.Configuration != c.Configuration || r.Verdict != c.Verdicts["at-least-once"] {
			t.Errorf("%v: fleet %s %v, check %s %s", files, c.Configuration, c.Verdicts, r.Configuration, r.Verdict)
		}
	}
}
