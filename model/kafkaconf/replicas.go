package kafkaconf

import (
	"strings"

	"github.com/kcheck/kcheck/model"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// replicas reads replication.factor: the topic's own, or what the brokers give a topic that is created without one. Where
// neither the topic nor the brokers are given it is 3. A file that lists the brokers bounds it by their number.
func (r *resolver) replicas() int {
	const topicName, brokerName = "replication.factor", "default.replication.factor"
	ofTopic, found := r.values[Topic][topicName]
	_, ofBroker := r.values[Broker][brokerName]
	var s setting
	switch {
	case found && strings.TrimSpace(ofTopic.Text) != "-1":
		s = r.read(Topic, topicName)
		r.otherSystem(s)
	case found || ofBroker || r.given[Broker]: // -1 asks for the brokers' default
		s = r.read(Broker, brokerName)
		r.factorOfBrokers(&s)
	default:
		s = r.list(setting{part: Topic, key: topicName, text: "3"}, Assumed)
	}
	n := s.number(1)
	switch {
	case n > model.MaxReplicas:
		r.problems.Add(Failure, s.at, s.name(), "%d replicas are more than kcheck follows; write 1 to %d", n, model.MaxReplicas)
		return model.MaxReplicas
	case n < 1: // -1 stands for the broker's default in the protocol; anything else is outside the range and noted as such
		return 1
	}
	return int(n)
}

// factorOfBrokers looks at the factor that the brokers give a topic: silent brokers give 1 (KafkaConfig,
// default.replication.factor), and none gives more than there are brokers (InvalidReplicationFactorException). The command
// line may ask what more brokers would do.
func (r *resolver) factorOfBrokers(s *setting) {
	at := s.at
	if !s.given {
		at = Position{File: r.fileOf(Broker)}
		r.problems.Add(Warning, at, s.name(), "is not given, so that the brokers give a topic 1 replica; "+
			"give the topic's description, or write topic.replication.factor")
	}
	switch n := r.brokers.count; {
	case n == 0 || s.number(1) <= int64(n):
	case at.File == CommandLine:
		r.problems.Add(Warning, at, s.name(), "%s is more than the %s that %s lists: it takes as many brokers",
			s.shown(), plural(n, "broker"), r.brokers.at)
	default:
		r.problems.Add(Warning, at, s.name(), "%s is more than the %s that %s lists: a topic has at most as many replicas, and %d is taken",
			s.shown(), plural(n, "broker"), r.brokers.at, n)
		s.text = itoa(n)
		r.change(*s, s.text, "as many brokers as "+r.brokers.at.String()+" lists")
	}
}

// otherSystem says so when a topic has more replicas than a file lists brokers.
func (r *resolver) otherSystem(s setting) {
	if n := r.brokers.count; n > 0 && s.number(1) > int64(n) {
		r.problems.Add(Warning, s.at, s.name(), "%s is more than the %s that %s lists: this topic belongs to another system; its own factor is taken",
			s.shown(), plural(n, "broker"), r.brokers.at)
	}
}

// brokerCount is how many brokers a file lists.
type brokerCount struct {
	count int
	at    Position
}

// fileOf is a file that gives a part; the question's own where only the spec does.
func (r *resolver) fileOf(p Part) string {
	file := ""
	for _, v := range r.values[p] {
		if v.KeyAt.File != "" && !v.Flag && (file == "" || v.KeyAt.File < file) {
			file = v.KeyAt.File
		}
	}
	if file == "" {
		file = r.out.File
	}
	return file
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return itoa(n) + " " + noun + "s"
}

// countBrokers takes over how many brokers a source lists; of several the largest number.
func (r *resolver) countBrokers(s formats.Source) {
	if s.Brokers > r.brokers.count {
		r.brokers = brokerCount{s.Brokers, s.BrokersAt}
	}
}
