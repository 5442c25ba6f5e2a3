package kafkaconf

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// framework is a preset: what a framework makes of its clients and of the application around them unless somebody says
// otherwise.
type framework struct {
	name    string
	aliases []string // other names that app.framework takes
	doc     string   // what it is, in one sentence
	source  string   // where its rows were read, unless a row says otherwise
	// versions are the lines of its releases, oldest first. Of a framework that Kafka itself releases there are none: its
	// version is the brokers', unless app.framework says another.
	versions []string

	settings []presetRow
	modes    []presetMode
	notes    []presetNote
}

// presetRow is a setting that a framework makes.
type presetRow struct {
	part       Part
	key, value string
	releases   string // "2.3..", "..2.4", "2.3..2.4": the first and the last that make it so; "" for all
	when       condition
	enforced   bool   // it counts before what the files say
	source     string // class or document, where it is not the framework's own source
}

// presetMode is a way in which a framework can be told to work. Files choose it; what is written by hand chooses it by
// its settings. Where when holds it is chosen without being named.
type presetMode struct {
	name, doc string
	when      condition
	settings  []presetRow
}

// presetNote is a sentence for the verdict of a configuration that the model does not follow in everything.
type presetNote struct {
	text     string
	releases string
	mode     string // only where this mode is chosen; "" for all
	when     condition
}

// condition says whether a row holds; the zero value always does.
type condition struct {
	text string // when that is, in words: "with a transactional.id"
	is   func(of lookup) bool
}

// lookup gives the value of a setting that somebody gave or that an earlier row made, "" for none.
type lookup func(Part, string) string

// The conditions.
var (
	commitsItself = condition{"with enable.auto.commit=true", func(of lookup) bool { return strings.EqualFold(of(Consumer, "enable.auto.commit"), "true") }}
	commitsByHand = condition{"with enable.auto.commit=false", func(of lookup) bool { return strings.EqualFold(of(Consumer, "enable.auto.commit"), "false") }}
	inTransaction = condition{"with a transactional.id", func(of lookup) bool { return of(Producer, "transactional.id") != "" }}
	noTransaction = condition{"without a transactional.id", func(of lookup) bool { return of(Producer, "transactional.id") == "" }}
	hearsOfErrors = condition{"with send: wait or callback", func(of lookup) bool { return of(App, "send") != "forget" }}
	toKafka       = condition{"with output: kafka", func(of lookup) bool { return of(App, "output") == "kafka" }}
	notToKafka    = condition{"with output: none", func(of lookup) bool { return of(App, "output") != "kafka" }}
)

// and is the condition that both hold.
func (c condition) and(d condition) condition {
	return condition{c.text + " " + strings.Replace(d.text, "with ", "and ", 1), func(of lookup) bool { return c.is(of) && d.is(of) }}
}

func (c condition) holds(of lookup) bool { return c.is == nil || c.is(of) }

// frameworks is the table: one row for each framework, in the order in which they are listed.
var frameworks = slices.Concat(springFrameworks, javaFrameworks, kafkaFrameworks, flinkFrameworks, pythonFrameworks)

// frameworkNames are the names that app.framework takes, without aliases.
func frameworkNames() []string {
	names := make([]string, len(frameworks))
	for i := range frameworks {
		names[i] = frameworks[i].name
	}
	return names
}

// frameworkNamed finds a framework by its name or an alias; nil for none.
func frameworkNamed(name string) *framework {
	for i := range frameworks {
		if f := &frameworks[i]; f.name == name || slices.Contains(f.aliases, name) {
			return f
		}
	}
	return nil
}

// none is the value of app.framework of code that is written with no framework.
const noFramework = "none"

// parseFramework reads app.framework: NAME or NAME:VERSION. The error says what would be right.
func parseFramework(text string) (f *framework, version string, err error) {
	name, version, versioned := strings.Cut(strings.TrimSpace(text), ":")
	if f = frameworkNamed(name); f == nil {
		return nil, "", fmt.Errorf("%s is not a framework; %s", formats.QuoteWord(name),
			didYouMean(name, append(frameworkNames(), noFramework), "kcheck list frameworks has them: "+strings.Join(frameworkNames(), " ")))
	}
	if !versioned {
		return f, "", nil
	}
	if len(f.versions) == 0 {
		_, err := model.ParseVersion(version)
		return f, version, err
	}
	numbers, ok := releaseNumbers(version)
	for _, line := range f.versions {
		of, _ := releaseNumbers(line)
		if ok && len(numbers) >= len(of) && slices.Equal(numbers[:len(of)], of) {
			return f, version, nil
		}
	}
	return nil, "", fmt.Errorf("%s has no version %s; write one of %s", f.name, formats.QuoteWord(version), strings.Join(f.versions, " "))
}

// releaseNumbers are the numbers of a release, "2.8.11".
func releaseNumbers(text string) ([]int, bool) {
	var numbers []int
	for _, word := range strings.Split(text, ".") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 0 {
			return nil, false
		}
		numbers = append(numbers, n)
	}
	return numbers, true
}

// compareReleases compares releases number by number. One that names a line stands for the last release of it.
func compareReleases(a, b string) int {
	x, _ := releaseNumbers(a)
	y, _ := releaseNumbers(b)
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return cmp.Compare(x[i], y[i])
		}
	}
	return cmp.Compare(len(y), len(x))
}

// inReleases says whether a release is in a range, "2.3.." or "..2.4"; "" is every release.
func inReleases(releases, version string) bool {
	from, to, _ := strings.Cut(releases, "..")
	return (from == "" || compareReleases(version, from) >= 0 || isOfLine(version, from)) && (to == "" || compareReleases(version, to) <= 0)
}

// isOfLine says whether a release belongs to a line.
func isOfLine(release, line string) bool { return strings.HasPrefix(release, line+".") }

// Framework is what kcheck knows of a framework.
type Framework struct {
	Name     string
	Aliases  []string
	Doc      string
	Source   string   // where it was read
	Versions []string // that app.framework takes after a colon; none where the version is Kafka's own
	Settings []PresetSetting
	Modes    []PresetMode
	Notes    []string
}

// PresetSetting is a setting that a framework makes.
type PresetSetting struct {
	Name     string // with its part
	Value    string
	Releases string // "2.3.."; "" for all
	When     string // in which configurations, in words; "" for all
	Source   string
}

// PresetMode is a way in which a framework can be told to work, and what it sets then.
type PresetMode struct {
	Name, Doc string
	Settings  []PresetSetting
}

// Frameworks lists the frameworks in the order of the table.
func Frameworks() []Framework {
	list := make([]Framework, len(frameworks))
	for i := range frameworks {
		f := &frameworks[i]
		out := Framework{Name: f.name, Aliases: f.aliases, Doc: f.doc, Source: f.source, Versions: f.versions, Settings: f.exported(f.settings)}
		for _, m := range f.modes {
			out.Modes = append(out.Modes, PresetMode{m.name, m.doc, f.exported(m.settings)})
		}
		for _, n := range f.notes {
			out.Notes = append(out.Notes, n.text)
		}
		list[i] = out
	}
	return list
}

func (f *framework) exported(rows []presetRow) []PresetSetting {
	var list []PresetSetting
	for _, w := range rows {
		list = append(list, PresetSetting{string(w.part) + "." + w.key, w.value, w.releases, w.when.text, cmp.Or(w.source, f.source)})
	}
	return list
}
