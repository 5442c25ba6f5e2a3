package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/report"
	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/invariants/verdict"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// checkHelp is what "kcheck check --help" prints above the flags.
const checkHelp = `Checks configurations against guarantees.

A FILE is a spec or a configuration file, recognised by content; several
configuration files are one question. Beside a spec they are part of its
question: they give the values, and the spec what they do not say. A DIR is every spec below it, folders
named bench left out; where there is none, it is every configuration file of
Kafka below it, and each cluster with an application is a question of its own.
Tests are left out unless --include takes them. A NAME is a spec built into the
program (kcheck list specs). With no file and no configuration flag, an example that is built in is
checked.

Configuration files are
  .properties of a producer, consumer, broker, controller or topic
  the output of kafka-topics --describe and kafka-configs --describe --all,
    rpk topic describe and kcat -L
  Strimzi, Confluent for Kubernetes, Deployments and StatefulSets, values of
    the charts bitnami/kafka and cp-helm-charts
  docker-compose and environment files (KAFKA_, KAFKA_CFG_, CONNECT_, KSQL_,
    SPRING_, MP_MESSAGING_)
  Spring (spring.kafka, Spring Cloud Stream), Quarkus, Micronaut, .NET
  librdkafka: key=value, sections and JSON
  Kafka Connect, Kafka Streams, ksqlDB, MirrorMaker 2
  topics of topicctl, jikkou, julie and Ansible
  Terraform: .tf with literal values, and plans (terraform show -json)
  go.mod, package.json, requirements.txt, pyproject.toml, pom.xml, build.gradle:
    which client library, and which release of it
and with --bootstrap-server a live cluster is one more. kcheck config shows what
a file was taken for and where each value comes from.

--format what-if --output review.html writes a page with kcheck in it, in which
settings and faults can be switched. It needs no network.

With --checkpoint a long check can be interrupted, or killed, and goes on when the
same command is given again. What is asked and kcheck must be the same. The folder
is yours to delete.

With --disk a check goes past --memory, and finds the same. It takes about 1.5 times
as long where most does not fit, and up to three times where memory is very small.

When a flag changes the question (--set, --faults, --guarantee, --counted,
--messages or --kafka), what a spec expects is not looked at.`

// checkCommand is "kcheck check" with its flags.
type checkCommand struct {
	streams  streams
	question questionFlags
	search   searchFlags
	point    checkpointFlags
	disk     diskFlags
	cache    cacheFlags
	ci       ciFlags
	certify  certificateFlags
	form     formFlags
	detail   detailFlags
}

// newCheck is "kcheck check".
func newCheck(s streams) *cobra.Command {
	c := &checkCommand{streams: s}
	cmd := &cobra.Command{
		Use:   "check [FILE | DIR | NAME]...",
		Short: "check configurations against guarantees",
		Long:  checkHelp,
		Example: `  kcheck check .
  kcheck check --producer producer.properties --topic topic.properties
  kcheck check application.yml topics.txt --faults broker-crash=1
  kcheck check application.yml --bootstrap-server localhost:9092 --topic-name orders
  kcheck check my-spec.yaml --set producer.acks=all
  kcheck check acks-1-leader-crash --format json --output result.json
  kcheck check my-spec.yaml --certificate orders.cert`,
		RunE:              func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
		ValidArgsFunction: specOrFile,
	}
	cmd.Flags().SortFlags = false
	c.question.add(cmd.Flags())
	c.search.add(cmd.Flags())
	c.point.add(cmd.Flags())
	c.disk.add(cmd.Flags())
	c.cache.add(cmd.Flags())
	c.ci.add(cmd.Flags())
	c.certify.add(cmd.Flags())
	c.detail.add(cmd.Flags())
	c.form.add(cmd.Flags(), append(slices.Clone(report.CheckFormats), whatIf))
	return cmd
}

// run checks everything that the arguments ask and writes one report.
func (c *checkCommand) run(ctx context.Context, args []string) error {
	ctx, cancel, options, err := c.search.start(ctx)
	defer cancel()
	if err != nil {
		return err
	}
	if err := c.form.check(c.streams); err != nil {
		return err
	}
	if options.Cache, err = c.cache.open(c.streams); err != nil {
		return err
	}
	if err := c.ci.read(c.streams); err != nil {
		return err
	}
	if c.ci.baseline != nil {
		options.Exhaust = true // no worse is decided by all minimal sets of faults
	}
	if err := c.certify.check(c.streams, &options); err != nil {
		return err
	}
	requests, problems := c.question.requests(ctx, c.streams, args)
	if err := c.checkWhatIf(requests); err != nil {
		return err
	}
	if options.Disk, err = c.disk.open(options, c.point.dir); err != nil {
		return err
	}
	if options.Checkpoint, err = c.point.open(c.streams, requests, options); err != nil {
		return err
	}
	out := verdict.NewReport()
	out.Problems = append(out.Problems, problems...)
	printProblems(c.streams, problems)
	c.checkAll(ctx, requests, options, out)
	c.ci.apply(c.streams, out)
	document := report.Check(out)
	if len(requests) == 1 {
		document.With(whatIf, whatIfPage(requests[0], out))
	}
	if err := c.form.write(c.streams, document, c.detail.options()); err != nil {
		return err
	}
	announce(c.streams, out, document)
	c.point.remind(ctx, c.streams)
	if err := c.certify.write(ctx, c.streams, options); err != nil {
		return err
	}
	if len(args) == 0 && !c.question.configures() && len(out.Results) > 0 {
		c.invite()
	}
	if code := out.Exit(); code != 0 {
		return status(code)
	}
	return nil
}

// checkAll answers the requests one after the other, so that each has all cores and the order of the results is fixed. With
// a limit on time each has its share of what is left. Those that it cuts short are asked again with what the others leave.
func (c *checkCommand) checkAll(ctx context.Context, requests []kafkaconf.Request, o verdict.Options,
	out *verdict.Report) {
	told := map[string]bool{}
	line := newProgress(c.streams.err)
	o.Found, o.Early = line.found, line.early
	answers := make([]*verdict.Report, len(requests))
	left := make([]int, len(requests))
	for i := range requests {
		left[i] = i
	}
	for len(left) > 0 {
		var cut []int
		for n, i := range left {
			o.Progress = func(q *verdict.Question, p explore.Progress) {
				line.showQuestion(label(i, len(requests), q), q, p)
			}
			own, cancel := verdict.Share(ctx, len(left)-n)
			answer, _ := verdict.CheckFiles(own, requests[i], o) // the problems are printed
			if own.Err() != nil && ctx.Err() == nil && undecided(answer) {
				cut = append(cut, i)
			}
			cancel()
			line.clearLine()
			if answers[i] == nil {
				printNew(c.streams, answer.Problems, told)
			}
			if answers[i] == nil || ctx.Err() == nil || !undecided(answer) {
				answers[i] = answer
			}
		}
		left = cut
	}
	for i, answer := range answers {
		forExample(requests[i], answer)
		forSystem(i, requests, answer)
		out.Add(answer)
	}
}

// undecided says that some question of an answer was left open.
func undecided(answer *verdict.Report) bool {
	return slices.ContainsFunc(answer.Results, func(r verdict.Result) bool { return r.Verdict == verdict.Inconclusive })
}

// forExample corrects the command that asks the question again where it is about the built-in example, which is no file.
func forExample(request kafkaconf.Request, report *verdict.Report) {
	if len(request.Files) != 1 || request.Files[0] != exampleName || request.ReadFile == nil {
		return
	}
	for i := range report.Results {
		r := &report.Results[i]
		r.Reproduce = strings.Replace(r.Reproduce, " "+exampleName, "", 1)
	}
}

// forSystem says in the results of one of several questions about files which files those are. A spec alone says it itself,
// unless it is asked with several systems.
func forSystem(i int, requests []kafkaconf.Request, report *verdict.Report) {
	own := requests[i].Files
	several := 0
	for _, r := range requests {
		if len(own) > 0 && len(r.Files) > 0 && r.Files[0] == own[0] {
			several++
		}
	}
	for n := range report.Results {
		if r := &report.Results[n]; len(requests) > 1 && (r.Spec == "" || several > 1) {
			r.System = &verdict.System{Number: i + 1, Files: requests[i].Files}
		}
	}
}

// label says in a progress line which question is being answered.
func label(i, n int, q *verdict.Question) string {
	name := q.Guarantee
	if q.Spec != "" {
		name = q.Spec + " " + q.Guarantee
	} else if n > 1 {
		return fmt.Sprintf("system %d of %d %s", i+1, n, name)
	}
	if n == 1 {
		return name
	}
	return fmt.Sprintf("%d/%d %s", i+1, n, name)
}

// invite tells a new user, after the built-in example, what to do next.
func (c *checkCommand) invite() {
	fmt.Fprintln(c.streams.err, "\nThis is an example that is built into kcheck. Check your own configuration with")
	fmt.Fprintln(c.streams.err, "  kcheck check --producer producer.properties --topic topic.properties")
}

// maxProblems is how many problems are printed; the json form has all of them.
const maxProblems = 100

// printNew is printProblems for those that were not told before: several questions may be about the same file.
func printNew(s streams, problems []verdict.Problem, told map[string]bool) {
	var list []verdict.Problem
	for _, p := range problems {
		if text := p.String(); !told[text] {
			told[text] = true
			list = append(list, p)
		}
	}
	printProblems(s, list)
}

// printProblems writes one line for each problem to standard error. What stands in it comes from files of others, and
// GitHub Actions reads lines that begin with :: as commands.
func printProblems(s streams, problems []verdict.Problem) {
	for i, p := range problems {
		if i == maxProblems {
			say(s.err, "and %d problems more; --format json lists them", len(problems)-i)
			return
		}
		say(s.err, "%s", p)
	}
}
