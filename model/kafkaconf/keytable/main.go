// Keytable writes the table of the settings that Kafka itself defines, keys_kafka.txt of package kafkaconf. For every
// release that package model knows it has Maven fetch the release's jars (org.apache.kafka:kafka_2.13, kafka_2.11 up to
// 2.3), runs Keys.java on their class path, which prints what the release's configuration classes hold, and writes one
// line for each setting with everything that changed from release to release.
//
//	go run ./model/kafkaconf/keytable
//
// needs a JDK of Java 17 or later, Maven, and Maven Central or a mirror of it; about 1 GB is fetched the first time into
// Maven's own repository (-repository names another). To add a release, add its number to package model and run this
// again; a test of package kafkaconf names every release that the table lacks.
package main

import (
	"cmp"
	"context"
	_ "embed" // for the program that reads the classes
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
)

//go:embed Keys.java
var keysJava []byte

func main() {
	output := flag.String("output", "model/kafkaconf/keys_kafka.txt", "the file to write")
	repository := flag.String("repository", "", "Maven's local repository; its own by default")
	flag.Parse()
	if err := run(context.Background(), *output, *repository); err != nil {
		fmt.Fprintln(os.Stderr, "keytable:", err)
		os.Exit(1)
	}
}

// run reads every release and writes the table.
func run(ctx context.Context, output, repository string) error {
	dir, err := os.MkdirTemp("", "keytable")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	source := filepath.Join(dir, "Keys.java")
	if err := os.WriteFile(source, keysJava, 0o600); err != nil {
		return err
	}
	if _, err := command(ctx, "javac", "-d", dir, source); err != nil {
		return err
	}
	t := table{keys: map[[2]string]*key{}}
	for _, v := range model.Released() {
		lines, err := keysOf(ctx, dir, repository, v)
		if err != nil {
			return err
		}
		t.add(v, lines)
		fmt.Fprintf(os.Stderr, "%s: %d settings\n", v, len(lines))
	}
	return os.WriteFile(output, []byte(t.text()), 0o644)
}

// pom is a project that has one release of Kafka on its class path.
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>keytable</groupId><artifactId>keytable</artifactId><version>1</version>
<dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_%s</artifactId><version>%s</version>
</dependency></dependencies></project>
`

// keysOf gives the lines that Keys.java prints for a release.
func keysOf(ctx context.Context, dir, repository string, v model.Version) ([]string, error) {
	scala := "2.13"
	if v < model.V2_4 {
		scala = "2.11"
	}
	project, classPath := filepath.Join(dir, "pom.xml"), filepath.Join(dir, "classpath")
	if err := os.WriteFile(project, fmt.Appendf(nil, pom, scala, v), 0o600); err != nil {
		return nil, err
	}
	args := []string{"-q", "-B", "-f", project, "dependency:build-classpath", "-Dmdep.outputFile=" + classPath}
	if repository != "" {
		args = append(args, "-Dmaven.repo.local="+repository)
	}
	if _, err := command(ctx, "mvn", args...); err != nil {
		return nil, fmt.Errorf("%s: %w", v, err)
	}
	jars, err := os.ReadFile(classPath)
	if err != nil {
		return nil, err
	}
	out, err := command(ctx, "java", "-cp", dir+string(os.PathListSeparator)+strings.TrimSpace(string(jars)), "Keys")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", v, err)
	}
	return strings.Split(strings.TrimSpace(out), "\n"), nil
}

// command runs a program and gives its output; the error has what it complained about.
func command(ctx context.Context, name string, args ...string) (string, error) {
	var complaint strings.Builder
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s%s", name, err, out, complaint.String())
	}
	return string(out), nil
}

// key is one setting through the releases.
type key struct {
	part, name string
	facts      [][3]string // type, valid values, default; by release, zero where the release has not got it
}

// table is all of them.
type table struct {
	releases []model.Version
	keys     map[[2]string]*key
}

// add takes up what a release has.
func (t *table) add(v model.Version, lines []string) {
	t.releases = append(t.releases, v)
	for _, line := range lines {
		column := strings.Split(line, "\t")
		name := [2]string{column[0], column[1]}
		if t.keys[name] == nil {
			t.keys[name] = &key{part: column[0], name: column[1]}
		}
		k := t.keys[name]
		for len(k.facts) < len(t.releases) {
			k.facts = append(k.facts, [3]string{})
		}
		k.facts[len(k.facts)-1] = [3]string{column[2], checked(column[1], column[4]), column[3]}
	}
}

// checked writes what a validator that is only code takes.
func checked(name, valid string) string {
	validator, code := strings.CutPrefix(valid, "code:")
	switch {
	case !code:
		return valid
	case name == "compression.gzip.level":
		return "1..9 or -1" // GzipCompression.LevelValidator
	case validator == "AutoOffsetResetStrategy$Validator":
		return "offset-reset"
	case validator == "ShareGroupAutoOffsetResetStrategy$Validator":
		return "share-offset-reset"
	case validator == "ShareAcknowledgementMode$Validator":
		return "implicit|explicit"
	case validator == "ShareAcquireMode$Validator":
		return "~batch_optimized|record_limit"
	}
	return "-"
}

// header explains the columns; the releases follow it.
const header = `# The settings that Kafka's own classes define, and the features of its clusters. Made by go run ./model/kafkaconf/keytable.
#
# part, name
# versions  "2.1.." since 2.1 and still there in the newest release; "0.9..0.10.2" first and last version; several with ","
# type      boolean, int, long, short, double, string, list, class, password
# valid     "1.." or "0..10" a range, "a|b" words, "~a|b" words in any case, "-" anything of the type
# default   "-" none
#
# What changed is written "0.8=0 ; 2.1=2147483647", each from that version on.
#
`

func (t *table) text() string {
	var b strings.Builder
	b.WriteString(header + "# releases")
	for _, v := range t.releases {
		b.WriteString(" " + v.String())
	}
	b.WriteString("\n")
	var all []*key
	for _, k := range t.keys {
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b *key) int { return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.name, b.name)) })
	for _, k := range all {
		for len(k.facts) < len(t.releases) {
			k.facts = append(k.facts, [3]string{})
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\t%s\n", k.part, k.name, t.versions(k), t.history(k, 0), t.history(k, 1), t.history(k, 2))
	}
	return b.String()
}

// versions writes in which releases a setting is.
func (t *table) versions(k *key) string {
	var ranges []string
	for i := 0; i < len(k.facts); i++ {
		if k.facts[i][0] == "" {
			continue
		}
		from := i
		for i+1 < len(k.facts) && k.facts[i+1][0] != "" {
			i++
		}
		to := ""
		if i < len(t.releases)-1 {
			to = t.until(i)
		}
		ranges = append(ranges, t.since(from)+".."+to)
	}
	return strings.Join(ranges, ",")
}

// since is the version that begins with a release: its line where it is the line's first.
func (t *table) since(i int) string { return t.short(i, i-1) }

// until is the version that ends with a release: its line where it is the line's last.
func (t *table) until(i int) string { return t.short(i, i+1) }

// short writes a release as the shortest line that its neighbour does not belong to.
func (t *table) short(i, neighbour int) string {
	name := t.releases[i].String()
	for dots := 1; dots < strings.Count(name, "."); dots++ {
		line := first(name, dots)
		if neighbour < 0 || neighbour >= len(t.releases) || first(t.releases[neighbour].String(), dots) != line {
			return line
		}
	}
	return name
}

// first is what stands before the dot after so many dots.
func first(name string, dots int) string {
	return strings.Join(strings.SplitN(name, ".", dots+2)[:dots+1], ".")
}

// history writes how one fact of a setting changed while it was there.
func (t *table) history(k *key, column int) string {
	var entries []string
	before := ""
	for i, facts := range k.facts {
		if fact := facts[column]; facts[0] != "" && (len(entries) == 0 || fact != before) {
			entries = append(entries, t.since(i)+"="+fact)
			before = fact
		}
	}
	if len(entries) == 1 {
		_, fact, _ := strings.Cut(entries[0], "=")
		return fact
	}
	return strings.Join(entries, " ; ")
}
