package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/damage"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/invariants/spread"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/specs"
)

// smallSpec is a question that is answered in a moment, and violated.
const smallSpec = "guarantee: at-least-once\nproducer: {acks: 1}\ntopic: {replication.factor: 2}\nfaults: {broker-crash: 1}\nscope: {messages: 1}\n"

// formatSamples are small files of formats that no other test of this package has, with secrets.
var formatSamples = []string{
	"mp.messaging.outgoing.orders.connector=smallrye-kafka\nmp.messaging.outgoing.orders.acks=1\nkafka.bootstrap.servers=b:1\nkafka.ssl.key.password=hunter1\n",
	"spring:\n  cloud:\n    stream:\n      kafka:\n        binder:\n          brokers: b:1\n          required-acks: 1\n          configuration: {sasl.jaas.config: hunter2}\n      bindings:\n        in-0: {destination: orders, group: g}\n",
	"apiVersion: platform.confluent.io/v1beta1\nkind: Kafka\nmetadata: {name: k}\nspec:\n  replicas: 3\n  configOverrides:\n    server:\n      - min.insync.replicas=2\n      - ssl.key.password=hunter3\n",
	"apiVersion: apps/v1\nkind: StatefulSet\nspec:\n  replicas: 3\n  template:\n    spec:\n      containers:\n        - image: apache/kafka:3.9.0\n          env:\n            - {name: KAFKA_PROCESS_ROLES, value: 'broker,controller'}\n            - {name: KAFKA_SSL_KEY_PASSWORD, value: hunter4}\n",
	"resource \"kafka_topic\" \"orders\" {\n  name = \"orders\"\n  replication_factor = 2\n  config = {\n    \"min.insync.replicas\" = \"2\"\n  }\n}\nprovider \"kafka\" {\n  sasl_password = \"hunter5\"\n}\n",
	"[default]\nbootstrap.servers=b:1\nacks=1\nsasl.password=hunter6\n[consumer]\ngroup.id=g\nauto.offset.reset=earliest\n",
	"clusters = a, b\na->b.enabled = true\nreplication.factor = 3\na.sasl.jaas.config = hunter7\na.producer.acks = 1\n",
	"ksql.service.id=totals_\nksql.streams.producer.acks=all\nksql.streams.processing.guarantee=exactly_once_v2\nsasl.jaas.config=hunter8\n",
	"controller:\n  replicaCount: 3\noverrideConfiguration:\n  min.insync.replicas: 2\nsasl: {client: {passwords: hunter9}}\nprovisioning:\n  topics:\n    - {name: orders, replicationFactor: 3}\n",
	`{"Kafka": {"BootstrapServers": "b:1", "Acks": "Leader", "SaslPassword": "hunter10"}}`,
	"kafka:\n  bootstrap.servers: b:1\n  producers:\n    default: {acks: 1, ssl.key.password: hunter11}\n",
	"meta: {name: orders, cluster: c}\nspec:\n  partitions: 1\n  replicationFactor: 3\n  settings: {min.insync.replicas: 2}\n",
	"KAFKA_PROCESS_ROLES=broker,controller\nKAFKA_SSL_KEY_PASSWORD=hunter12\nSPRING_KAFKA_PRODUCER_ACKS=1\n",
	"application.id=totals\nprocessing.guarantee=exactly_once_v2\nproducer.ssl.key.password=hunter13\n",
	"# the private key of the producer\nacks=1\nssl.keystore.key=-----BEGIN PRIVATE KEY----- \\\n  MIIEvQIBADhunter14BgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us \\\n  -----END PRIVATE KEY-----\nretries=3\n",
}

// damaged is one kind of input that kcheck reads: its samples, and how one is given to the program.
type damaged struct {
	name    string
	samples [][]byte
	// damage is one of the samples, damaged.
	damage func(r *rand.Rand, samples [][]byte) []byte
	// args are the arguments with which the file is read.
	args func(r *rand.Rand, file string) []string
	// put writes the damaged file; nil writes it as it is.
	put func(file string, data []byte) error
	// plain says that the input is a text of people, whose problems have a line.
	plain bool
}

// TestDamagedInputs gives the program inputs of every kind that it reads, damaged at random: it answers, or says in clear
// lines what is wrong; it never panics, shows no secret, and nothing that moves a cursor. KCHECK_LONG=1 tries ten thousand
// of each kind that are new, KCHECK_SEED=N those of a test before.
func TestDamagedInputs(t *testing.T) {
	t.Parallel()
	seed, times := uint64(1), 150 // the same each time: what others show must not stop a change that has nothing to do with it
	if os.Getenv("KCHECK_LONG") != "" {
		seed, times = uint64(time.Now().UnixNano()), 10_000
	}
	if text := os.Getenv("KCHECK_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	t.Logf("seed %d", seed)
	for _, kind := range damagedKinds(t) {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for i := range times {
				r := rand.New(rand.NewPCG(seed, uint64(i)))
				kind.try(t, r, filepath.Join(dir, "input"))
				if t.Failed() {
					t.Fatalf("KCHECK_SEED=%d, input %d", seed, i)
				}
			}
		})
	}
}

// try gives one damaged input to the program.
func (d *damaged) try(t *testing.T, r *rand.Rand, file string) {
	t.Helper()
	data := d.damage(r, d.samples)
	put := d.put
	if put == nil {
		put = func(file string, data []byte) error { return os.WriteFile(file, data, 0o600) }
	}
	if err := put(file, data); err != nil {
		t.Fatal(err)
	}
	args := d.args(r, file)
	code, out, errs := survive(t, args, data)
	for _, text := range []string{out, errs} {
		if secret := shown(text, data); secret != "" {
			t.Errorf("%v shows a secret: …%.160q of %q", args, text[max(0, strings.Index(text, secret)-100):], data)
		}
		if strings.Contains(text, "goroutine ") || strings.Contains(text, "runtime error") {
			t.Errorf("%v: %.400q of %q", args, text, data)
		}
	}
	checkErrors(t, args, data, code, errs)
}

// secretToken is a secret of a test.
var secretToken = regexp.MustCompile(`hunter[0-9]*`)

// shown is a secret that is shown although the damaged file still has the name of its setting before it, or has it in a
// comment; empty for none. What is a secret cannot be known where the damage took its name away, also where that is so in one
// of two copies: there it is a name, alone in its line or in a list, or the value of another setting.
func shown(text string, data []byte) string {
	for _, token := range secretToken.FindAllString(text, -1) {
		named := regexp.MustCompile(`(?i)(password|secret|jaas|user.?info|plugin|my_kafka|key\.pem)[\w.\-]*["']?\s*[:=]+\s*\\?\s*["']?` + token + `\b|://\w+:` + token + `@|(?m:^|\s)#[^\n]*` + token + `\b`)
		alone := regexp.MustCompile(`(?m)^(?:\\.|[^\s=:"'])*` + token + `\b[^=:\n]*$|[=:]\s*["']?` + token + `["']?\s*(?:[,}\n]|$)|[{,]\s*["']?[\w.\-]*` + token + `\b`)
		if named.Match(data) && !alone.Match(named.ReplaceAll(data, nil)) {
			return token
		}
	}
	return ""
}

// survive runs the program, and has a panic tell where it was.
func survive(t *testing.T, args []string, data []byte) (code int, out, errs string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("%v: panic: %v\n%s\n%q", args, p, debug.Stack(), data)
		}
	}()
	var stdout, stderr bytes.Buffer
	code = execute(ctx, args, streams{out: &stdout, err: &stderr, stdin: bytes.NewReader(data)})
	if ctx.Err() != nil {
		t.Errorf("%v: no answer after 20 s, of %q", args, data)
	}
	return code, stdout.String(), stderr.String()
}

// checkErrors looks at the exit status and at what is said on standard error.
func checkErrors(t *testing.T, args []string, data []byte, code int, errs string) {
	t.Helper()
	if code < 0 || code > 3 {
		t.Errorf("%v: exit status %d", args, code)
	}
	if code == 2 && strings.TrimSpace(errs) == "" && args[0] != "work" {
		t.Errorf("%v: exit status 2, and not a word, of %q", args, data)
	}
	for _, line := range strings.Split(errs, "\n") {
		if report.Harmless(line) != line || strings.ContainsFunc(line, func(c rune) bool { return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) }) {
			t.Errorf("%v prints %q", args, line)
		}
		if len(line) > 2000 {
			t.Errorf("%v prints a line of %d bytes: %.200q", args, len(line), line)
		}
	}
}

// damagedKinds are all kinds of input.
func damagedKinds(t *testing.T) []damaged {
	t.Helper()
	dir := t.TempDir()
	spec := filepath.Join(dir, "spec.yaml")
	if err := os.WriteFile(spec, []byte(smallSpec), 0o600); err != nil {
		t.Fatal(err)
	}
	ask := func(args ...string) func(*rand.Rand, string) []string {
		return func(_ *rand.Rand, file string) []string { return append(append([]string{}, args...), file) }
	}
	ones := func(flags ...string) func(*rand.Rand, string) []string {
		return func(r *rand.Rand, file string) []string {
			if r.IntN(20) == 0 {
				return []string{"check", file, "--timeout", "30ms", "--workers", "1"}
			}
			return append([]string{"config", file}, flags[:r.IntN(len(flags)+1)]...)
		}
	}
	parts := []string{"--producer", "--topic", "--broker", "--controller", "--consumer"}
	cached := []string{"check", spec, "--cache", filepath.Join(dir, "cache"), "--brief"}
	result := saved(t, "check", spec, "--format", "json", "--exhaust")
	return []damaged{
		{name: "spec", samples: sampleSpecs(t), damage: texts, args: ones("--format=json"), plain: true},
		{name: "properties", samples: samplesOf(".properties", ".conf", ".env"), damage: texts, args: ones("--format=json"), plain: true},
		{name: "other formats", samples: samplesOf(".yml", ".yaml", ".txt", ".tf", ".ini"), damage: texts, args: ones("--format=json"), plain: true},
		{name: "JSON", samples: samplesOf(".json"), damage: textsAndJSON, args: ones("--format=json"), plain: true},
		{name: "file of a flag", samples: samplesOf(".properties", ".yml", ".json"), damage: textsAndJSON, plain: true,
			args: func(r *rand.Rand, file string) []string { return []string{"config", parts[r.IntN(len(parts))], file} }},
		{name: "spec of init", samples: samplesOf(".properties", ".yml", ".json"), damage: textsAndJSON, args: ask("init"), plain: true},
		{name: "waivers", samples: [][]byte{[]byte("waivers:\n  - guarantee: at-least-once\n    spec: \"*\"\n    faults: {broker-crash: 1}\n    reason: known (OPS-311)\n    expires: 2026-12-31\n")},
			damage: texts, args: ask(append(cached, "--waivers")...), plain: true},
		{name: "rates", samples: [][]byte{[]byte("defaults: none\nfaults: {power-loss: 0.5/year, request-lost: 1e-6/request}\nsteps: {fetch: 5ms, restart: 60s}\nmessages: 1000/s\n")},
			damage: texts, args: ask("risk", spec, "--states", "20", "--rates"), plain: true},
		{name: "saved result", samples: [][]byte{result, saved(t, "check", "semantics-exactly-once-4.1", "--format", "json")}, damage: textsAndJSON,
			args: func(r *rand.Rand, file string) []string {
				return []string{"trace", file, "--format", report.CheckFormats[r.IntN(len(report.CheckFormats))]}
			}},
		{name: "baseline", samples: [][]byte{result}, damage: textsAndJSON, args: ask(append(cached, "--baseline")...)},
		{name: "certificate", samples: [][]byte{unzipped(t, certified(t, spec))}, damage: claims, args: ask("verify"), put: zipTo},
		cacheEntries(t, spec),
		workLines(t, spec),
		gatheredLines(t, spec),
	}
}

// texts damages a sample as a text.
func texts(r *rand.Rand, samples [][]byte) []byte {
	return damage.Text(r, samples[r.IntN(len(samples))], samples)
}

// textsAndJSON damages a sample as a text or as JSON.
func textsAndJSON(r *rand.Rand, samples [][]byte) []byte {
	if r.IntN(2) == 0 {
		return texts(r, samples)
	}
	return damage.JSON(r, samples[r.IntN(len(samples))])
}

// sampleSpecs are small specs, some built in, some that show every key.
func sampleSpecs(t *testing.T) [][]byte {
	t.Helper()
	samples := [][]byte{[]byte(smallSpec), []byte(secretFiles["spec.yaml"]), []byte(secretFiles["bad.yaml"])}
	for i, name := range specs.Names() {
		if i%40 == 0 {
			data, err := specs.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			samples = append(samples, data)
		}
	}
	return samples
}

// samplesOf are the configuration files with these ends: fixtures, files with secrets, and the samples of formats.
func samplesOf(ends ...string) [][]byte {
	var samples [][]byte
	for _, end := range ends {
		files, _ := fs.Glob(os.DirFS(fixturesFolder), "*"+end)
		for _, name := range files {
			if data, err := os.ReadFile(filepath.Join(fixturesFolder, name)); err == nil {
				samples = append(samples, data)
			}
		}
		for name, text := range secretFiles {
			if filepath.Ext(name) == end && !strings.Contains(name, "spec") {
				samples = append(samples, []byte(text))
			}
		}
	}
	for _, text := range formatSamples {
		isJSON := strings.HasPrefix(text, "{")
		if isJSON == (ends[0] == ".json") {
			samples = append(samples, []byte(text))
		}
	}
	return samples
}

// saved is what a command writes to standard output.
func saved(t *testing.T, args ...string) []byte {
	t.Helper()
	_, out, errs := kcheck(args...)
	if out == "" {
		t.Fatalf("%v: %s", args, errs)
	}
	return []byte(out)
}

// certified is a small certificate.
func certified(t *testing.T, spec string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "cert")
	if code, _, errs := kcheck("check", spec, "--set", "producer.acks=all", "--brief", "--certificate", file); code != 0 {
		t.Fatal(errs)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func unzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// claims damages the claim of a certificate as JSON, or any of its bytes.
func claims(r *rand.Rand, samples [][]byte) []byte {
	if r.IntN(2) == 0 {
		return texts(r, samples)
	}
	parts := bytes.SplitN(samples[0], []byte("\n"), 3)
	return bytes.Join([][]byte{parts[0], damage.JSON(r, parts[1]), parts[2]}, []byte("\n"))
}

// zipTo writes a certificate; every tenth has its compression damaged.
func zipTo(file string, data []byte) error {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if _, err := z.Write(data); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	out := b.Bytes()
	if len(data)%10 == 0 {
		r := rand.New(rand.NewPCG(uint64(len(data)), 1))
		out = damage.Text(r, out, nil)
	}
	return os.WriteFile(file, out, 0o600)
}

// cacheEntries are the entries of a folder of answers, damaged beneath a checksum that is right.
func cacheEntries(t *testing.T, spec string) damaged {
	t.Helper()
	dir := t.TempDir()
	commands := [][]string{{"matrix", spec, "--vary", "producer.acks=0,1", "--cache", dir}, {"check", spec, "--cache", dir}}
	for _, args := range commands {
		saved(t, args...)
	}
	var entries []string
	var samples [][]byte
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, _ error) error {
		if !d.IsDir() {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, body, _ := bytes.Cut(data, []byte("\n"))
			entries, samples = append(entries, path), append(samples, body)
		}
		return nil
	})
	which := 0
	return damaged{name: "cache", samples: samples,
		damage: func(r *rand.Rand, samples [][]byte) []byte {
			which = r.IntN(len(samples))
			for i := range samples { // the others are whole
				_ = putEntry(entries[i], samples[i])
			}
			if r.IntN(4) == 0 {
				return damage.Text(r, samples[which], samples)
			}
			return damage.JSON(r, samples[which])
		},
		put: func(_ string, data []byte) error { return putEntry(entries[which], data) },
		args: func(r *rand.Rand, _ string) []string {
			args := commands[0]
			if r.IntN(20) == 0 { // what it says of causes takes long to find out again
				args = commands[1]
			}
			return append(append([]string{}, args...), "--format", []string{"text", "json", "markdown", "html"}[r.IntN(4)])
		}}
}

// putEntry writes an entry of the cache with its checksum.
func putEntry(file string, body []byte) error {
	sum := sha256.Sum256(body)
	return os.WriteFile(file, []byte(hex.EncodeToString(sum[:])+"\n"+string(body)), 0o600)
}

// workLines are lines of a plan: damaged, or whole lines about questions that are damaged.
func workLines(t *testing.T, spec string) damaged {
	t.Helper()
	lines := bytes.SplitAfter(saved(t, "matrix", spec, "--vary", "producer.acks=0,1", "--plan"), []byte("\n"))
	var first spread.Line
	if err := json.Unmarshal(lines[0], &first); err != nil {
		t.Fatal(err)
	}
	return damaged{name: "work", samples: lines[:2],
		damage: func(r *rand.Rand, samples [][]byte) []byte {
			if r.IntN(3) > 0 {
				return textsAndJSON(r, samples)
			}
			return renamed(r, first.Unit, samples[0])
		},
		args: func(*rand.Rand, string) []string { return []string{"work", "--workers", "1"} }}
}

// renamed is a line of a plan whose question is damaged and whose name is right again; line where it cannot be one.
func renamed(r *rand.Rand, unit spread.Unit, line []byte) []byte {
	data, err := json.Marshal(unit)
	if err != nil {
		return line
	}
	var forged spread.Unit
	if json.Unmarshal(damage.JSON(r, data), &forged) != nil {
		return line
	}
	var b bytes.Buffer
	plan, err := func() (p *spread.Planned, err error) {
		defer func() {
			if recover() != nil { // the size of no question: no kcheck plans it
				err = fmt.Errorf("no plan")
			}
		}()
		return spread.Plan("matrix", []spread.Unit{forged}, spread.Limits{Timeout: 100 * time.Millisecond, Memory: 64 << 20})
	}()
	if err != nil || plan.Write(&b) != nil {
		return line
	}
	return b.Bytes()
}

// gatheredLines are the results of kcheck work.
func gatheredLines(t *testing.T, spec string) damaged {
	t.Helper()
	command := []string{"matrix", spec, "--vary", "producer.acks=0,1"}
	plan := saved(t, append(command, "--plan")...)
	var out bytes.Buffer
	if err := spread.Work(t.Context(), bytes.NewReader(plan), &out, verdict.Options{}); err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(bytes.TrimSpace(out.Bytes()), []byte("\n"))
	return damaged{name: "gather", samples: lines,
		damage: func(r *rand.Rand, samples [][]byte) []byte {
			i := r.IntN(len(samples))
			data := damage.JSON(r, samples[i])
			if r.IntN(3) == 0 {
				data = damage.Text(r, samples[i], samples)
			}
			return bytes.Join([][]byte{data, samples[1-i]}, []byte("\n"))
		},
		args: func(r *rand.Rand, file string) []string {
			return append(append([]string{}, command...), "--gather", file, "--format", []string{"text", "json", "markdown", "html"}[r.IntN(4)])
		}}
}
