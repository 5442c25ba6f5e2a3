package discover

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// group is files that are one cluster, one topic or one application.
type group struct {
	files []candidate
}

func (g group) dir() string { return g.files[0].dir }

// gives says whether a file of the group gives a part.
func (g group) gives(p kafkaconf.Part) bool {
	return slices.ContainsFunc(g.files, func(c candidate) bool { return slices.Contains(c.source.Given, p) })
}

// join makes systems of the files that were read.
func (s *search) join() {
	s.inactiveProfiles()
	clusters := s.clusters()
	topics := s.topics()
	applications := s.applications()
	taken := map[string]bool{}
	with := map[int]bool{} // clusters that have an application
	for _, a := range applications {
		if a.gives(kafkaconf.Broker) { // a file that holds both
			i := slices.IndexFunc(clusters, func(c group) bool { return slices.ContainsFunc(c.files, a.has) })
			with[i] = true
			s.system(taken, clusters, i, topics, a)
			continue
		}
		i, why := s.clusterOf(a, clusters)
		if i >= 0 {
			with[i] = true
		}
		if why != "" {
			for _, c := range a.files {
				s.list(c, Ambiguous, why)
				taken[c.path] = true
			}
		}
		s.system(taken, clusters, i, topics, a)
	}
	for i := range clusters {
		if !with[i] {
			s.system(taken, clusters, i, topics, group{})
		}
	}
	if len(clusters)+len(applications) == 0 && len(topics) > 0 {
		s.system(taken, nil, -1, topics, group{})
	}
	for _, c := range s.all {
		if !taken[c.path] {
			s.list(c, Ambiguous, "it belongs to no cluster that was found, or to several; name it beside those of its system")
		}
	}
}

func (g group) has(c candidate) bool {
	return slices.ContainsFunc(g.files, func(o candidate) bool { return o.path == c.path })
}

// system adds a system of a cluster (-1 for none), the topics that belong to it, and an application.
func (s *search) system(taken map[string]bool, clusters []group, cluster int, topics []candidate, application group) {
	var all []candidate
	if cluster >= 0 {
		all = append(all, clusters[cluster].files...)
	}
	for _, t := range topics {
		if s.topicBelongs(t, clusters, cluster) {
			all = append(all, t)
		}
	}
	all = append(all, application.files...)
	if p := s.programOf(application); p != nil {
		all = append(all, *p)
	}
	var system System
	for _, c := range all {
		if slices.Contains(system.Files, c.path) {
			continue
		}
		system.Files = append(system.Files, c.path)
		if !taken[c.path] {
			s.list(c, Taken, "")
			taken[c.path] = true
		}
	}
	if len(system.Files) > 0 {
		s.found.Systems = append(s.found.Systems, system)
	}
}

// programOf is the list of dependencies of the program that an application's files are for: the one in their folder or in the
// nearest above; nil where there is none, or two.
func (s *search) programOf(application group) *candidate {
	if len(application.files) == 0 {
		return nil
	}
	for dir := application.dir(); ; dir = path.Dir(dir) {
		var here []int
		for i := range s.programs {
			if s.programs[i].dir == dir {
				here = append(here, i)
			}
		}
		switch {
		case len(here) == 1:
			return &s.programs[here[0]]
		case len(here) > 1 || dir == "." || dir == "/":
			return nil
		}
	}
}

// inactiveProfiles leaves out the files of Spring's profiles that are not active.
func (s *search) inactiveProfiles() {
	byDir := map[string][]kafkaconf.Source{}
	for _, c := range s.all {
		if c.source.IsSpring() {
			byDir[c.dir] = append(byDir[c.dir], c.source)
		}
	}
	s.all = slices.DeleteFunc(s.all, func(c candidate) bool {
		profile := formats.SpringProfile(c.path)
		if profile == "" || !c.source.IsSpring() || slices.Contains(formats.ActiveProfiles(byDir[c.dir], s.o.Request.Profile), profile) {
			return false
		}
		s.list(c, Skipped, fmt.Sprintf("for the profile %s, which is not active (--profile %s takes it)", profile, profile))
		return true
	})
}

// clusters groups the files that give brokers: those of one folder that do not contradict each other, and those that are
// known to be about a cluster of one name.
func (s *search) clusters() []group {
	var groups []group
	for _, c := range s.all {
		broker := slices.Contains(c.source.Given, kafkaconf.Broker) || slices.Contains(c.source.Given, kafkaconf.Controller) ||
			len(c.source.Given) == 0 && c.source.Brokers > 0
		if !broker {
			continue
		}
		i := slices.IndexFunc(groups, func(g group) bool {
			return sameCluster(g, c) && agree(append(slices.Clone(g.files), c), kafkaconf.Broker, kafkaconf.Controller)
		})
		if i < 0 {
			groups = append(groups, group{})
			i = len(groups) - 1
		}
		groups[i].files = append(groups[i].files, c)
	}
	return slices.DeleteFunc(groups, func(g group) bool { return !g.gives(kafkaconf.Broker) && !g.gives(kafkaconf.Controller) })
}

// sameCluster says whether a file may be about the cluster of a group: by its name, or by its folder where neither has one.
func sameCluster(g group, c candidate) bool {
	for _, o := range g.files {
		if shares(o.source.ClusterNames, c.source.ClusterNames) {
			return true
		}
	}
	return len(c.source.ClusterNames) == 0 && g.dir() == c.dir && len(g.files[0].source.ClusterNames) == 0
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// agree says whether files may be laid over each other: no two have different values of a setting that decides.
func agree(files []candidate, parts ...kafkaconf.Part) bool {
	first := map[string]string{}
	for _, c := range files {
		for _, v := range c.source.Values {
			if !slices.Contains(parts, v.Part) || v.Rank != formats.Written || !kafkaconf.Bears(v.Part, v.Key) {
				continue
			}
			name, text := string(v.Part)+"."+v.Key, kafkaconf.CanonicalValue(v.Key, v.Text)
			if before, found := first[name]; found && before != text {
				return false
			}
			first[name] = text
		}
	}
	return true
}

// topics are the files that describe topics and nothing else. Without --topic-name they must not contradict each other.
func (s *search) topics() []candidate {
	var all []candidate
	for _, c := range s.all {
		if slices.Equal(c.source.Given, []kafkaconf.Part{kafkaconf.Topic}) {
			all = append(all, c)
		}
	}
	var kept []candidate
	for _, c := range all {
		same := slices.DeleteFunc(slices.Clone(all), func(o candidate) bool {
			return len(c.source.ClusterNames) > 0 && len(o.source.ClusterNames) > 0 && !shares(c.source.ClusterNames, o.source.ClusterNames)
		})
		if agree(same, kafkaconf.Topic) {
			kept = append(kept, c)
			continue
		}
		s.list(c, Ambiguous, "several files describe topics with different settings; choose one with --topic-name NAME")
		s.all = slices.DeleteFunc(s.all, func(o candidate) bool { return o.path == c.path })
	}
	return kept
}

// topicBelongs says whether a topic is one of a cluster: of the one whose name it has, or of the only or the nearest one.
func (s *search) topicBelongs(t candidate, clusters []group, cluster int) bool {
	if len(clusters) == 0 {
		return true
	}
	if cluster < 0 {
		return false
	}
	if len(t.source.ClusterNames) > 0 {
		named := slices.IndexFunc(clusters, func(g group) bool {
			return slices.ContainsFunc(g.files, func(c candidate) bool { return shares(c.source.ClusterNames, t.source.ClusterNames) })
		})
		if named >= 0 {
			return named == cluster
		}
	}
	return nearestGroup(t.dir, clusters) == cluster
}

// applications groups the files that give a producer or a consumer.
func (s *search) applications() []group {
	var groups []group
	var workers []candidate
	for _, c := range s.all {
		if c.source.Format == formats.Worker {
			workers = append(workers, c)
			continue
		}
		client := slices.Contains(c.source.Given, kafkaconf.Producer) || slices.Contains(c.source.Given, kafkaconf.Consumer)
		if !client && !c.source.IsSpring() {
			continue
		}
		i := slices.IndexFunc(groups, func(g group) bool { return oneApplication(g, c) })
		if i < 0 {
			groups = append(groups, group{})
			i = len(groups) - 1
		}
		groups[i].files = append(groups[i].files, c)
	}
	groups = slices.DeleteFunc(groups, func(g group) bool { return !g.gives(kafkaconf.Producer) && !g.gives(kafkaconf.Consumer) })
	if slices.ContainsFunc(groups, func(g group) bool { return !isPointer(g) }) {
		groups = slices.DeleteFunc(groups, isPointer)
	}
	return withWorkers(groups, workers)
}

// isPointer says that all a cluster's own file says of an application is where the cluster is: a container that gets
// bootstrap.servers from its environment, and its configuration from elsewhere.
func isPointer(g group) bool {
	if !g.gives(kafkaconf.Broker) {
		return false
	}
	for _, c := range g.files {
		if !c.source.IsSpring() {
			return false
		}
		for _, v := range c.source.Values {
			client := v.Part != kafkaconf.Broker && v.Part != kafkaconf.Controller && v.Part != kafkaconf.Topic
			if client && v.Rank == formats.Written && kafkaconf.Bears(v.Part, v.Key) {
				return false
			}
		}
	}
	return true
}

// oneApplication says whether a file is of the application of a group: all of Spring's in one folder, and the files of
// producers and consumers in one folder of which each gives another part.
func oneApplication(g group, c candidate) bool {
	switch {
	case g.dir() != c.dir || g.gives(kafkaconf.Broker) || slices.Contains(c.source.Given, kafkaconf.Broker):
		return false
	case c.source.IsSpring() || g.files[0].source.IsSpring():
		return c.source.IsSpring() && g.files[0].source.IsSpring()
	case c.source.Framework != g.files[0].source.Framework || c.source.Framework != "":
		return false
	}
	return !slices.ContainsFunc(c.source.Given, g.gives)
}

// withWorkers gives every connector the worker of its folder, or the only one; a worker without connectors is an
// application of its own.
func withWorkers(groups []group, workers []candidate) []group {
	used := map[string]bool{}
	for i, g := range groups {
		if !strings.HasPrefix(g.files[0].source.Framework, "kafka-connect-") {
			continue
		}
		of := slices.IndexFunc(workers, func(w candidate) bool { return w.dir == g.dir() })
		if of < 0 && len(workers) == 1 {
			of = 0
		}
		if of >= 0 {
			groups[i].files = append([]candidate{workers[of]}, g.files...)
			used[workers[of].path] = true
		}
	}
	for _, w := range workers {
		if !used[w.path] {
			groups = append(groups, group{[]candidate{w}})
		}
	}
	return groups
}

// clusterOf finds the cluster of an application: the one whose name its bootstrap.servers have, the only one, or the one
// that is nearest in the tree; -1 and why where several are as near.
func (s *search) clusterOf(a group, clusters []group) (int, string) {
	if len(clusters) == 0 {
		return -1, ""
	}
	var named []int
	for i, c := range clusters {
		if slices.ContainsFunc(c.files, func(f candidate) bool {
			return slices.ContainsFunc(hosts(a), func(h string) bool { return isHostOf(h, f.source) })
		}) {
			named = append(named, i)
		}
	}
	if len(named) == 1 {
		return named[0], ""
	}
	if i := nearestGroup(a.dir(), clusters); i >= 0 {
		return i, ""
	}
	var names []string
	for _, c := range clusters {
		names = append(names, c.files[0].path)
	}
	return -1, "it fits several clusters, " + strings.Join(names, ", ") + ", and is checked without one; name it beside the files of its own"
}

// hosts are the hosts of the application's bootstrap.servers.
func hosts(a group) []string {
	var out []string
	for _, c := range a.files {
		for _, v := range c.source.Values {
			if v.Key != "bootstrap.servers" {
				continue
			}
			for _, server := range strings.Split(v.Text, ",") {
				host, _, _ := strings.Cut(strings.TrimSpace(server), ":")
				out = append(out, host)
			}
		}
	}
	return out
}

// isHostOf says whether a host is one of a cluster's: a broker of that name, or a service of Strimzi's or Confluent's.
func isHostOf(host string, s kafkaconf.Source) bool {
	name, _, _ := strings.Cut(host, ".")
	return slices.ContainsFunc(s.ClusterNames, func(n string) bool {
		return n != "" && (name == n || strings.HasPrefix(name, n+"-kafka-"))
	})
}

// nearestGroup is the group whose folder shares the longest beginning with a folder: the only one, or -1 where several are
// as near.
func nearestGroup(dir string, groups []group) int {
	if len(groups) == 1 {
		return 0
	}
	best, at, several := -1, -1, false
	for i, g := range groups {
		n := commonFolders(dir, g.dir())
		switch cmp.Compare(n, best) {
		case 1:
			best, at, several = n, i, false
		case 0:
			several = true
		}
	}
	if several {
		return -1
	}
	return at
}

// commonFolders counts the folders with which two paths begin alike.
func commonFolders(a, b string) int {
	n := 0
	x, y := strings.Split(path.Clean(a), "/"), strings.Split(path.Clean(b), "/")
	for n < len(x) && n < len(y) && x[n] == y[n] && x[n] != "." {
		n++
	}
	return n
}
