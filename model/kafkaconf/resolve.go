package kafkaconf

import (
	"math"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// resolve fills in the configuration of the model from the effective settings.
func (r *resolver) resolve() {
	c := &r.out.Config
	c.Kafka = r.kafka
	c.KRaft = r.kraft()
	r.scope(c)
	r.topic(c)
	r.producerSettings(&c.Prod)
	r.consumerSettings(&c.Cons)
	r.application(c)
	r.share(c)
	r.transactions(c)
	r.processTimers(c)
	r.compatible()
	r.refuseProducer(c)
	r.refuseConsumer(c)
	r.refuseBroker(c)
	c.B = model.BehavioursOf(c)
}

// kraft says whether the controllers run KRaft: from 3.3, where it became ready for production, unless the brokers are
// told where ZooKeeper is. A server that has both is being migrated and already runs KRaft.
func (r *resolver) kraft() bool {
	_, roles := r.values[Broker]["process.roles"]
	_, zooKeeper := r.values[Broker]["zookeeper.connect"]
	if r.kafka < model.V3_3 {
		if roles {
			r.note("process.roles: KRaft of Kafka %s was a preview; the cluster is taken to run ZooKeeper", r.kafka)
		}
		return false
	}
	if zooKeeper && !roles && r.kafka < model.V4_0 {
		r.read(Broker, "zookeeper.connect")
		return false
	}
	return true
}

func (r *resolver) scope(c *model.Config) {
	c.Scope.Messages = int(r.read(Scope, "messages").number(1))
	c.ReplicateFromDisk = r.read(Model, "replicate-from").is("disk")
	if c.ReplicateFromDisk {
		r.note("model.replicate-from is disk: followers copy only what was flushed, as the seed document has it; Kafka's followers read the page cache")
	}
}

// topic resolves the settings of the topic: the topic's own value, then the server's under its own name, then the
// default.
func (r *resolver) topic(c *model.Config) {
	t := &c.Topic
	t.Replicas = r.replicas()
	t.ELR = r.eligibleLeaderReplicas(c.KRaft)
	if r.given[Controller] && !c.KRaft {
		r.note("the controller part is not used: with ZooKeeper the controller is one of the brokers")
	}
	minISR := r.minInSync(t.ELR)
	t.MinISR = int(min(minISR.number(1), math.MaxInt16))
	const uncleanName = "unclean.leader.election.enable"
	unclean := r.topicSetting(uncleanName, r.elects(c.KRaft, uncleanName), uncleanName)
	t.UncleanElection = unclean.is("true")
	if t.UncleanElection && c.KRaft && r.kafka < model.V3_9 {
		r.note("unclean.leader.election.enable=true is ignored: KRaft honours it since 3.9 (KAFKA-12670)")
	}
	r.flush(t)
	r.messageFormat(t)
	policy := r.topicSetting("cleanup.policy", Broker, "log.cleanup.policy")
	t.KeepsAll = policy.set && policy.text == ""
	// with "delete" beside it, the newest value of a key goes too when its time has come
	t.Compact = strings.Contains(policy.text, "compact") && !strings.Contains(policy.text, "delete")
	if t.MinISR > t.Replicas {
		r.aboveReplicas(minISR, t)
	}
}

// elects is the part whose value of a setting counts where the controllers decide: with KRaft their own file, or the
// brokers' when they have none.
func (r *resolver) elects(kraft bool, name string) Part {
	_, set := r.values[Controller][name]
	if kraft && (r.given[Controller] || set) {
		return Controller
	}
	return Broker
}

// topicSetting reads a setting that topic and server both have: topic, then server, then the default.
func (r *resolver) topicSetting(name string, server Part, serverName string) setting {
	_, ofTopic := r.values[Topic][name]
	_, ofServer := r.values[server][serverName]
	if !ofTopic && (ofServer || server == Controller) {
		return r.read(server, serverName)
	}
	return r.read(Topic, name)
}

// minInSync reads min.insync.replicas. With eligible leader replicas the controllers keep one value for the cluster,
// made from their own static configuration; what the brokers' files say does not count any more.
func (r *resolver) minInSync(elr bool) setting {
	const name = "min.insync.replicas"
	server := r.elects(elr, name)
	s := r.topicSetting(name, server, name)
	_, ofTopic := r.values[Topic][name]
	if broker, found := r.values[Broker][name]; found && !ofTopic && server == Controller {
		r.note("%s=%s of the brokers' file does not count: eligible leader replicas keep one value for the cluster, made from the controllers' configuration (%s)",
			name, Shown(Broker, name, broker.Text), s.shown())
	}
	return s
}

// aboveReplicas notes that min.insync.replicas exceeds the number of replicas: no acks=all write succeeds, until 3.7
// began to count it as at most the number of replicas (KAFKA-15583).
func (r *resolver) aboveReplicas(s setting, t *model.TopicConfig) {
	if r.kafka >= model.V3_7 {
		r.note("%s=%s is more than replication.factor=%d and counts as %d (since 3.7): acks=all is satisfied by that many copies",
			s.name(), s.shown(), t.Replicas, t.Replicas)
		return
	}
	r.note("%s=%s is more than replication.factor=%d: every write with acks=all is refused", s.name(), s.shown(), t.Replicas)
}

// eligibleLeaderReplicas reads the feature (KIP-966). In 3.7 to 3.9 the code was there behind a setting that needs a
// metadata version which no release of that time has.
func (r *resolver) eligibleLeaderReplicas(kraft bool) bool {
	if _, found := r.values[Broker]["eligible.leader.replicas.enable"]; found && r.kafka < model.V4_0 {
		r.note("eligible.leader.replicas.enable has no effect in %s: it needs a metadata version of a later release", r.kafka)
	}
	if v, found := r.values[Features]["metadata.version"]; found && !r.ofThisLine(v.Text) {
		r.note("metadata.version=%s is not modelled: the controllers are taken to write the records of %s", Shown(v.Part, v.Key, v.Text), r.kafka)
	}
	if !kraft || r.kafka < model.V4_0 {
		return false
	}
	return r.read(Features, "eligible.leader.replicas.version").number(0) >= 1
}

// ofThisLine says whether a metadata version or a version of the protocol, "3.9-IV0", is of the brokers' line.
func (r *resolver) ofThisLine(text string) bool {
	m := statedNumber.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	v, err := model.ParseVersion(m[1])
	return err == nil && v.Line() == r.kafka.Line()
}

// flush reads when a broker forces its log to disk. flush.messages acts inside the append. flush.ms is looked at by a
// background task that by default never runs (log.flush.scheduler.interval.ms), and promises nothing when it does.
func (r *resolver) flush(t *model.TopicConfig) {
	s := r.topicSetting("flush.messages", Broker, "log.flush.interval.messages")
	if n := s.number(math.MaxInt64); s.set && n < math.MaxInt64 {
		t.FlushMessages = int(max(n, 1))
	}
	for _, p := range []struct {
		part Part
		name string
	}{{Topic, "flush.ms"}, {Broker, "log.flush.interval.ms"}} {
		v, found := r.values[p.part][p.name]
		if !found {
			continue
		}
		if _, scheduled := r.values[Broker]["log.flush.scheduler.interval.ms"]; scheduled {
			r.note("%s=%s flushes in the background: what was acknowledged since the last time is in the page cache only, so no guarantee rests on it", p.name, Shown(v.Part, v.Key, v.Text))
		} else {
			r.note("%s=%s is inert: the task that looks at it runs every log.flush.scheduler.interval.ms, by default never", p.name, Shown(v.Part, v.Key, v.Text))
		}
	}
}

// messageFormat finds out whether records carry leader epochs: not before 0.11, and not with an older message format,
// which 3.0 and later ignore unless the inter-broker protocol is older as well (KIP-724).
func (r *resolver) messageFormat(t *model.TopicConfig) {
	t.OldFormat = r.kafka < model.V0_11
	if protocol, found := r.values[Broker]["inter.broker.protocol.version"]; found && r.kafka < model.V4_0 &&
		!r.ofThisLine(protocol.Text) {
		r.note("inter.broker.protocol.version=%s is not modelled: the brokers are taken to speak the protocol of %s", protocol.Text, r.kafka)
	}
	_, ofTopic := r.values[Topic]["message.format.version"]
	_, ofBroker := r.values[Broker]["log.message.format.version"]
	if t.OldFormat || !ofTopic && !ofBroker || r.kafka >= model.V4_0 {
		return
	}
	s := r.topicSetting("message.format.version", Broker, "log.message.format.version")
	if !strings.HasPrefix(s.text, "0.8") && !strings.HasPrefix(s.text, "0.9") && !strings.HasPrefix(s.text, "0.10") {
		return
	}
	if r.kafka >= model.V3_0 {
		r.note("%s=%s is ignored: since 3.0 the format follows inter.broker.protocol.version (KIP-724)", s.name(), s.shown())
		return
	}
	t.OldFormat = true
}
