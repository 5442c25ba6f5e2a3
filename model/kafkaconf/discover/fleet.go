package discover

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

// Fleet is every cluster below a folder, with all of its topics and applications.
type Fleet struct {
	Specs    []string // each of them is a system of its own
	Clusters []Cluster
	Files    []File
	// Unreadable are files and folders that could not be read.
	Unreadable []string
}

// Cluster is a cluster with what belongs to it. The last one of a fleet may have no files: what belongs to no cluster that
// was found, or to several.
type Cluster struct {
	Files        []string
	Topics       []Topic
	Applications []Application
}

// Topic is a topic that a file describes.
type Topic struct {
	Name string // as the file names it, or the file itself
	File string
	// Source is what the file says of it; nil where the file is about it alone and says so by Kafka's own names.
	Source *kafkaconf.Source
	// Same is the same for topics that do not differ in what has a bearing on delivery.
	Same string
}

// Application is the files of one application, with the consumer groups that they name.
type Application struct {
	Files  []string
	Groups []string
}

// All finds every cluster, topic and application below the root of a file system. Specs do not end it.
func All(ctx context.Context, fsys fs.FS, o Options) (Fleet, error) {
	o.Request.AllTopics = true
	s := &search{ctx: ctx, fsys: fsys, o: o}
	if err := fs.WalkDir(fsys, ".", s.visit); err != nil {
		return Fleet{}, err
	}
	s.inactiveProfiles()
	f := s.fleet()
	f.Specs, f.Unreadable, f.Files = s.found.Specs, s.found.Unreadable, s.found.Files
	slices.SortFunc(f.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return f, nil
}

// fleet joins topics and applications to clusters.
func (s *search) fleet() Fleet {
	groups := s.clusters()
	clusters := make([]Cluster, len(groups)+1) // the last one is for what belongs to none
	taken := map[string]bool{}
	take := func(c candidate) string {
		if !taken[c.path] {
			taken[c.path] = true
			s.list(c, Taken, "")
		}
		return c.path
	}
	for i, g := range groups {
		for _, c := range g.files {
			clusters[i].Files = append(clusters[i].Files, take(c))
		}
	}
	for _, c := range s.all {
		if topics := topicsOf(c); len(topics) > 0 {
			take(c)
			i := s.homeOf(c, groups)
			clusters[i].Topics = append(clusters[i].Topics, topics...)
		}
	}
	for _, a := range s.applications() {
		i, why := s.clusterOf(a, groups)
		if i < 0 {
			i = len(groups)
		}
		app := Application{}
		for _, c := range a.files {
			if why != "" && !taken[c.path] {
				taken[c.path] = true
				s.list(c, Ambiguous, why)
			}
			app.Files = append(app.Files, take(c))
			app.Groups = append(app.Groups, groupsOf(c)...)
		}
		clusters[i].Applications = append(clusters[i].Applications, app)
	}
	for _, c := range s.all {
		if !taken[c.path] {
			s.list(c, Ambiguous, "it belongs to no cluster that was found, or to several")
		}
	}
	clusters = slices.DeleteFunc(clusters, func(c Cluster) bool { return len(c.Files)+len(c.Topics)+len(c.Applications) == 0 })
	return Fleet{Clusters: clusters}
}

// homeOf is the cluster that the topics of a file belong to; len(clusters) for none.
func (s *search) homeOf(c candidate, clusters []group) int {
	for i := range clusters {
		if clusters[i].has(c) || s.topicBelongs(c, clusters, i) {
			return i
		}
	}
	return len(clusters)
}

// topicsOf are the topics that a file describes.
func topicsOf(c candidate) []Topic {
	if len(c.source.Topics) == 0 {
		if !slices.Equal(c.source.Given, []kafkaconf.Part{kafkaconf.Topic}) {
			return nil
		}
		var lines []string
		for _, v := range c.source.Values {
			if kafkaconf.Bears(v.Part, v.Key) {
				lines = append(lines, fmt.Sprintf("%s.%s=%s", v.Part, v.Key, strings.TrimSpace(v.Text)))
			}
		}
		slices.Sort(lines)
		return []Topic{{Name: c.path, File: c.path, Same: strings.Join(lines, "\n")}}
	}
	var topics []Topic
	for _, t := range c.source.Topics {
		topics = append(topics, Topic{Name: t.Name, File: c.path, Same: t.Same,
			Source: &kafkaconf.Source{File: c.path, Format: c.source.Format, Given: []kafkaconf.Part{kafkaconf.Topic}, Values: t.Values}})
	}
	return topics
}

// groupsOf are the consumer groups that a file names.
func groupsOf(c candidate) []string {
	var groups []string
	for _, v := range c.source.Values {
		if v.Key == "group.id" && v.Text != "" && !slices.Contains(groups, v.Text) {
			groups = append(groups, v.Text)
		}
	}
	return groups
}
