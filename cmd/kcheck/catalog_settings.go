package main

import (
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// settingTopics are the settings of a version that have a bearing on delivery, with their defaults.
func settingTopics(v model.Version) []topic {
	var list []topic
	for _, setting := range kafkaconf.Settings(v) {
		if setting.Bearing != kafkaconf.NoBearing {
			list = append(list, settingTopic(setting, v))
		}
	}
	return list
}

// settingTopic is one setting.
func settingTopic(s kafkaconf.Setting, v model.Version) topic {
	t := topic{kind: "setting", name: string(s.Part) + "." + s.Name, summary: s.Doc}
	if s.Client != model.Java {
		t.kind = "setting of " + s.Client.String()
	}
	t.brief = "[" + defaultOf(s, v) + "] " + s.Doc
	if s.Source != "" {
		t.brief += " (" + s.Source + ")"
	}
	if s.Doc == "" {
		t.summary = "Kafka knows this setting; it has no bearing on what is lost, duplicated or reordered"
	}
	t.fields = []field{
		{"default", defaultHistory(s)}, {"type", s.Type}, {"valid", s.Valid}, {"versions", s.Versions()},
		{"in kcheck", s.Bearing.String()}, {"elsewhere", strings.Join(s.Counterparts, ", ")}, {"source", s.Source},
	}
	for _, v := range s.Values {
		t.values = append(t.values, meaning{v.Value, v.Text, v.Code})
	}
	return t
}

// defaultOf is the default of a setting in a version, as it is shown.
func defaultOf(s kafkaconf.Setting, v model.Version) string {
	value, ok := s.Default(v, s.Client)
	switch {
	case !ok:
		return "no default"
	case value == "":
		return "empty"
	}
	return value
}

// defaultHistory is the default with the versions at which it changed: "0 (0.8), 2147483647 (2.1)".
func defaultHistory(s kafkaconf.Setting) string {
	var parts []string
	last := ""
	for _, v := range model.Lines() {
		if !s.In(v) {
			continue
		}
		if value := defaultOf(s, v); value != last {
			parts = append(parts, value+" (from "+v.String()+")")
			last = value
		}
	}
	if len(parts) == 1 || s.Client != model.Java {
		return last
	}
	return strings.Join(parts, ", ")
}
