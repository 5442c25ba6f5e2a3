package kafkaconf

import (
	"slices"
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// shareWords are the values of app.share, shareThrowWords those of app.share-on-exception.
var (
	shareWords      = map[string]model.Share{"implicit": model.ShareImplicit, "explicit": model.ShareExplicit}
	shareThrowWords = map[string]model.ShareOnException{"reject": model.ShareReject, "nothing": model.ShareNothing}
)

// shares says that the consumer is a share group's.
func (r *resolver) shares() bool { return shareWords[r.peek(App, "share").text] != model.ShareNone }

// share resolves what is known of a share group, and refuses what Kafka refuses of one.
func (r *resolver) share(c *model.Config) {
	s := r.peek(App, "share")
	if !r.shares() {
		r.withoutShare()
		return
	}
	c.App.Share = shareWords[r.read(App, "share").text]
	c.Scope.Members = int(r.read(Scope, "members").number(2))
	r.shareOnException(c)
	r.shareGroup(&c.Group)
	r.refuseShareConsumer(c.App.Share)
	r.refuseShareApplication(c)
	r.noteShareIsolation()
	if r.kafka < model.V4_2 {
		r.refuse(s, "brokers of %s have no share groups, or as a preview that is not modelled; write kafka: 4.2 or later (KIP-932)", r.kafka)
	}
	if level := r.peek(Features, "share.version"); r.kafka >= model.V4_2 && level.number(1) == 0 {
		r.refuse(level, "0 switches share groups off, and the brokers refuse their requests; write 1 or more (KIP-932)")
	}
}

// noteShareIsolation says why the isolation level of the group decides nothing. Aborted records are delivered with read_uncommitted
// and not with read_committed, which also ends at the last stable offset (SharePartition.filterAbortedTransactionalAcquiredRecords,
// 4.2 to 4.4); the model has transactions, and so aborted records, only in what app.output: kafka writes.
func (r *resolver) noteShareIsolation() {
	if level := r.peek(Group, "share.isolation.level"); level.given || r.peek(Producer, "transactional.id").set {
		r.note("%s decides nothing here: it is about records of aborted transactions, and what the application sends is in the model "+
			"not aborted", level.name())
	}
}

// withoutShare says what is not used without a share group.
func (r *resolver) withoutShare() {
	for _, v := range []Value{r.values[App]["share-on-exception"], r.values[Scope]["members"]} {
		if v.Key != "" {
			r.problems.AddContradiction(v.KeyAt, r.nameOf(v), "the consumer is no share group's: write app.share: explicit, or leave it out")
		}
	}
	if r.given[Group] {
		r.note("the group part is not used: app.share is none; a consumer of a share group is app.share: implicit or explicit")
	}
}

// shareOnException reads what an explicit consumer says of a record whose processing throws.
func (r *resolver) shareOnException(c *model.Config) {
	ofShare, explicit := r.values[App]["share-on-exception"], c.App.Share == model.ShareExplicit
	ofLoop := r.values[App]["on-exception"]
	switch {
	case explicit && ofLoop.Key != "":
		r.problems.AddContradiction(ofLoop.KeyAt, r.nameOf(ofLoop), "an explicit share consumer says what becomes of the record; write share-on-exception: release, reject or nothing")
	case !explicit && ofShare.Key != "":
		r.problems.AddContradiction(ofShare.KeyAt, r.nameOf(ofShare), "an implicit share consumer says nothing of single records; write on-exception, or share: explicit")
	case explicit:
		c.App.ShareOnException = shareThrowWords[r.read(App, "share-on-exception").text]
	}
}

// shareGroup reads the group's settings.
func (r *resolver) shareGroup(g *model.GroupConfig) {
	reset := r.read(Group, "share.auto.offset.reset")
	g.Reset = model.ResetLatest
	switch {
	case reset.is("earliest"):
		g.Reset = model.ResetEarliest
	case strings.HasPrefix(reset.text, "by_duration:"):
		r.problems.Add(Failure, reset.at, reset.name(), "by_duration is not modelled; check earliest and latest, between which it lies")
	}
	g.DeliveryLimit = r.deliveryLimit()
	if r.kafka >= model.V4_4 {
		topic := r.read(Group, "errors.deadletterqueue.topic.name")
		g.DeadLetter = topic.text != ""
		if level := r.peek(Features, "share.version"); g.DeadLetter && level.number(2) < 2 {
			g.DeadLetter = false
			r.note("%s is not used: dead-letter queues need share.version 2 (KIP-1191)", topic.name())
		}
	}
	if r.read(Consumer, "share.acquire.mode").is("record_limit") {
		g.PollRecords = int(min(r.read(Consumer, "max.poll.records").number(500), model.MaxMessages))
	}
}

// deliveryLimit reads how often a record is delivered: the group's own setting, from 4.3, within what the brokers allow,
// else the brokers' (GroupConfig.evaluate).
func (r *resolver) deliveryLimit() int {
	const name = "share.delivery.count.limit"
	own, server := r.peek(Group, name), r.peek(Broker, "group."+name)
	if !own.given || !own.set {
		if r.kafka >= model.V4_3 && !server.given {
			return int(r.read(Group, name).number(5))
		}
		return int(r.read(Broker, "group."+name).number(5))
	}
	s := r.read(Group, name)
	n := s.number(5)
	low, high := r.peek(Broker, "group.share.min.delivery.count.limit"), r.peek(Broker, "group.share.max.delivery.count.limit")
	if within := max(min(n, high.number(model.MaxDeliveryLimit)), low.number(2)); within != n {
		r.problems.Add(Warning, s.at, s.name(), "%d is outside what the brokers allow, and counts as %d (Kafka's GroupConfig)", n, within)
		r.change(s, itoa(int(within)), "within what the brokers allow")
		n = within
	}
	return int(n)
}

// shareForbids are the settings that a KafkaShareConsumer refuses, whatever they say
// (ShareConsumerConfig.SHARE_GROUP_UNSUPPORTED_CONFIGS, 4.1 to 4.4).
var shareForbids = []string{
	"auto.offset.reset", "enable.auto.commit", "group.instance.id", "isolation.level", "partition.assignment.strategy",
	"interceptor.classes", "session.timeout.ms", "heartbeat.interval.ms", "group.protocol", "group.remote.assignor",
}

// refuseShareConsumer applies the checks of a KafkaShareConsumer.
func (r *resolver) refuseShareConsumer(share model.Share) {
	if r.consumer.Client != model.Java {
		s := r.peek(App, "consumer-client")
		r.problems.Add(Failure, s.at, s.name(), "%s has no share consumer that kcheck knows; write a Java client of 4.2 or later", r.consumer.Name)
		return
	}
	if s := r.peek(App, "consumer-client"); r.consumer.Version < model.V4_2 && s.given {
		r.problems.Add(Failure, s.at, s.name(), "the share consumer of %s is a preview, or there is none; write java-4.2 or later", r.consumer.Name)
	}
	for _, name := range shareForbids {
		if s := r.peek(Consumer, name); s.given {
			r.refuse(s, "cannot be set when using a share group; leave it out (Kafka's ShareConsumerConfig)")
		}
	}
	mode := r.peek(Consumer, shareAcknowledgement)
	if word := map[model.Share]string{model.ShareImplicit: "implicit", model.ShareExplicit: "explicit"}[share]; mode.given && !mode.is(word) {
		r.problems.AddContradiction(mode.at, mode.name(), "is %s, and app.share is %s; write the same for both", formats.QuoteWord(mode.text), word)
	}
}

// refuseShareApplication reports what an application of a share group cannot do.
func (r *resolver) refuseShareApplication(c *model.Config) {
	contradicts := func(key, format string, args ...any) {
		v := r.values[App][key]
		r.problems.AddContradiction(v.KeyAt, r.nameOf(v), format, args...)
	}
	asksExactlyOnce := slices.Contains(r.out.Guarantees, exactlyOnce)
	if asksExactlyOnce {
		r.refuseGuarantee(exactlyOnce, r.peek(App, "share"), "a share group gives no exactly-once: its acknowledgements are in no transaction up to Kafka 4.4 (KIP-1289 is a draft); ask for at-least-once and at-most-once")
	}
	switch {
	case c.App.OutputKafka && !(asksExactlyOnce && len(r.out.Guarantees) == 1):
		contradicts("output", "a share group that writes to Kafka is not modelled: its acknowledgements are in no transaction; write output: none")
	case c.App.Effect == model.EffectTransactional:
		contradicts("effect", "a share group has no offsets that could be stored with the effect; write plain or idempotent")
	case c.App.CommitCurrent:
		contradicts("commit-offset", "a share group commits no offsets; leave it out")
	case c.App.Commit != model.CommitAfterProcessing && c.App.Commit != model.CommitBeforeProcessing && !c.App.OutputKafka:
		contradicts("commit", "a share group acknowledges before-processing or after-processing")
	}
}

// exactlyOnce is the guarantee that a share group cannot give.
const exactlyOnce = "exactly-once"

// refuseGuarantee says that one guarantee of the question cannot be given, whatever happens.
func (r *resolver) refuseGuarantee(guarantee string, s setting, why string) {
	at := s.at
	if at.File == "" {
		at.File = r.out.File
	}
	if r.out.RefusedOf == nil {
		r.out.RefusedOf = map[string]Problem{}
	}
	r.out.RefusedOf[guarantee] = Problem{File: at.File, Line: at.Line, Column: at.Column, Key: s.name(), Message: why, Severity: Refusal}
}
