package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/cluster"
	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/invariants/fleet"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/discover"
)

// fleetHelp is what "kcheck fleet --help" prints above the flags.
const fleetHelp = `Checks every topic of a folder or of a live cluster with its producers and groups:
a table of configurations, the worst first, each with the topics that have it and
its counterexamples. What comes to the same configuration is asked once.

In a folder, topics and applications are joined to clusters as kcheck check does it.
Which of a cluster's applications uses which of its topics no file says, so every
application is checked with every topic of its cluster. A spec is a system of its
own. Of a live cluster, the brokers, the topics and the groups with a position in
them are known; what producers and consumers set is not, unless --producer and
--consumer say it.

Exit status: 0 every topic has its verdicts; 2 kcheck could not check, or Kafka
would refuse a configuration; 3 time or memory ran out first, or a guarantee is
vacuous.`

// newFleet is "kcheck fleet".
func newFleet(s streams) *cobra.Command {
	a, sp := &analysis{streams: s}, &spreadFlags{}
	cmd := &cobra.Command{
		Use:   "fleet DIR | --bootstrap-server HOST:PORT [flags]",
		Short: "every topic with its producers and groups, equal questions asked once",
		Long:  fleetHelp,
		Example: `  kcheck fleet deploy/ --guarantee no-acked-loss --faults broker-crash=1
  kcheck fleet --bootstrap-server localhost:9092 --producer producer.properties --format html --output fleet.html`,
	}
	sp.add(cmd.Flags())
	a.declareDisk(cmd)
	a.declare(cmd, report.Formats)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		args, err := sp.results(s, args)
		if err != nil {
			return err
		}
		return a.run(cmd.Context(), func(ctx context.Context, o verdict.Options) (answer, error) {
			return a.fleet(ctx, args, sp, o)
		})
	}
	return cmd
}

// fleet checks what there is in a folder or a cluster.
func (a *analysis) fleet(ctx context.Context, args []string, sp *spreadFlags, o verdict.Options) (answer, error) {
	q := &a.question
	q.files, q.listTo = a.streams.files, a.streams.err
	b := &fleetBuilder{question: q, fleet: fleet.New(), seen: map[string]bool{}}
	doc := &report.Fleet{Kcheck: verdict.Version, Problems: []verdict.Problem{}, Fleet: b.fleet}
	switch {
	case q.live.servers != "" && len(args) == 0:
		doc.Of = "cluster " + kafkaconf.WithoutUserInfo(q.live.servers)
		b.problems = append(b.problems, b.cluster(ctx)...)
	case q.live.servers == "" && len(args) == 1:
		doc.Of = args[0]
		if err := b.folder(ctx, args[0]); err != nil {
			return answer{}, err
		}
	default:
		return answer{}, errors.New("kcheck fleet takes one folder, or --bootstrap-server HOST:PORT; write kcheck fleet DIR")
	}
	doc.Problems = append(doc.Problems, b.problems...)
	printProblems(a.streams, doc.Problems)
	found := answer{problems: doc.Problems}
	w := &spreading{analysis: a, flags: sp, command: "fleet", units: b.fleet.Units()}
	if planned, err := w.planned(); planned || err != nil {
		return found, err
	}
	answers, incomplete, err := w.answers(ctx, o)
	if err != nil {
		return answer{}, err
	}
	b.fleet.Fill(answers)
	found.document, found.unfinished = doc.Document(), incomplete
	for _, c := range b.fleet.Classes {
		for _, v := range c.Verdicts {
			found.verdicts = append(found.verdicts, v)
		}
	}
	return found, nil
}

// fleetBuilder finds out which configurations there are.
type fleetBuilder struct {
	question *questionFlags
	fleet    *fleet.Fleet
	problems []verdict.Problem
	seen     map[string]bool // problems by their text
}

// add resolves one configuration. What is wrong with it is said once.
func (b *fleetBuilder) add(request kafkaconf.Request, members fleet.Members) {
	resolved, err := kafkaconf.Load(request)
	for _, p := range kafkaconf.ProblemsOf(resolved, err) {
		if p.Severity != kafkaconf.Refusal && !b.seen[p.String()] {
			b.seen[p.String()] = true
			b.problems = append(b.problems, p)
		}
	}
	if resolved != nil && err == nil {
		b.fleet.Add(resolved, members)
	}
}

// folder takes every system below a folder.
func (b *fleetBuilder) folder(ctx context.Context, folder string) error {
	q := b.question
	info, err := os.Stat(folder)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %s", folder, plain(err))
	case !info.IsDir():
		return fmt.Errorf("%s is no folder; kcheck check takes files", folder)
	}
	found, err := discover.All(ctx, os.DirFS(folder), discover.Options{Include: q.include, Request: q.request})
	if err != nil {
		return fmt.Errorf("%s: %s", folder, plain(err))
	}
	for _, name := range found.Unreadable {
		b.problems = append(b.problems, verdict.Problem{File: below(folder, []string{name})[0], Message: "cannot be read", Severity: kafkaconf.Failure})
	}
	if len(found.Specs)+len(found.Clusters) == 0 {
		return fmt.Errorf("%s: no spec and no configuration of Kafka below this folder", folder)
	}
	for _, spec := range below(folder, found.Specs) {
		b.add(q.ask(spec), fleet.Members{Topics: []string{spec}})
	}
	for _, f := range found.Files {
		if f.Status == discover.Ambiguous {
			say(q.listTo, "%s: %s", below(folder, []string{f.Path})[0], f.Why)
		}
	}
	for _, c := range found.Clusters {
		if len(found.Clusters) > 1 && len(c.Files) > 0 { // names are those of one cluster
			for i := range c.Topics {
				c.Topics[i].Name += " of " + c.Files[0]
			}
		}
		b.addCluster(folder, c)
	}
	return nil
}

// addCluster takes every topic of a cluster with every application. A topic, and an application, that does not differ
// from another one is resolved together with it.
func (b *fleetBuilder) addCluster(folder string, c discover.Cluster) {
	topics, applications := sameTopics(c.Topics), b.sameApplications(folder, c.Applications)
	for _, t := range topics {
		for _, app := range applications {
			request := b.question.ask(below(folder, withoutDoubles(c.Files, t.files, app.files))...)
			request.AllTopics = true
			if t.source != nil {
				source := *t.source
				source.File = below(folder, []string{source.File})[0]
				request.Sources = []kafkaconf.Source{below1(folder, source)}
			}
			b.add(request, fleet.Members{Topics: t.names, Applications: app.names, Groups: app.groups})
		}
	}
}

// below1 puts a folder before the places of the values.
func below1(folder string, source kafkaconf.Source) kafkaconf.Source {
	source.Values = slices.Clone(source.Values)
	for i := range source.Values {
		v := &source.Values[i]
		v.KeyAt.File, v.ValueAt.File = below(folder, []string{v.KeyAt.File})[0], below(folder, []string{v.ValueAt.File})[0]
	}
	return source
}

// withoutDoubles lists files, each once.
func withoutDoubles(lists ...[]string) []string {
	var all []string
	for _, list := range lists {
		for _, f := range list {
			if !slices.Contains(all, f) {
				all = append(all, f)
			}
		}
	}
	return all
}

// alike are topics, or applications, that do not differ: their names, and the first of them.
type alike struct {
	names, groups []string
	files         []string
	source        *kafkaconf.Source
}

// sameTopics groups topics that do not differ. A cluster without topics has one without a name.
func sameTopics(topics []discover.Topic) []*alike {
	var list []*alike
	byText := map[string]*alike{}
	for _, t := range topics {
		key := fmt.Sprint(t.Source == nil, t.Same)
		if byText[key] == nil {
			byText[key] = &alike{source: t.Source}
			if t.Source == nil {
				byText[key].files = []string{t.File}
			}
			list = append(list, byText[key])
		}
		byText[key].names = append(byText[key].names, t.Name)
	}
	if len(list) == 0 {
		return []*alike{{}}
	}
	return list
}

// sameApplications groups applications with the same files, but for where they are. A cluster without applications has
// one without a name.
func (b *fleetBuilder) sameApplications(folder string, applications []discover.Application) []*alike {
	var list []*alike
	byText := map[string]*alike{}
	for _, a := range applications {
		var key strings.Builder
		files := below(folder, a.Files)
		for _, f := range files {
			data, _ := b.question.files.configuration(f) // what cannot be read is a problem when it is resolved
			fmt.Fprintf(&key, "%s\n%d\n%s", filepath.Base(f), len(data), data)
		}
		if byText[key.String()] == nil {
			byText[key.String()] = &alike{files: a.Files}
			list = append(list, byText[key.String()])
		}
		of := byText[key.String()]
		of.names, of.groups = append(of.names, strings.Join(files, " + ")), append(of.groups, a.Groups...)
	}
	if len(list) == 0 {
		return []*alike{{}}
	}
	return list
}

// cluster takes every topic of a live cluster with every group that has a position in it.
func (b *fleetBuilder) cluster(ctx context.Context) []verdict.Problem {
	options, problems := b.question.clusterOptions()
	if len(problems) > 0 {
		return problems
	}
	live, err := cluster.ReadFleet(ctx, options)
	if err != nil {
		return b.question.clusterProblem(err)
	}
	byText := map[string]*liveClass{}
	var order []string
	put := func(t *cluster.Topic, g *cluster.Group) {
		key := t.Same
		c := &liveClass{sources: []kafkaconf.Source{live.Brokers, t.Source}}
		if g != nil {
			for _, v := range g.Source.Values {
				key += fmt.Sprintf("\n%s.%s=%s", v.Part, v.Key, v.Text)
			}
			c.sources = append(c.sources, g.Source)
		}
		if byText[key] == nil {
			byText[key] = c
			order = append(order, key)
		}
		c = byText[key]
		c.members.Topics = append(c.members.Topics, t.Name)
		if g != nil {
			c.members.Groups = append(c.members.Groups, g.Name)
		}
	}
	for i := range live.Topics {
		t := &live.Topics[i]
		if len(t.Groups) == 0 {
			put(t, nil)
		}
		for j := range t.Groups {
			put(t, &t.Groups[j])
		}
	}
	for _, key := range order {
		request := b.question.ask()
		request.Sources, request.SourceFlags = byText[key].sources, b.question.live.words()
		b.add(request, byText[key].members)
	}
	return nil
}

// liveClass is topics and groups of a cluster that do not differ in what it knows of them.
type liveClass struct {
	sources []kafkaconf.Source
	members fleet.Members
}
