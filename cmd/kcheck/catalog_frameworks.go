package main

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// frameworkTopics are the frameworks that app.framework names, each with what it sets.
func frameworkTopics(model.Version) []topic {
	var list []topic
	for _, f := range kafkaconf.Frameworks() {
		t := topic{kind: "framework", name: f.Name, aliases: f.Aliases, summary: f.Doc + ".", brief: f.Doc}
		if len(f.Aliases) > 0 {
			t.fields = append(t.fields, field{"also", strings.Join(f.Aliases, ", ")})
		}
		versions := "Kafka's own; " + f.Name + ":4.1 says another than the brokers'"
		if n := len(f.Versions); n > 0 {
			versions = fmt.Sprintf("%s; %s is %s:%s", strings.Join(f.Versions, " "), f.Name, f.Name, f.Versions[n-1])
		}
		t.fields = append(t.fields, field{"versions", versions}, field{"source", f.Source})
		t.values = append(t.values, meaning{"sets", "unless somebody says otherwise:", presetLines(f.Settings)})
		for _, m := range f.Modes {
			t.values = append(t.values, meaning{m.Name, m.Doc + ".", presetLines(m.Settings)})
		}
		for _, n := range f.Notes {
			t.values = append(t.values, meaning{value: "not followed", text: n})
		}
		list = append(list, t)
	}
	return list
}

// presetLines are the settings of a framework, one a line with when they hold and where that was read.
func presetLines(settings []kafkaconf.PresetSetting) string {
	var lines strings.Builder
	for _, s := range settings {
		when := strings.TrimSpace(strings.Join([]string{releasesWord(s.Releases), s.When}, " "))
		fmt.Fprintf(&lines, "%s\n", strings.TrimRight(fmt.Sprintf("%-34s %s", s.Name+" = "+s.Value, when), " "))
		fmt.Fprintf(&lines, "    %s\n", s.Source)
	}
	return strings.TrimSuffix(lines.String(), "\n")
}

// releasesWord says in words which releases have a setting.
func releasesWord(releases string) string {
	from, to, _ := strings.Cut(releases, "..")
	switch {
	case releases == "":
		return ""
	case from == "":
		return "up to " + to
	case to == "":
		return "since " + from
	}
	return from + " to " + to
}
