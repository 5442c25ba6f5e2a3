package counterfactual

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Change is one setting with another value.
type Change struct {
	Key    string // with its part
	From   string
	To     string
	Source string // of From
	Cost   kafkaconf.Cost
	priced bool
}

// rank orders changes by what they cost. A value without a price comes after those that have one.
func (c *Change) rank() int {
	if c.priced {
		return c.Cost.Total()
	}
	return unpriced
}

const unpriced = 100

// fixed are the keys of the part app that are part of the question and no cause: what is asked about.
var fixed = []string{"app.output", "app.share", "app.framework"}

// candidate says that a setting can be a cause: the model reads it, and it is not part of the question.
func candidate(e *kafkaconf.EffectiveSetting) bool {
	return e.Read && e.Part != kafkaconf.Model && e.Part != kafkaconf.Scope && !slices.Contains(fixed, e.Name())
}

// changes lists the admissible other values of a setting, the cheapest first: all words of an enumeration; of a number
// the default, its bounds, and small numbers, at which the model behaves differently.
func changes(resolved *kafkaconf.Resolved, e *kafkaconf.EffectiveSetting) []Change {
	var list []Change
	add := func(value string, cost kafkaconf.Cost, priced bool) {
		same := func(c Change) bool { return strings.EqualFold(c.To, value) }
		if value != "" && !strings.EqualFold(value, e.Value) && !slices.ContainsFunc(list, same) {
			list = append(list, Change{e.Name(), e.Value, value, e.Source, cost, priced})
		}
	}
	client := clientOf(resolved, e.Part)
	for _, p := range kafkaconf.PricedSettings() {
		if slices.Contains(p.Names, e.Name()) {
			for _, price := range p.Prices {
				add(kafkaconf.WordFor(client, e.Name(), price.Value), price.Cost, true)
			}
		}
	}
	for _, s := range kafkaconf.Lookup(e.Name()) {
		for _, value := range values(&s, resolved, client) {
			add(value, kafkaconf.Cost{}, false)
		}
	}
	slices.SortStableFunc(list, func(a, b Change) int { return cmp.Compare(a.rank(), b.rank()) })
	return list
}

// clientOf is whose word a setting of a part is written in.
func clientOf(resolved *kafkaconf.Resolved, part kafkaconf.Part) model.Client {
	switch part {
	case kafkaconf.Consumer, kafkaconf.Downstream:
		return resolved.Config.Cons.Client
	case kafkaconf.Producer:
		return resolved.Config.Prod.Client
	}
	return model.Java
}

// mostNumbers is the smallest number from which on the model behaves as with any larger one: it has at most five replicas,
// four messages and no more retries than faults.
const mostNumbers = 7

// values lists the values that a setting may have.
func values(s *kafkaconf.Setting, resolved *kafkaconf.Resolved, client model.Client) []string {
	list := []string{}
	if value, found := s.Default(resolved.Config.Kafka, client); found {
		list = append(list, value)
	}
	switch s.Type {
	case "boolean":
		return append(list, "true", "false")
	case "int", "long", "short":
		from, to, _ := strings.Cut(s.Valid, "..")
		low, err := strconv.Atoi(from)
		if err != nil {
			low = 0
		}
		for n := low; n <= max(low, mostNumbers); n++ {
			if high, err := strconv.Atoi(to); err == nil && n > high {
				break
			}
			list = append(list, strconv.Itoa(n))
		}
		return append(list, to, largest[s.Type])
	}
	if s.Part == kafkaconf.App && s.Valid == "" { // whose client it is
		for _, c := range model.Clients() {
			list = append(list, c.String())
		}
		return list
	}
	for _, word := range strings.Split(strings.TrimPrefix(s.Valid, "~"), "|") {
		if strings.ContainsFunc(word, func(r rune) bool { return r == ':' || r == ' ' }) || word == "non-empty" {
			continue // a pattern and no word
		}
		list = append(list, word)
	}
	return list
}

// Values lists the values that a setting may have, for whatever client: all words of an enumeration, numbers at which the
// model behaves differently.
func Values(resolved *kafkaconf.Resolved, e *kafkaconf.EffectiveSetting) []string {
	var list []string
	for _, s := range kafkaconf.Lookup(e.Name()) {
		for _, value := range values(&s, resolved, clientOf(resolved, e.Part)) {
			if value != "" && !slices.Contains(list, value) {
				list = append(list, value)
			}
		}
	}
	return list
}

// ValuesOf lists the values that a setting of one client may have, each once.
func ValuesOf(resolved *kafkaconf.Resolved, s *kafkaconf.Setting) []string {
	list := []string{}
	for _, value := range values(s, resolved, clientOf(resolved, s.Part)) {
		if value != "" && !slices.ContainsFunc(list, func(v string) bool { return sameValue(s.Name, v, value) }) {
			list = append(list, value)
		}
	}
	return list
}

// sameValue says whether two values of a setting mean the same.
func sameValue(key, a, b string) bool {
	return strings.EqualFold(kafkaconf.CanonicalValue(key, a), kafkaconf.CanonicalValue(key, b))
}

// largest is the largest number of a type.
var largest = map[string]string{"int": "2147483647", "long": "9223372036854775807", "short": "32767"}

// With is a request with changes made.
func With(request kafkaconf.Request, changes ...Change) kafkaconf.Request {
	request.Set = slices.Clone(request.Set)
	for _, c := range changes {
		request.Set = append(request.Set, c.Key+"="+c.To)
	}
	return request
}

// Candidates lists every change of a single setting that is tried as a cause, by setting and then by what it costs.
func Candidates(resolved *kafkaconf.Resolved) []Change {
	var list []Change
	for i := range resolved.Effective {
		if e := &resolved.Effective[i]; candidate(e) {
			list = append(list, changes(resolved, e)...)
		}
	}
	return list
}
