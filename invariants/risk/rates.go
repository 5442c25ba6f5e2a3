package risk

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// Year is a year in seconds: 365 days.
const Year = 365 * 24 * 3600.0

// Rates are how often faults happen and how long steps take.
type Rates struct {
	values map[string]Value // by key
}

// Value is one rate or time.
type Value struct {
	Key    string `json:"key"`   // "faults.power-loss"
	Text   string `json:"value"` // "0.5/year"
	Source string `json:"source"`

	// number is, of a rate, how often in a second, of a fault of a request or message the probability, of a step the mean
	// time in seconds. It is 0 for none.
	number float64
}

// SourceDefault is the source of a value that nobody gave.
const SourceDefault = "default"

// messagesKey is the key of the message rate.
const messagesKey = "messages"

// Default returns the default rates.
func Default() *Rates {
	r := &Rates{values: map[string]Value{}}
	for _, d := range defaults {
		v, wrong := parse(d.key, d.value)
		if wrong != "" {
			panic(d.key + ": " + wrong)
		}
		v.Source = SourceDefault
		r.values[d.key] = v
	}
	return r
}

// withoutFaults makes the rate of every fault 0.
func (r *Rates) withoutFaults() {
	for key, v := range r.values {
		if strings.HasPrefix(key, faultPrefix) {
			v.number, v.Text = 0, noneWord
			r.values[key] = v
		}
	}
}

const (
	faultPrefix = "faults."
	stepPrefix  = "steps."
	noneWord    = "none"
)

// fault is the rate of a kind of fault, or its probability.
func (r *Rates) fault(k model.FaultKind) float64 { return r.values[faultPrefix+k.String()].number }

// step is the mean time of a step in seconds.
func (r *Rates) step(name string) float64 { return r.values[stepPrefix+name].number }

// messages is how many messages are sent in a second.
func (r *Rates) messages() float64 { return r.values[messagesKey].number }

// List lists all values, in the order of the defaults.
func (r *Rates) List() []Value {
	var list []Value
	for _, d := range defaults {
		list = append(list, r.values[d.key])
	}
	return list
}

// Set changes a value. source says where it was given. What is wrong with it is returned, "" for nothing.
func (r *Rates) Set(key, text, source string) (wrong string) {
	v, wrong := parse(key, text)
	if wrong != "" {
		return wrong
	}
	v.Source = source
	r.values[key] = v
	return ""
}

// check says what is wrong with values together.
func (r *Rates) check() (wrong string) {
	if n, send := r.messages(), r.step("send"); n*send > 1 {
		return fmt.Sprintf("%s is more than can be sent: with %ssend of %s at most %.4g/s; lower %s or %ssend",
			r.values[messagesKey].Text, stepPrefix, r.values[stepPrefix+"send"].Text, 1/send, messagesKey, stepPrefix)
	}
	return ""
}

// durations are the units of times, in seconds.
var durations = map[string]float64{"us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "m": 60, "h": 3600, "d": 86400}

// periods are the units of rates, in seconds.
var periods = map[string]float64{"s": 1, "min": 60, "h": 3600, "day": 86400, "d": 86400, "month": Year / 12, "year": Year}

// parse reads the value of a key.
func parse(key, text string) (v Value, wrong string) {
	v = Value{Key: key, Text: text}
	switch {
	case key == messagesKey:
		v.number, wrong = parseRate(text, periods, "1000/s")
	case strings.HasPrefix(key, stepPrefix):
		v.number, wrong = parseTime(text)
	case text == noneWord:
	default:
		kind, err := model.ParseFault(strings.TrimPrefix(key, faultPrefix))
		if err != nil {
			return v, err.Error()
		}
		switch kind.Fault().Rate.Per {
		case model.PerRequest:
			v.number, wrong = parseRate(text, map[string]float64{"request": 1}, "1e-6/request")
		case model.PerMessageTried:
			v.number, wrong = parseRate(text, map[string]float64{"message": 1}, "1e-6/message")
		default:
			v.number, wrong = parseRate(text, periods, "0.5/year")
			return v, wrong
		}
		if wrong == "" && v.number >= 1 {
			wrong = fmt.Sprintf("%s is no probability; write one below 1, such as 1e-6", text)
		}
	}
	return v, wrong
}

// parseRate reads a number of occurrences in a period.
func parseRate(text string, units map[string]float64, example string) (float64, string) {
	number, unit, found := strings.Cut(text, "/")
	n, wrong := positive(number, text, example)
	if wrong != "" {
		return 0, wrong
	}
	period, known := units[strings.TrimSpace(unit)]
	if !found || !known {
		return 0, fmt.Sprintf("%q has no unit that is known here (%s); write it as %s", text, unitNames(units), example)
	}
	return n / period, ""
}

// parseTime reads a mean time.
func parseTime(text string) (float64, string) {
	const example = "5ms"
	i := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789.eE+-", r) })
	if i < 0 {
		return 0, fmt.Sprintf("%q has no unit that is known here (%s); write it as %s", text, unitNames(durations), example)
	}
	n, wrong := positive(text[:i], text, example)
	if wrong != "" {
		return 0, wrong
	}
	unit, known := durations[strings.TrimSpace(text[i:])]
	if !known {
		return 0, fmt.Sprintf("%q has no unit that is known here (%s); write it as %s", text, unitNames(durations), example)
	}
	return n * unit, ""
}

// positive reads a number above 0.
func positive(number, text, example string) (float64, string) {
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	switch {
	case err != nil || math.IsNaN(n) || math.IsInf(n, 0):
		return 0, fmt.Sprintf("%q is no number with a unit; write it as %s", text, example)
	case n < 0:
		return 0, fmt.Sprintf("%s is negative; write a number above 0, such as %s", text, example)
	case n == 0:
		return 0, fmt.Sprintf("%s is 0; write a number above 0, such as %s, or none for a fault that does not happen", text, example)
	}
	return n, ""
}

// unitNames lists units.
func unitNames(units map[string]float64) string {
	var names []string
	for name := range units {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if units[a] != units[b] {
			if units[a] < units[b] {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	return strings.Join(names, ", ")
}

// Number is what the value of a key says: of a rate, how often in a second; of a fault of a request or message, its
// probability; of a step, its mean time in seconds. It is 0 for none.
func (r *Rates) Number(key string) float64 { return r.values[key].number }

// Clone is a copy.
func (r *Rates) Clone() *Rates { return &Rates{maps.Clone(r.values)} }
