package kafkaconf

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// Dialect is a client library as app.producer-client and app.consumer-client name it: which keys it knows, by which
// names, and with which defaults.
type Dialect struct {
	Client  model.Client
	Version model.Version // of a Java client, with its patch; 0 for others
	Name    string        // as the user wrote it
}

// dialectNames says what a client may be called.
const dialectNames = "java-VERSION, librdkafka, scala-0.8, sarama, kafka-go or franz-go"

// ParseDialect reads a client's name. "java-3.0" is the last patch of 3.0, "java-3.0.0" that patch.
func ParseDialect(name string) (Dialect, error) {
	if version, found := strings.CutPrefix(name, "java-"); found {
		v, err := model.ParseVersion(version)
		if err != nil {
			return Dialect{}, err
		}
		return Dialect{model.Java, v, name}, nil
	}
	for c := model.Librdkafka; c <= model.FranzGo; c++ {
		if c.String() == name {
			return Dialect{Client: c, Name: name}, nil
		}
	}
	return Dialect{}, fmt.Errorf("unknown client %s; write %s", formats.Quote(name), dialectNames)
}

// DefaultDialect is the client that a spec without one has: the Scala client with Kafka 0.8, else Java's of the
// brokers' version.
func DefaultDialect(kafka model.Version) Dialect {
	if kafka < model.V0_9 {
		return Dialect{Client: model.Scala08, Name: "scala-0.8"}
	}
	return Dialect{model.Java, kafka, "java-" + kafka.String()}
}

func (d Dialect) family() family { return familyOf(d.Client) }

// tableVersion is the version whose column of the key table counts.
func (d Dialect) tableVersion() model.Version {
	if d.Client == model.Java {
		return d.Version
	}
	return model.Newest
}

// key finds a key of the client; nil when no version of it has that key.
func (d Dialect) key(p Part, name string) *key { return findKey(d.family(), tablePart(p), name) }

// knows says whether this very client has the key.
func (d Dialect) knows(p Part, name string) bool {
	k := d.key(p, name)
	return k != nil && (d.Client != model.Java || k.known(d.Version)) && !d.lacks(p, name)
}

// lacks says whether the library has nothing like a setting of Java's that decides about delivery.
func (d Dialect) lacks(p Part, name string) bool {
	return slices.Contains(rowOf(p, name).lacking, d.Client)
}

// lacksIdempotence says whether the name is that of idempotence, which kafka-go lists as always off.
func (d Dialect) lacksIdempotence(name string) bool {
	return d.Client == model.KafkaGo && name == "enable.idempotence"
}

// names are the names under which a client takes the setting that Java calls name; the first is the one to show.
func (d Dialect) names(name string) []string {
	var names []string
	for i := range rows {
		if w := &rows[i]; w.client == d.Client && w.java == name {
			names = append(names, w.name)
		}
	}
	if len(names) == 0 || d.has(name) {
		return append([]string{name}, names...)
	}
	return names
}

// has says whether a client's own table has a name, in whatever part.
func (d Dialect) has(name string) bool {
	return findKey(d.family(), Producer, name) != nil || findKey(d.family(), Consumer, name) != nil
}

// withoutFiles says whether a library has no configuration files, so that its settings are given under Java's names.
func withoutFiles(c model.Client) bool { return c != model.Java && familyOf(c) == javaKeys }

// defaultOf is the library's own default of a setting, by the name that the library has for it.
func (d Dialect) defaultOf(p Part, name string) (string, bool) {
	if withoutFiles(d.Client) {
		s, ok := rowOf(tablePart(p), name).libraries[d.Client]
		return s, ok
	}
	k := d.key(p, name)
	if k == nil || d.Client == model.Java && !k.known(d.Version) {
		return "", false
	}
	return k.valueAt(d.tableVersion())
}

func itoa(n int) string { return strconv.Itoa(n) }
