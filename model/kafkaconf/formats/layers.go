package formats

import "strings"

// layered is a value of a client with the level at which it is written: a higher one counts.
type layered struct {
	key   string
	level int
	springProperty
}

// layers collects the settings of clients from several levels of one configuration, of which the highest counts.
type layers struct {
	*reading
	values map[Part]map[string]layered
	order  []layered // the keys in the order in which they came, with their part in name
}

func newLayers(r *reading) *layers { return &layers{reading: r, values: map[Part]map[string]layered{}} }

// set takes a setting of a client; the higher level counts, and of one level the later.
func (l *layers) set(part Part, key string, p springProperty, level int) {
	if l.values[part] == nil {
		l.values[part] = map[string]layered{}
	}
	before, found := l.values[part][key]
	if found && before.level > level {
		return
	}
	if found && before.text != p.text && level > before.level && l.options.bears(part, key) {
		l.note("%s: %s=%s counts before %s at %s", p.keyAt, key, l.options.shown(part, key, p.text), l.options.shown(part, key, before.text), before.keyAt)
	}
	if !found {
		l.order = append(l.order, layered{key: key, springProperty: springProperty{name: string(part)}})
	}
	l.values[part][key] = layered{key, level, p}
}

// of is the value of a setting of a client; "" where it is not given.
func (l *layers) of(part Part, key string) string { return strings.TrimSpace(l.values[part][key].text) }

// emit gives the values of the clients to the source.
func (l *layers) emit() {
	for _, entry := range l.order {
		part := Part(entry.name)
		v := l.values[part][entry.key]
		l.put(part, entry.key, v.text, v.keyAt, v.valueAt)
		if strings.Contains(v.written, "${") && v.text != v.written && l.options.bears(part, entry.key) {
			l.note("%s: %s=%s is read as %s", v.keyAt, entry.key, l.options.shown(part, entry.key, v.written), l.options.shown(part, entry.key, v.text))
		}
	}
}

// raw takes a setting by Kafka's own name; one that no client knows is passed to the client, which ignores it.
func (l *layers) raw(part Part, key string, p springProperty, level int) {
	if key == "" {
		return
	}
	if !l.options.knows(part, key) && !l.options.passedOn(part, key) {
		l.unknownKey(part, key, p.keyAt)
		return
	}
	l.set(part, key, p, level)
}
