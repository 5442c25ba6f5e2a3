package formats

import (
	"regexp"
	"slices"
	"strings"
)

// MirrorMaker is what a configuration of MirrorMaker 2 is taken for.
const MirrorMaker = "MirrorMaker 2"

// mirrorMaker is the name of the framework.
const mirrorMaker = "mirrormaker-2"

// mirror notes the framework and gives both its clients.
func (r *reading) mirror(at Position) {
	r.Framework = mirrorMaker
	r.Give(Producer)
	r.Give(Consumer)
	r.uses(mirrorMaker, at)
}

// mirrorFlow matches the name of a setting for one direction: "a->b.enabled".
var mirrorFlow = regexp.MustCompile(`^([A-Za-z0-9_-]+)->([A-Za-z0-9_-]+)\.(.+)$`)

// readMirrorMaker reads mm2.properties.
func readMirrorMaker(r *reading) { r.mirrorMaker(r.properties()) }

// mirrorMaker reads the settings of one direction of MirrorMaker 2: the producer that writes to the target and the
// consumer that reads from the source. It runs on Connect's framework, which sets what a worker sets (MirrorMakerConfig;
// KIP-382). The settings for one direction count before those for one cluster, and these before those for all.
func (r *reading) mirrorMaker(properties []Property) {
	from, to, ok := r.mirrorDirection(properties)
	if !ok {
		return
	}
	r.mirror(Position{File: r.File})
	r.note("%s: read for %s->%s: the consumer reads from %s, the producer writes to %s", r.File, from, to, from, to)
	for _, side := range []struct {
		part    Part
		cluster string
	}{{Producer, to}, {Consumer, from}} {
		word := string(side.part) + "."
		for _, prefix := range []struct {
			text string
			rank Rank
		}{{word, Written}, {side.cluster + "." + word, Override}, {from + "->" + to + "." + word, Narrow}, {from + "->" + to + "." + word + "override.", Narrow}} {
			r.prefixed(properties, prefix.text, side.part, prefix.rank)
		}
	}
	for _, p := range properties {
		if key := strings.TrimPrefix(p.Key, to+"."); key == "exactly.once.source.support" && strings.EqualFold(strings.TrimSpace(p.Value), "enabled") {
			r.exactlyOnceSource(mirrorMaker, "MIRROR", p.KeyAt)
		}
	}
}

// prefixed takes the settings whose names begin with a prefix and go on as a setting of the part.
func (r *reading) prefixed(properties []Property, prefix string, part Part, rank Rank) {
	for _, p := range properties {
		key, found := strings.CutPrefix(p.Key, prefix)
		if found && !strings.HasPrefix(key, "override.") {
			r.Values = append(r.Values, Value{Part: part, Key: key, Text: p.Value, KeyAt: p.KeyAt, ValueAt: p.ValueAt, Rank: rank})
		}
	}
}

// mirrorDirection finds the direction that is read: the one that was asked for as A->B, or the only one that is enabled.
func (r *reading) mirrorDirection(properties []Property) (from, to string, ok bool) {
	var flows []string
	var clusters []string
	for _, p := range properties {
		if p.Key == "clusters" {
			clusters = strings.FieldsFunc(p.Value, func(c rune) bool { return c == ',' || c == ' ' })
		}
		m := mirrorFlow.FindStringSubmatch(p.Key)
		if m != nil && m[3] == "enabled" && strings.EqualFold(strings.TrimSpace(p.Value), "true") {
			flows = append(flows, m[1]+"->"+m[2])
		}
	}
	wanted := r.options.Service
	switch {
	case slices.Contains(flows, wanted):
		flows = []string{wanted}
	case wanted != "" && strings.Contains(wanted, "->"):
		r.fail(Position{}, "--service", "the direction %s is not enabled; enabled are %s", Quote(wanted), shortList(flows))
		return "", "", false
	}
	switch {
	case len(flows) == 0 && len(clusters) == 2:
		flows = []string{clusters[0] + "->" + clusters[1]}
		r.note("%s: no direction is enabled; %s is read", r.File, flows[0])
	case len(flows) == 0:
		r.fail(Position{}, "", "no direction is enabled; write for example a->b.enabled = true")
		return "", "", false
	case len(flows) > 1:
		r.note("%s: the directions %s; %s is read (--service FROM->TO reads another)", r.File, shortList(flows), flows[0])
	}
	from, to, _ = strings.Cut(flows[0], "->")
	return from, to, true
}

// strimziMirror reads a KafkaMirrorMaker2: its target is the cluster of the worker (spec.connectCluster, or spec.target of
// the v1 API), and of its mirrors the first is read.
func (r *reading) strimziMirror(resource *node) {
	r.mirror(resource.at)
	spec := resource.path("spec")
	target := spec.word("connectCluster")
	for _, cluster := range append(spec.list("clusters"), spec.path("target")) {
		if config, found := cluster.get("config"); found && (target == "" || cluster.word("alias") == target) {
			r.clientSettings(config.value.properties())
		}
	}
	mirrors := spec.list("mirrors")
	if len(mirrors) > 1 {
		r.note("%s: %d mirrors; the first is read", resource.at, len(mirrors))
	}
	if len(mirrors) == 0 {
		return
	}
	source := mirrors[0]
	for _, cluster := range append(spec.list("clusters"), source.path("source")) {
		if config, found := cluster.get("config"); found && cluster.word("alias") == source.word("sourceCluster") {
			r.prefixed(config.value.properties(), "consumer.", Consumer, Override)
		}
	}
	config := source.path("sourceConnector", "config").properties()
	r.prefixed(config, "producer.override.", Producer, Narrow)
	r.prefixed(config, "consumer.override.", Consumer, Narrow)
	r.prefixed(config, "consumer.", Consumer, Narrow) // MirrorSourceConfig makes its own consumer of these
}

// clientSettings takes what a worker hands on to its clients.
func (r *reading) clientSettings(properties []Property) {
	r.prefixed(properties, "producer.", Producer, Written)
	r.prefixed(properties, "consumer.", Consumer, Written)
}
