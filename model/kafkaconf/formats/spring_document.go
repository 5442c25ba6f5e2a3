package formats

import (
	"fmt"
	"slices"
	"strings"
)

// springProperty is one property of a Spring configuration.
type springProperty struct {
	name           string // as it is written, with dots
	text           string
	written        string // the text before placeholders were filled in
	keyAt, valueAt Position
}

// springDocument is a document of a Spring configuration, which counts under a condition.
type springDocument struct {
	file       string
	profile    string   // that of the file's name
	conditions []string // one of these expressions must hold
	old        bool     // the conditions are those of spring.profiles, a list of names
	properties []springProperty
}

// springSettings are the documents and the variables of one or more Spring configurations.
type springSettings struct {
	documents   []springDocument
	environment []springProperty // SPRING_… variables under the names of properties
	variables   []Property       // all variables of the same process, for placeholders
}

// readSpringYAML reads application.yml.
func readSpringYAML(r *reading) {
	r.spring = &springSettings{}
	for _, document := range r.documents() {
		var properties []springProperty
		document.flatten("", func(name string, f field, text string) {
			if f.value.plain {
				text = yamlBoolean(text)
			}
			properties = append(properties, springProperty{name, text, text, f.at, f.value.at})
		})
		r.spring.add(r.File, properties)
	}
	r.finishSpring()
}

// yamlBoolean writes a boolean of YAML 1.1, which SnakeYAML reads, as Spring gets it.
func yamlBoolean(text string) string {
	switch text {
	case "yes", "Yes", "YES", "on", "On", "ON":
		return "true"
	case "no", "No", "NO", "off", "Off", "OFF":
		return "false"
	}
	return text
}

// readSpringProperties reads application.properties; a line "#---" begins the next document.
func readSpringProperties(r *reading) {
	r.spring = &springSettings{}
	var document []springProperty
	all, problems := ParseProperties(r.File, r.content.data)
	r.problems = append(r.problems, problems...)
	lines, line := strings.Split(string(r.content.data), "\n"), 0
	for _, p := range all {
		for ; line < p.KeyAt.Line-1; line++ {
			if t := strings.TrimSpace(lines[line]); t == "#---" || t == "!---" {
				r.spring.add(r.File, document)
				document = nil
			}
		}
		document = append(document, springProperty{p.Key, p.Value, p.Value, p.KeyAt, p.ValueAt})
	}
	r.spring.add(r.File, document)
	r.finishSpring()
}

// add adds a document and finds out under which condition it counts.
func (s *springSettings) add(file string, properties []springProperty) {
	d := springDocument{file: file, profile: SpringProfile(file), properties: properties}
	for _, p := range properties {
		switch springName(p.name) {
		case "spring.config.activate.onprofile":
			d.conditions = strings.Split(p.text, ",")
		case "spring.profiles":
			d.conditions, d.old = strings.Split(p.text, ","), true
		case "spring.config.activate.oncloudplatform":
			d.conditions = []string{"cloud-platform-" + p.text}
		}
	}
	s.documents = append(s.documents, d)
}

// canonical is a property's name in the form in which Spring compares names: lower case, without dashes and underscores.
func canonical(name string) string { return dashless.Replace(strings.ToLower(name)) }

// A replacer is costly to make: one of each serves all names.
var (
	dashless    = strings.NewReplacer("-", "", "_", "")
	bracketless = strings.NewReplacer("[", ".", "]", "")
)

// springName is canonical, with the keys of maps in brackets as if they were behind a dot.
func springName(name string) string {
	return bracketless.Replace(canonical(name))
}

// effective lays the documents over each other as Spring does: those without a profile in their name before those with
// one, in each the later over the earlier, and the environment over all (Spring Boot, Externalized Configuration).
func (s *springSettings) effective(r *reading) *springView {
	v := &springView{byName: map[string]springProperty{}, variables: s.variables}
	active := s.activeProfiles(r)
	for _, specific := range []bool{false, true} {
		for _, d := range s.ordered(active) {
			if (d.profile != "") == specific && r.counts(d, active) {
				for _, p := range d.properties {
					v.put(p)
				}
			}
		}
	}
	for _, p := range s.environment {
		v.put(p)
	}
	return v
}

// ordered lists the documents with those of profiles in the order in which the profiles are active: the last wins.
func (s *springSettings) ordered(active []string) []springDocument {
	documents := slices.Clone(s.documents)
	slices.SortStableFunc(documents, func(a, b springDocument) int {
		return slices.Index(active, a.profile) - slices.Index(active, b.profile)
	})
	return documents
}

// activeProfiles finds out which profiles are active: those that were asked for, else what the environment or an
// unconditional document says, with those that they include and those of files that were given by name; else "default".
func (s *springSettings) activeProfiles(r *reading) []string {
	var active, byDefault, included []string
	groups := map[string][]string{}
	take := func(p springProperty) {
		switch name := springName(p.name); {
		case name == "spring.profiles.active":
			active = profileList(filledIn(p.text))
		case name == "spring.profiles.default":
			byDefault = profileList(filledIn(p.text))
		case name == "spring.profiles.include":
			included = append(included, profileList(filledIn(p.text))...)
		case strings.HasPrefix(name, "spring.profiles.group."):
			groups[p.name[strings.LastIndexAny(p.name, ".[")+1:]] = profileList(filledIn(p.text))
		}
	}
	for _, d := range s.documents {
		if len(d.conditions) == 0 && d.profile == "" {
			for _, p := range d.properties {
				take(p)
			}
		}
	}
	for _, p := range s.environment {
		take(p)
	}
	if r.options.Profile != "" {
		active = profileList(r.options.Profile)
	} else {
		for _, d := range s.documents {
			if d.profile != "" && !slices.Contains(active, d.profile) {
				active = append(active, d.profile)
			}
		}
	}
	for i := 0; i < len(active) && i < 100; i++ {
		active = append(active, groups[active[i]]...)
	}
	if active = append(included, active...); len(active) > 0 {
		return active
	}
	if len(byDefault) > 0 {
		return byDefault
	}
	return []string{"default"}
}

// counts says whether a document counts, and notes one that does not.
func (r *reading) counts(d springDocument, active []string) bool {
	if d.profile != "" && !slices.Contains(active, d.profile) {
		r.note("%s: not read: the profile %s is not active (--profile %s reads it)", d.file, d.profile, d.profile)
		return false
	}
	if d.profile != "" {
		r.refuseInProfile(d)
	}
	if len(d.conditions) == 0 {
		return true
	}
	for _, condition := range d.conditions {
		holds, wrong := matchesProfiles(strings.TrimSpace(condition), active)
		if wrong != "" {
			r.fail(Position{File: d.file}, "on-profile", "%s is not a profile expression: %s; write for example prod & !test", Quote(condition), wrong)
		}
		if holds {
			return true
		}
	}
	r.note("%s: the document for the profile %s is not read; active is %s (--profile says otherwise)",
		d.file, strings.TrimSpace(strings.Join(d.conditions, ",")), strings.Join(active, ", "))
	return false
}

// refuseInProfile: a file of a profile may not say which profiles are active (InvalidConfigDataPropertyException).
func (r *reading) refuseInProfile(d springDocument) {
	for _, p := range d.properties {
		switch springName(p.name) {
		case "spring.profiles.active", "spring.profiles.include", "spring.profiles.default":
			r.problems.Add(Refusal, p.keyAt, p.name, "is invalid in the file of a profile; write it in application.yml (Spring Boot's InvalidConfigDataPropertyException)")
		}
	}
}

// springView is what an application sees of its configuration.
type springView struct {
	byName    map[string]springProperty
	order     []string
	variables []Property
	exact     bool // names are compared as they are written
}

func (v *springView) put(p springProperty) {
	name := v.name(p.name)
	if _, found := v.byName[name]; !found {
		v.order = append(v.order, name)
	}
	v.byName[name] = p
}

// name is a property's name as it is compared.
func (v *springView) name(text string) string {
	if v.exact {
		return text
	}
	return springName(text)
}

// text is the value of a property with its placeholders filled in; "" where there is none.
func (v *springView) text(name string) string {
	p, found := v.byName[name]
	if !found {
		return ""
	}
	return strings.TrimSpace(v.filled(p.text, 0))
}

// filled fills in ${NAME:default}: what the same configuration says of NAME, else the variable of that name, else the
// default. One without any of these stays.
func (v *springView) filled(text string, depth int) string {
	if depth > 8 || strings.Count(text, "${") > maxPlaceholders || !strings.Contains(text, "${") {
		return text
	}
	next := springPlaceholder.ReplaceAllStringFunc(text, func(found string) string {
		m := springPlaceholder.FindStringSubmatch(found)
		if p, known := v.byName[v.name(m[1])]; known && len(p.text) < maxFilledIn {
			return p.text
		}
		for _, variable := range v.variables {
			if variable.Key == m[1] || canonical(strings.ReplaceAll(m[1], ".", "")) == canonical(variable.Key) {
				return variable.Value
			}
		}
		if strings.Contains(found, ":") {
			return m[2]
		}
		return found
	})
	if next == text || len(next) > maxFilledIn {
		return text
	}
	return v.filled(next, depth+1)
}

// maxPlaceholders and maxFilledIn bound what placeholders that stand for others may grow to.
const (
	maxPlaceholders = 50
	maxFilledIn     = 16 << 10
)

// each gives the properties with their placeholders filled in, in the order of their first mention.
func (v *springView) each(f func(name string, p springProperty)) {
	for _, name := range v.order {
		p := v.byName[name]
		p.text = v.filled(p.text, 0)
		f(name, p)
	}
}

// imports notes the files that the configuration imports: they count before the one that imports them.
func (v *springView) imports(r *reading, given []string) {
	for _, name := range v.order {
		if name != "spring.config.import" && !strings.HasPrefix(name, "spring.config.import.") {
			continue
		}
		for _, location := range strings.Split(v.text(name), ",") {
			file := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(location), "optional:"), "file:")
			file = strings.TrimPrefix(strings.TrimPrefix(file, "classpath:"), "./")
			if !slices.ContainsFunc(given, func(g string) bool { return strings.HasSuffix(g, file) }) {
				r.note("%s imports %s, which counts before this file; give it beside this one", v.byName[name].keyAt, fmt.Sprint(strings.TrimSpace(location)))
			}
		}
	}
}
