package kafkaconf

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// setting is the effective value of one setting while the configuration is resolved.
type setting struct {
	part   Part
	key    string // the name to show
	text   string
	at     Position
	given  bool   // it is in the client's or server's own configuration, whoever wrote it there
	from   string // whose value it is where nobody wrote it
	preset bool   // it is a framework's
	set    bool   // there is a value at all, given or default
}

// shown is the value as a message may show it.
func (s setting) shown() string { return Shown(s.part, s.key, s.text) }

// is says whether the value is one of the words, in any case.
func (s setting) is(words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, s.text) })
}

// number is the value as a whole number; otherwise when it is none, which was reported when it was checked.
func (s setting) number(otherwise int64) int64 {
	n, err := strconv.ParseInt(strings.TrimPrefix(s.text, "+"), 10, 64)
	if err != nil {
		return otherwise
	}
	return n
}

// written says that somebody wrote the value, and no framework has it.
func (s setting) written() bool { return s.given && s.from == "" }

// name is the key with its part, for messages.
func (s setting) name() string { return string(s.part) + "." + s.key }

// assumedText is the value, in the words of a client, of a setting in a part that nobody gave: it is chosen so that such a
// part cannot be the cause of a violation. "" leaves the setting at its default, as it does where the client has none.
func assumedText(d Dialect, p Part, name string) string {
	w := rowOf(p, name)
	if w.part != p || w.assumed == "" {
		return ""
	}
	own := d.names(name)[0]
	if _, has := d.defaultOf(p, own); !has || d.lacksIdempotence(name) {
		return ""
	}
	return WordFor(d.Client, string(tablePart(p))+"."+own, w.assumed)
}

// read gives the effective value of a setting and lists it as read by the model.
func (r *resolver) read(p Part, name string) setting {
	s, from := r.lookUp(p, name)
	if !s.set {
		return s
	}
	return r.list(s, from)
}

// readWhere is read where a question depends on the setting, or somebody gave it, and peek elsewhere.
func (r *resolver) readWhere(depends bool, p Part, name string) setting {
	s, from := r.lookUp(p, name)
	if s.set && (depends || s.given) {
		return r.list(s, from)
	}
	return s
}

// peek gives the effective value of a setting that the model does not read.
func (r *resolver) peek(p Part, name string) setting {
	s, _ := r.lookUp(p, name)
	return s
}

// lookUp finds the effective value of a setting and its source. The name is Java's; a client that calls the setting
// otherwise is asked under its own names, the last of which that was given counts.
func (r *resolver) lookUp(p Part, name string) (s setting, from string) {
	d := r.dialectOf(p)
	names := d.names(name)
	s = setting{part: p, key: names[0]}
	latest := 0
	for _, n := range names {
		v, found := r.values[p][n]
		if !found || r.order[p][n] < latest || isKafkas(p) && !d.knows(p, n) {
			continue
		}
		latest = r.order[p][n]
		s.key, s.text, s.at, s.given, s.set, s.from = n, d.key(p, n).understood(v.Text), v.KeyAt, true, true, v.From
		s.preset = v.Preset && v.From != ""
	}
	if s.set {
		return s, cmp.Or(s.from, s.at.String())
	}
	if s.text = assumedText(d, p, name); s.text != "" && !r.given[p] {
		s.set = true
		return s, Assumed
	}
	s.text, s.set = d.defaultOf(p, s.key)
	return s, r.defaultSource(p, d)
}

// defaultSource says whose default a value is: "default of 4.1", or of another client.
func (r *resolver) defaultSource(p Part, d Dialect) string {
	switch {
	case !isKafkas(p):
		return Assumed // of the application, the model and the scope: nobody said otherwise
	case d.Client == model.Java && d.Version == r.kafka:
		return "default of " + r.kafka.String()
	}
	return "default of " + d.Name
}

// place is where in a file the value of a setting is written; zero where it is not written in one.
func (s setting) place() Position {
	if !s.given || s.from != "" {
		return Position{}
	}
	return s.at
}

// list records a setting as read by the model.
func (r *resolver) list(s setting, from string) setting {
	if r.effective[s.part] == nil {
		r.effective[s.part] = map[string]int{}
	}
	if r.effective[s.part][s.key] == 0 {
		r.out.Effective = append(r.out.Effective, EffectiveSetting{
			Part: s.part, Key: s.key, Value: s.text, Source: from, At: s.place(), Given: s.given && s.from == "", Read: true, Preset: s.preset,
		})
		r.effective[s.part][s.key] = len(r.out.Effective)
	}
	return s
}

// listed is the entry of a setting that was read; nil for one that was not.
func (r *resolver) listed(s setting) *EffectiveSetting {
	if i := r.effective[s.part][s.key]; i > 0 {
		return &r.out.Effective[i-1]
	}
	return nil
}

// change records that Kafka changes a value by itself, and why.
func (r *resolver) change(s setting, value, why string) {
	if e := r.listed(s); e != nil {
		e.Value, e.Why = value, why
	}
}

// sourceOf is where the value of a setting that was read comes from.
func (r *resolver) sourceOf(s setting) string {
	if e := r.listed(s); e != nil {
		return e.Source
	}
	return Assumed
}

// listGiven adds what was given and not read by the model, and sorts: by part, then by name.
func (r *resolver) listGiven() {
	for p, values := range r.values {
		for name, v := range values {
			if r.effective[p][name] == 0 && v.From == "" {
				r.out.Effective = append(r.out.Effective, EffectiveSetting{
					Part: p, Key: name, Value: strings.TrimSpace(v.Text), Source: v.KeyAt.String(), At: v.KeyAt, Given: true,
				})
			}
		}
	}
	slices.SortFunc(r.out.Effective, func(a, b EffectiveSetting) int {
		if a.Part != b.Part {
			return slices.Index(Parts, a.Part) - slices.Index(Parts, b.Part)
		}
		return strings.Compare(a.Key, b.Key)
	})
}
