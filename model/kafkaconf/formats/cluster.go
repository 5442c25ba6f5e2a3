package formats

import (
	"slices"
	"strings"
)

// ensemble is by what one sees that two brokers belong to one cluster: the same ZooKeeper, or the same controllers.
type ensemble struct {
	kind  string   // the setting that says so
	nodes []string // its entries, sorted
}

// ensembleOf finds out to which cluster a broker belongs; none where it does not say.
func ensembleOf(settings []Property) ensemble {
	for _, kind := range []string{"controller.quorum.voters", "controller.quorum.bootstrap.servers", "zookeeper.connect"} {
		for _, s := range settings {
			if s.Key != kind || strings.TrimSpace(s.Value) == "" {
				continue
			}
			list, chroot, _ := strings.Cut(composed(s.Value), "/")
			var nodes []string
			for _, node := range strings.Split(list, ",") {
				nodes = append(nodes, strings.TrimSpace(node)+"/"+chroot)
			}
			slices.Sort(nodes)
			return ensemble{kind, nodes}
		}
	}
	return ensemble{}
}

// joins says whether a broker of the one ensemble may belong to the cluster of the other: unless both name the same kind
// of nodes and have none in common.
func (e ensemble) joins(other ensemble) bool {
	if e.kind == "" || other.kind == "" || e.kind != other.kind {
		return true
	}
	return slices.ContainsFunc(e.nodes, func(n string) bool { return slices.Contains(other.nodes, n) })
}

// text names an ensemble for a message.
func (e ensemble) text() string {
	var nodes []string
	for _, n := range e.nodes {
		nodes = append(nodes, strings.TrimSuffix(n, "/"))
	}
	return e.kind + "=" + strings.Join(nodes, ",")
}

// oneCluster leaves the brokers of one cluster: of the one that was asked for, or of the first where all are alike.
func (r *reading) oneCluster(servers []*process, noun string) []*process {
	var clusters [][]*process
	for _, p := range servers {
		i := slices.IndexFunc(clusters, func(c []*process) bool {
			return slices.ContainsFunc(c, func(o *process) bool { return ensembleOf(p.server).joins(ensembleOf(o.server)) })
		})
		if i < 0 {
			clusters = append(clusters, nil)
			i = len(clusters) - 1
		}
		clusters[i] = append(clusters[i], p)
	}
	if len(clusters) == 0 {
		return nil
	}
	if wanted := r.options.Cluster; wanted != "" {
		for _, c := range clusters {
			if slices.ContainsFunc(c, func(p *process) bool {
				return p.name == wanted || strings.Contains(ensembleOf(p.server).text(), wanted)
			}) {
				return c
			}
		}
		r.fail(Position{}, "--cluster", "no cluster of that name; a cluster is named by one of its %ss: %s", noun, shortList(processNames(servers)))
		return nil
	}
	for _, c := range clusters[1:] {
		if r.settingsOf(c) != r.settingsOf(clusters[0]) || len(c) != len(clusters[0]) {
			r.fail(c[0].at, "", "two clusters: %s (%s) and %s (%s); choose one with --cluster %s or --cluster %s",
				shortList(processNames(clusters[0])), ensembleOf(clusters[0][0].server).text(), shortList(processNames(c)),
				ensembleOf(c[0].server).text(), clusters[0][0].name, c[0].name)
			return nil
		}
	}
	if len(clusters) > 1 {
		r.note("%s: %d clusters that do not differ in what is read; %s is taken", r.File, len(clusters), shortList(processNames(clusters[0])))
	}
	return clusters[0]
}

// settingsOf writes down what the servers of a cluster say of settings with a bearing on delivery.
func (r *reading) settingsOf(cluster []*process) string {
	var source Source
	for _, p := range cluster {
		for _, s := range p.server {
			source.Values = append(source.Values, Value{Part: roleOf(p.server), Key: s.Key, Text: composed(s.Value)})
		}
	}
	return r.decisive(source)
}

func processNames(list []*process) []string {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = p.name
	}
	return names
}
