package reproduce

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kcheck/kcheck/invariants/verdict"
)

// Word is what playing a counterexample came to.
type Word string

// The words.
const (
	Reproduced    Word = "reproduced"       // the guarantee is broken on the cluster, too
	NotReproduced Word = "not reproduced"   // the cluster left the trace, or the guarantee held
	Unforceable   Word = "cannot be forced" // a step has no handle
)

// Played is one counterexample, or one walk, played once.
type Played struct {
	Spec      string       `json:"spec"`
	Guarantee string       `json:"guarantee"`
	Kafka     string       `json:"kafka"` // the version of the brokers that ran
	Verdict   string       `json:"verdict"`
	Reason    string       `json:"reason"` // the model's
	Result    Word         `json:"result"`
	Step      int          `json:"step,omitempty"` // at which the cluster left the trace, or that cannot be forced
	Why       string       `json:"why,omitempty"`
	Saw       string       `json:"saw,omitempty"`
	Seconds   float64      `json:"seconds"`
	Steps     []PlayedStep `json:"steps"`
	Notes     []string     `json:"notes,omitempty"`
}

// PlayedStep is one step as it was played.
type PlayedStep struct {
	N       int       `json:"n"`
	Action  string    `json:"action"`
	Text    string    `json:"text"`
	Fault   bool      `json:"fault"`
	Seconds float64   `json:"seconds"`
	Log     []LogLine `json:"log,omitempty"` // what the brokers logged meanwhile
}

// LogLine is a line of a node's own log.
type LogLine struct {
	Node string `json:"node"`
	Line string `json:"line"`
}

// Play plays a result on a cluster: a counterexample, or a run that ends well. An error is about the cluster itself, or
// the end of ctx.
func (c *Cluster) Play(ctx context.Context, r *verdict.Result) (*Played, error) {
	p := played(c.home, r)
	begin := time.Now()
	defer func() { p.Seconds = time.Since(begin).Seconds() }()
	x := newRun(c, r)
	defer x.end()
	if err := x.prepare(ctx, r); err != nil {
		return p, fmt.Errorf("before the first step: %w", err)
	}
	err := x.playAll(ctx, p)
	p.Notes = x.notes
	if err != nil {
		return p, x.judge(p, err)
	}
	holds, saw, err := x.look(ctx, r)
	p.Saw = saw
	if err != nil {
		p.Why = err.Error()
		return p, x.judge(p, err)
	}
	if p.Result = Reproduced; holds && r.Verdict == verdict.Violated {
		p.Result, p.Step = NotReproduced, len(r.Steps)
	} else if !holds && r.Verdict != verdict.Violated {
		p.Result, p.Step = NotReproduced, len(r.Steps)
	}
	return p, nil
}

// played is a result before it is played.
func played(home *Home, r *verdict.Result) *Played {
	return &Played{Spec: r.Spec, Guarantee: r.Guarantee, Kafka: home.Version, Verdict: string(r.Verdict), Reason: r.Reason}
}

// unhandled is the number of the first step that has no handle, or 0.
func unhandled(steps []verdict.Step) int {
	for i := range steps {
		if handlers[steps[i].Action] == nil {
			return i + 1
		}
	}
	return 0
}

// cannot says why a result cannot be played at all; empty if it can.
func cannot(home *Home, r *verdict.Result) string {
	if r.Kafka != home.line() {
		return fmt.Sprintf("the question is about Kafka %s, %s has %s", r.Kafka, home.Dir, home.Version)
	}
	if n := unhandled(r.Steps); n > 0 {
		return fmt.Sprintf("step %d: %s has no handle on a real cluster", n, r.Steps[n-1].Action)
	}
	for _, s := range r.Settings {
		switch {
		case (s.Key == "app.producer-client" || s.Key == "app.consumer-client") && s.Value != "java-"+home.line() &&
			s.Value != "java-"+home.Version:
			return fmt.Sprintf("%s=%s: the clients at hand are those of Java %s", s.Key, s.Value, home.Version)
		case s.Key == "model.replicate-from" && s.Value == "disk":
			return "model.replicate-from=disk: Kafka's followers copy from the page cache"
		case s.Key == "consumer.group.protocol" && strings.EqualFold(s.Value, "consumer"):
			return "group.protocol=consumer: members cannot be taken out of such a group from outside"
		}
	}
	return ""
}

// playAll plays the steps one after the other.
func (x *run) playAll(ctx context.Context, p *Played) error {
	for i := range x.steps {
		s := &x.steps[i]
		marks, begin := x.c.marks(), time.Now()
		err := x.play(ctx, i)
		p.Steps = append(p.Steps, PlayedStep{N: i + 1, Action: s.Action, Text: s.Text, Fault: s.Fault,
			Seconds: time.Since(begin).Seconds(), Log: x.c.linesSince(marks, x.topic)})
		if err != nil {
			p.Step, p.Why = i+1, err.Error()
			return err
		}
	}
	return nil
}

// judge turns an error of a step into the result's word; what is about the cluster itself it returns.
func (x *run) judge(p *Played, err error) error {
	var u unforceable
	switch {
	case errors.As(err, &u):
		p.Result = Unforceable
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	default:
		p.Result = NotReproduced
	}
	return nil
}

// marks are the lengths of all logs.
func (c *Cluster) marks() map[int]int {
	m := map[int]int{}
	for id, n := range c.nodes {
		m[id] = n.log.mark()
	}
	return m
}

// telling are the lines of a broker's log that say something about a run.
var telling = regexp.MustCompile(`(?i)leader|ISR|fenc|truncat|recover|shut ?down|started|epoch|high ?watermark|transaction|coordinator|producer`)

// maxLine and maxLines bound what of a node's log stands beside a step.
const (
	maxLine  = 300
	maxLines = 6
)

// linesSince are the telling lines after some marks: those of a partition, and those of a broker's life.
func (c *Cluster) linesSince(marks map[int]int, topic string) []LogLine {
	var all []LogLine
	for _, id := range c.ids() {
		name := fmt.Sprintf("b%d", id)
		if id == serviceNode {
			name = "controller"
		}
		n := 0
		for _, line := range c.nodes[id].log.since(marks[id]) {
			if len(line) < maxLine && telling.MatchString(line) && (strings.Contains(line, topic+"-") || strings.Contains(line, topic+" ") || life.MatchString(line)) {
				if n++; n <= maxLines {
					all = append(all, LogLine{name, line})
				}
			}
		}
	}
	return all
}

var life = regexp.MustCompile(`(?i)fenced|unfenc|shut down completed|Kafka Server started|starting controlled shutdown|unclean`)

// prepare makes topic, group and clients ready, and holds what the trace will let through.
func (x *run) prepare(ctx context.Context, r *verdict.Result) error {
	x.c.traffic.openAll()
	if err := x.c.settle(ctx); err != nil {
		return err
	}
	if err := x.c.warmUp(ctx); err != nil {
		return err
	}
	if err := x.c.createTopic(ctx, x.topic, x.order, x.topicConfigs()); err != nil {
		return fmt.Errorf("the topic: %w", err)
	}
	if err := x.awaitReplicas(ctx); err != nil {
		return err
	}
	x.app = &application{group: x.topic + "-group", processed: map[string]int{}}
	if x.producesOutput() {
		if err := x.prepareOutput(ctx, r); err != nil {
			return err
		}
		return x.holdReplication(ctx)
	}
	if x.settings["app.group"] != "new" {
		err := poll(ctx, stepLimit, "the group's first offset", func() (bool, error) {
			err := x.c.commitOffset(ctx, x.app.group, x.topic, x.partition, 0)
			return err == nil, err
		})
		if err != nil {
			return err
		}
	}
	if err := x.startProducer(ctx); err != nil {
		return err
	}
	if err := x.warmUp(ctx); err != nil {
		return err
	}
	x.c.traffic.hold("produce", of(producerID, apiProduce, true))
	x.holdConsumer()
	return x.holdReplication(ctx)
}

// holdReplication holds the fetches of followers and waits until each has one under way, and what leaders ask of the
// controller.
func (x *run) holdReplication(ctx context.Context) error {
	for b := 1; b <= x.replicas; b++ {
		x.c.traffic.hold(gate("fetch", b), fetchOf(b))
		x.c.traffic.hold(gate("alter", b), altersOf(b))
	}
	for b := 2; b <= x.replicas; b++ {
		if _, err := x.awaitMessage(ctx, fmt.Sprintf("the first fetch of b%d", b), fetchOf(b)); err != nil {
			return err
		}
	}
	x.at = -1
	return x.prepareElection(ctx)
}

// awaitReplicas waits until every broker acts on the first leader epoch.
func (x *run) awaitReplicas(ctx context.Context) error {
	x.decisions = []int{0}
	for b := 1; b <= x.replicas; b++ {
		if err := x.awaitEpoch(ctx, b); err != nil {
			return err
		}
		x.learnt[b] = 1
	}
	return nil
}

// topicSettings are broker settings that a topic has under another name.
var topicSettings = map[string]string{
	"min.insync.replicas": "min.insync.replicas", "unclean.leader.election.enable": "unclean.leader.election.enable",
	"log.flush.interval.messages": "flush.messages", "log.flush.interval.ms": "flush.ms", "log.cleanup.policy": "cleanup.policy",
}

// topicConfigs are the settings of the topic, as the result lists them.
func (x *run) topicConfigs() map[string]string {
	all := map[string]string{}
	for k, v := range x.settings {
		if name, ok := topicSettings[strings.TrimPrefix(k, "broker.")]; ok && strings.HasPrefix(k, "broker.") && v != "" {
			all[name] = v
		}
	}
	for k, v := range x.settings {
		if key, ok := strings.CutPrefix(k, "topic."); ok && key != "replication.factor" && key != "partitions" && v != "" {
			all[key] = v
		}
	}
	delete(all, "cleanup.policy") // the cleaner does not run
	if x.has("SendIsRefused") {
		all["max.message.bytes"] = fmt.Sprint(refusedSize / 4)
	}
	return all
}

// end lets go of everything that a run holds, and puts its topic away.
func (x *run) end() {
	x.c.traffic.openAll()
	x.c.forgetLate()
	ctx, cancel := context.WithTimeout(context.Background(), callLimit)
	defer cancel()
	for _, p := range []*process{x.proc, x.oldProc} {
		if p != nil {
			x.c.players.give(p.player)
		}
	}
	if a := x.app; a != nil {
		x.c.players.give(a.producer)
		x.c.players.give(a.consumer)
		for _, m := range a.members {
			x.c.players.give(m)
		}
	}
	x.c.deleteTopic(ctx, x.topic)
}

// look says whether the guarantee holds on the cluster after the last step, and what was seen.
func (x *run) look(ctx context.Context, r *verdict.Result) (holds bool, saw string, err error) {
	x.at = len(x.steps) // nothing is ahead any more
	if r.Verdict != verdict.Violated {
		return x.lookAtAll(ctx, r)
	}
	m := firstMessage.FindString(r.Reason)
	if x.producesOutput() {
		return x.lookOutput(ctx, r, m)
	}
	switch r.Guarantee {
	case "at-least-once", "no-acked-loss":
		return x.lookLost(ctx, m)
	case "at-most-once":
		n := x.app.processed[m]
		return n < 2, fmt.Sprintf("%s was processed %s", m, times(n)), nil
	case "no-duplicate-in-log":
		return x.lookDoubled(ctx)
	case "order":
		ordered := slices.IsSorted(x.app.sequence)
		return ordered, "the messages were processed in the order " + strings.Join(x.app.sequence, " "), nil
	case "availability", "uninterrupted":
		return x.lookStopped(ctx, r, m)
	}
	return false, "", unforceable{"what a cluster shows of " + r.Guarantee + " is not known"}
}

var firstMessage = regexp.MustCompile(`\bm[1-9]\b`)

func times(n int) string {
	return [...]string{"never", "once", "twice"}[min(n, 2)]
}

// lookLost lets everything happen that can - brokers start again, consumers read to the end - and says whether a message
// was processed.
func (x *run) lookLost(ctx context.Context, m string) (holds bool, saw string, err error) {
	acked, failed, _ := x.outcome(valueOf(m))
	switch err := x.drain(ctx); {
	case errors.Is(err, errNoLeader) && x.copies(m) == "no log":
		return false, m + " is in no log, and no replica can lead the partition any more", nil
	case err != nil:
		return false, "", err
	}
	told := "nothing was reported about it"
	switch {
	case acked != "":
		told = "it was acknowledged"
	case failed != "":
		told = "its send failed with " + strings.SplitN(failed, ":", 2)[0]
	}
	in := x.copies(m)
	saw = fmt.Sprintf("%s: %s; it is in %s; after all brokers were back and the group had read to the end it was processed %s",
		m, told, in, times(x.app.processed[m]))
	return x.app.processed[m] > 0, saw, nil
}

// copies names the logs with a message in them.
func (x *run) copies(m string) string {
	var in []string
	for b := 1; b <= x.replicas; b++ {
		if log, err := x.log(b); err == nil && strings.Contains(log, m+"@") {
			in = append(in, fmt.Sprintf("b%d", b))
		}
	}
	if len(in) == 0 {
		return "no log"
	}
	return "the log of " + strings.Join(in, ", ")
}

// drain brings every broker back and has the group read to the end.
func (x *run) drain(ctx context.Context) error {
	for b := range x.power {
		if err := truncateLog(x.logDir(b), len(strings.Fields(x.want[fmt.Sprintf("b%d.log", b)]))); err != nil {
			return err
		}
	}
	clear(x.power)
	x.c.traffic.open("fetches")
	if err := x.c.settle(ctx); err != nil {
		return err
	}
	for len(x.app.hand) > 0 {
		x.app.process(x.app.hand[0])
		x.app.hand = x.app.hand[1:]
	}
	for len(x.app.old) > 0 {
		x.app.process(x.app.old[0])
		x.app.old = x.app.old[1:]
	}
	return x.readOn(ctx)
}

// errNoLeader says that the partition has no leader although all brokers are back.
var errNoLeader = errors.New("the partition has no leader")

// readOn has the group poll and process until it has reached the high watermark.
func (x *run) readOn(ctx context.Context) error {
	var end int
	noLeader := false
	err := x.awaitThat(ctx, "the replicas to come together", func() (bool, error) {
		p, err := x.c.describe(ctx, x.topic, x.partition)
		if noLeader = err == nil && p.leader < 1; noLeader {
			return false, errNoLeader
		}
		if err != nil {
			return false, err
		}
		r, err := x.c.look(ctx, p.leader, x.topic, x.partition, -1, 0)
		if err != nil {
			return false, err
		}
		log, err := readLog(x.logDir(p.leader))
		end = r.hw
		return err == nil && r.hw >= len(log), fmt.Errorf("the high watermark is %d of %d", r.hw, len(log))
	})
	if noLeader {
		return errNoLeader
	}
	if err != nil {
		return err
	}
	if err := x.member(ctx); err != nil {
		if strings.Contains(err.Error(), "NoOffsetForPartition") {
			return nil // it waits for a person
		}
		return err
	}
	quiet := 0
	return x.awaitThat(ctx, "the group to read to the end", func() (bool, error) {
		records, _, err := x.pollOnce(ctx, 100*time.Millisecond)
		for _, r := range append(x.app.buffer, records...) {
			x.app.process(r.message)
			quiet = 0
		}
		x.app.buffer = nil
		position, perr := x.app.consumer.ask(ctx, callLimit, "position", x.app.consumerName(), x.topic, fmt.Sprint(x.partition))
		if quiet++; position != fmt.Sprint(end) {
			quiet = 0
		}
		return quiet > 2, errors.Join(err, perr)
	})
}

// lookDoubled looks for a message that stands twice below the leader's high watermark.
func (x *run) lookDoubled(ctx context.Context) (holds bool, saw string, err error) {
	p, err := x.c.describe(ctx, x.topic, x.partition)
	if err != nil || p.leader < 1 {
		return false, "", fmt.Errorf("the partition has no leader: %w", err)
	}
	r, err := x.c.look(ctx, p.leader, x.topic, x.partition, -1, 0)
	if err != nil {
		return false, "", err
	}
	log, err := readLog(x.logDir(p.leader))
	if err != nil {
		return false, "", err
	}
	seen, readable, twice := map[string]bool{}, log[:min(r.hw, len(log))], false
	for _, e := range readable {
		twice = twice || seen[e.message]
		seen[e.message] = true
	}
	return !twice, fmt.Sprintf("consumers can read %s at b%d, below its high watermark %d", logText(readable), p.leader, r.hw), nil
}

// quietTime is how long a message that should not get through is given.
const quietTime = 5 * time.Second

// lookStopped lets everything happen but repairs, waits, and says whether a message got through.
func (x *run) lookStopped(ctx context.Context, r *verdict.Result, m string) (holds bool, saw string, err error) {
	x.c.traffic.openAll()
	for b := range x.fenced {
		delete(x.fenced, b)
	}
	x.wait(ctx, quietTime)
	acked, _, _ := x.outcome(valueOf(m))
	if strings.Contains(r.Reason, "not acknowledged") {
		return acked != "", fmt.Sprintf("%v later %s is acknowledged: %v", quietTime, m, acked != ""), ctx.Err()
	}
	read := ""
	if x.app.consumer != nil {
		if _, _, err := x.pollOnce(ctx, time.Second); err != nil {
			read = "; the consumer's poll ends with " + strings.SplitN(err.Error(), ":", 2)[0]
		}
	}
	return x.app.processed[m] > 0, fmt.Sprintf("%v later %s was processed %s%s", quietTime, m, times(x.app.processed[m]), read), ctx.Err()
}

// wait waits, or until ctx ends.
func (x *run) wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// lookAtAll checks after a run that ends well that the guarantee holds on the cluster, too, once everything has happened
// that can.
func (x *run) lookAtAll(ctx context.Context, r *verdict.Result) (holds bool, saw string, err error) {
	if x.producesOutput() {
		seen, err := x.downstream(ctx)
		return err == nil, "downstream sees " + orNothing(seen), err
	}
	var acked []string
	for i := 1; i <= r.Scope.Messages; i++ {
		m := fmt.Sprintf("m%d", i)
		if a, _, _ := x.outcome(valueOf(m)); a != "" {
			acked = append(acked, m)
		}
	}
	if err := x.drain(ctx); err != nil {
		return false, "", err
	}
	holds = true
	var counts []string
	for _, m := range acked {
		n := x.app.processed[m]
		counts = append(counts, fmt.Sprintf("%s %s", m, times(n)))
		switch r.Guarantee {
		case "at-least-once", "no-acked-loss", "availability", "uninterrupted":
			holds = holds && n > 0
		case "at-most-once":
			holds = holds && n < 2
		case "exactly-once":
			holds = holds && n == 1
		}
	}
	saw = "of what was acknowledged the group processed " + orNothing(strings.Join(counts, ", "))
	switch r.Guarantee {
	case "no-duplicate-in-log":
		return x.lookDoubled(ctx)
	case "order":
		holds = slices.IsSorted(x.app.sequence)
	}
	return holds, saw, nil
}

// Playable says that an action has a handle on a real cluster that is worth a random run.
func Playable(action string) bool { return handlers[action] != nil && !unsteady[action] }

// unsteady are actions whose handle needs to know the whole trace, or takes the producer's time to run out.
var unsteady = map[string]bool{"PartitionIsAdded": true, "SendIsLost": true, "BrokersAreSlow": true, "RequestIsDelayed": true,
	"ProducerGivesUp": true, "RequestTimesOut": true, "SendIsRefused": true}
