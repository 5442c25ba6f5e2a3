package formats

import (
	"regexp"
	"strings"
)

// rpkRow matches a row of a table of rpk's: a key, its value and, in the table of settings, where it comes from.
var rpkRow = regexp.MustCompile(`^(\S+)[ \t]+(\S+)(?:[ \t]+(\S+))?[ \t]*$`)

// readRpk reads what rpk topic describe prints: a summary with the number of replicas, and the settings.
func readRpk(r *reading) {
	var topics []*topic
	var now *topic
	inConfigs := false
	r.textLines(func(text string, at Position) {
		switch head := strings.TrimSpace(text); {
		case head == "SUMMARY":
			now, inConfigs = r.topicOf("", at), false
			topics = append(topics, now)
			return
		case head == "CONFIGS":
			inConfigs = true
			return
		case head == "PARTITIONS":
			now = nil
			return
		}
		m := rpkRow.FindStringSubmatchIndex(text)
		if m == nil || now == nil {
			return
		}
		key, value := text[m[2]:m[3]], text[m[4]:m[5]]
		switch {
		case inConfigs && m[6] >= 0 && key != "KEY":
			v := DescribedValue(Topic, key, value, text[m[6]:m[7]] == "DEFAULT_CONFIG")
			v.KeyAt, v.ValueAt = at.right(m[2]), at.right(m[4])
			now.values = append(now.values, v)
		case !inConfigs && key == "NAME":
			now.name = value
		case !inConfigs && key == "REPLICAS":
			now.add("replication.factor", value, at.right(m[2]), at.right(m[4]))
		case !inConfigs && key == "PARTITIONS":
			now.add("partitions", value, at.right(m[2]), at.right(m[4]))
		}
	})
	if len(topics) == 0 {
		r.fail(Position{}, "", "output of rpk without a SUMMARY; give the whole output of rpk topic describe")
	}
	r.choose(topics)
}

// kcat's lines: how many brokers there are, and a topic with its partitions (kafkacat.c, metadata_print).
var (
	kcatBrokers   = regexp.MustCompile(`^\s*(\d+) brokers:`)
	kcatTopic     = regexp.MustCompile(`^\s*topic "([^"]+)" with (\d+) partitions`)
	kcatPartition = regexp.MustCompile(`^\s*partition \d+, leader -?\d+, replicas: ([\d,]+)`)
)

// readKcat reads what kcat -L prints: brokers, topics, and the replicas of each partition. It says nothing of settings.
func readKcat(r *reading) {
	var topics []*topic
	r.textLines(func(text string, at Position) {
		if m := kcatBrokers.FindStringSubmatch(text); m != nil {
			r.Brokers, r.BrokersAt = wholeNumber(m[1]), at
		} else if m := kcatTopic.FindStringSubmatch(text); m != nil {
			t := r.topicOf(m[1], at)
			t.add("partitions", m[2], at, at)
			topics = append(topics, t)
		} else if m := kcatPartition.FindStringSubmatch(text); m != nil && len(topics) > 0 {
			t := topics[len(topics)-1]
			if len(t.values) == 1 {
				t.add("replication.factor", wholeText(count(m[1])), at, at)
			}
		}
	})
	if len(topics) == 0 {
		r.fail(Position{}, "", "output of kcat without a topic; give the whole output of kcat -L -t TOPIC")
	}
	r.choose(topics)
}
