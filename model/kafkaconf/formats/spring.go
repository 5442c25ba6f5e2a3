package formats

import (
	"slices"
	"strings"
)

// Combine joins the sources that are parts of one Spring application: a file for all profiles, one for a profile, the
// environment of its container. Spring lays them over each other before it looks at any value, and so does kcheck; the
// first of them then holds everything, the others are left with what else they say.
func Combine(sources []Source, o Options) ([]Source, Problems) {
	out := slices.Clone(sources)
	first, all := -1, springSettings{}
	var files []string
	for i, s := range out {
		if s.spring == nil {
			continue
		}
		all.documents = append(all.documents, s.spring.documents...)
		all.environment = append(all.environment, s.spring.environment...)
		all.variables = append(all.variables, s.spring.variables...)
		files = append(files, s.File)
		if first < 0 {
			first = i
		}
	}
	switch len(files) {
	case 0:
		return out, nil
	case 1:
		return out, out[first].springProblems
	}
	r := &reading{Source: Source{File: out[first].File, Format: out[first].Format, spring: all.withImports()}, options: o, given: files}
	r.readSpring()
	for i := range out {
		if out[i].spring == nil {
			continue
		}
		out[i].Values = slices.DeleteFunc(slices.Clone(out[i].Values), func(v Value) bool { return v.ofSpring })
		out[i].Given = slices.DeleteFunc(slices.Clone(out[i].Given), func(p Part) bool { return slices.Contains(out[i].springGiven, p) })
		out[i].Notes, out[i].Presets = out[i].otherNotes, nil
	}
	out[first].Presets = r.Presets
	out[first].Framework = r.Framework
	out[first].Values = append(out[first].Values, r.Values...)
	out[first].Given = append(out[first].Given, r.Given...)
	out[first].Notes = append(slices.Clone(out[first].Notes), r.Notes...)
	return out, r.problems
}

// IsSpring says whether a source holds a Spring configuration, which is read together with the other files of its
// application.
func (s Source) IsSpring() bool { return s.spring != nil }

// ActiveProfiles are the profiles that are active in a Spring application: those that were asked for, separated by
// commas, or those that its files for all profiles activate.
func ActiveProfiles(sources []Source, asked string) []string {
	var all springSettings
	for _, s := range sources {
		if s.spring == nil {
			continue
		}
		all.environment = append(all.environment, s.spring.environment...)
		for _, d := range s.spring.documents {
			if d.profile == "" {
				all.documents = append(all.documents, d)
			}
		}
	}
	return all.activeProfiles(&reading{options: Options{Profile: asked}})
}

// withImports moves the documents of imported files behind those that import them, where they count more.
func (s springSettings) withImports() *springSettings {
	imported := func(d springDocument) int {
		for i, other := range s.documents {
			for _, p := range other.properties {
				if name := springName(p.name); (name == "spring.config.import" || strings.HasPrefix(name, "spring.config.import.")) &&
					other.file != d.file && importsFile(p.text, d.file) {
					return i + 1
				}
			}
		}
		return 0
	}
	slices.SortStableFunc(s.documents, func(a, b springDocument) int { return min(imported(a), 1) - min(imported(b), 1) })
	return &s
}

// importsFile says whether a list of locations names a file.
func importsFile(locations, file string) bool {
	return slices.ContainsFunc(strings.Split(locations, ","), func(l string) bool {
		l = strings.TrimPrefix(strings.TrimSpace(l), "optional:")
		l = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(l, "file:"), "classpath:"), "./")
		return l != "" && strings.HasSuffix(file, l)
	})
}

// finishSpring reads the Spring configuration of one file, and marks what came of it, so that Combine can read it again
// together with others.
func (r *reading) finishSpring() {
	values, given, before := len(r.Values), slices.Clone(r.Given), r.problems
	r.otherNotes, r.problems = slices.Clone(r.Notes), nil
	if before.Failed() {
		r.problems = before
		return
	}
	r.readSpring()
	r.springProblems, r.problems = r.problems, before
	for i := values; i < len(r.Values); i++ {
		r.Values[i].ofSpring = true
	}
	for _, p := range r.Given {
		if !slices.Contains(given, p) {
			r.springGiven = append(r.springGiven, p)
		}
	}
}

// readSpring reads what a Spring application says of its clients: those of a listener and a template, or of a binder of
// Spring Cloud Stream, or of Kafka Streams.
func (r *reading) readSpring() {
	view := r.spring.effective(r)
	if r.problems.Failed() {
		return
	}
	view.imports(r, r.given)
	s := &springReader{layers: newLayers(r), view: view}
	view.each(s.property)
	s.stream = newStreamBinder(s)
	switch {
	case s.stream.binds():
		s.stream.read()
	case s.found || len(r.spring.documents) == 0:
		s.finish()
	default:
		r.fail(Position{}, "spring.kafka", "a Spring configuration without spring.kafka.* and spring.cloud.stream.kafka.*; nothing to check")
	}
}
