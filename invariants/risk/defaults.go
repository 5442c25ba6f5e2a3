package risk

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// Sources of the defaults.
const (
	dean      = "J. Dean, Designs, Lessons and Advice from Building Large Distributed Systems (LADIS 2009), the joys of real hardware"
	backblaze = "Backblaze, Drive Stats for 2024: annualised failure rate of all drives 1.57 %"
	uptime    = "Uptime Institute, Annual Outage Analysis 2024: somewhat above half of the sites had an outage in three years, power in about half of them"
	assumed   = "assumed; no published figure"
	kafkaConf = "default of Kafka: "
)

// entry is one default.
type entry struct{ key, value, source string }

// defaults are the default rates, in the order in which they are printed.
var defaults = []entry{
	{"messages", "1000/s", assumed + ": one partition of a busy topic"},

	{"faults.broker-crash", "1/year", assumed + " for the process alone; as often as a machine dies in [Dean], twice"},
	{"faults.power-loss", "0.5/year", dean + ": about 1000 individual machine failures a year in a cluster of about 1800"},
	{"faults.total-power-loss", "0.1/year", uptime},
	{"faults.disk-loss", "0.0157/year", backblaze},
	{"faults.clean-restart", "12/year", assumed + ": a rolling restart a month"},
	{"faults.leader-move", "24/year", assumed + ": the preferred leader takes over after each restart"},
	{"faults.replica-lag", "12/year", dean + ": about 12 router reloads a year, a couple of minutes each"},
	{"faults.partition", "4/year", dean + ": four of about 8 network maintenances a year cause random connectivity losses"},
	{"faults.slow-broker", "4/year", assumed},
	{"faults.request-lost", "1e-6/request", assumed + ": one connection in a million requests breaks"},
	{"faults.response-lost", "1e-6/request", assumed + ": as request-lost"},
	{"faults.delay", "1e-9/request", assumed + ": one of a thousand broken connections delivers late"},
	{"faults.send-refused", "none", "the application's own; none assumed"},
	{"faults.producer-crash", "12/year", assumed + ": a crash a month"},
	{"faults.consumer-crash", "12/year", assumed + ": a crash a month"},
	{"faults.consumer-exception", "none", "the application's own; none assumed"},
	{"faults.poison-record", "none", "the application's own; none assumed"},
	{"faults.app-restart", "52/year", assumed + ": a deployment a week"},
	{"faults.rebalance", "12/year", assumed + ": a member is taken for dead once a month"},
	{"faults.orderly-rebalance", "104/year", assumed + ": twice for each deployment"},
	{"faults.commit-lost", "1e-6/request", assumed + ": as request-lost"},
	{"faults.connection-lost", "none", "of share groups, which are not covered"},
	{"faults.lock-timeout", "none", "of share groups, which are not covered"},
	{"faults.topic-recreated", "none", "a decision of the owner; none assumed"},
	{"faults.offset-lost", "none", "offsets.retention.minutes is seven days; none assumed"},
	{"faults.retention", "none", "a group that lags by the whole retention; none assumed"},
	{"faults.partition-added", "none", "a decision of the owner; none assumed"},
	{"faults.transaction-timeout", "none", "none assumed"},

	{"steps.send", "10us", assumed + ": a call of send"},
	{"steps.produce", "1ms", assumed + ": a request within a data centre, half of its round trip"},
	{"steps.ack", "1ms", assumed + ": as produce"},
	{"steps.fetch", "2ms", "Kafka holds a fetch until there is something (replica.fetch.min.bytes=1), so it takes a round trip; " + assumed},
	{"steps.poll", "2ms", "as fetch (fetch.min.bytes=1)"},
	{"steps.process", "10ms", assumed},
	{"steps.commit", "2.5s", kafkaConf + "auto.commit.interval.ms=5000, of which what is processed waits a half on average"},
	{"steps.metadata", "100ms", assumed + ": a decision of the controller reaches a broker"},
	{"steps.metadata-age", "2.5min", kafkaConf + "metadata.max.age.ms=300000, of which a half is left on average: until a client asks who leads although nothing has refused it"},
	{"steps.session-timeout", "9s", kafkaConf + "broker.session.timeout.ms=9000 (KRaft; zookeeper.session.timeout.ms is 18000)"},
	{"steps.election", "9s", kafkaConf + "broker.session.timeout.ms=9000, then the election"},
	{"steps.isr-expand", "500ms", kafkaConf + "replica.fetch.wait.max.ms=500 until the fetch that shows it"},
	{"steps.lag", "30s", kafkaConf + "replica.lag.time.max.ms=30000"},
	{"steps.restart", "60s", assumed + ": the process or machine comes back and loads its logs"},
	{"steps.disk-replacement", "24h", assumed + ": a new disk, and the copy of all that was on it"},
	{"steps.heal", "30min", dean + ": random connectivity losses of about 30 minutes"},
	{"steps.slow", "1min", assumed},
	{"steps.flush", "30s", "Linux, Documentation/admin-guide/sysctl/vm.rst: dirty_expire_centisecs=3000"},
	{"steps.late-request", "30s", kafkaConf + "request.timeout.ms=30000"},
	{"steps.request-timeout", "30s", kafkaConf + "request.timeout.ms=30000"},
	{"steps.delivery-timeout", "2min", kafkaConf + "delivery.timeout.ms=120000"},
	{"steps.max-block", "1min", kafkaConf + "max.block.ms=60000"},
	{"steps.operator", "1h", assumed + ": a person leads out of a state that nothing else ends"},
}

// Print writes rates as a commented file, each value with its source.
func (r *Rates) Print() string {
	var b strings.Builder
	fmt.Fprint(&b, "# How often faults happen and how long steps take, for kcheck risk --rates. A file changes what it names; with\n"+
		"# `defaults: none` at its top the faults that it does not name never happen. A year is 365 days. All times are mean\n"+
		"# times, exponentially distributed.\n")
	section := ""
	for _, d := range defaults {
		part, name, nested := strings.Cut(d.key, ".")
		indent := ""
		if nested {
			indent = "  "
		} else {
			name = part
		}
		if nested && part != section {
			fmt.Fprintf(&b, "\n%s:\n", part)
			section = part
		}
		unit := ""
		if kind, err := model.ParseFault(name); err == nil && part == "faults" {
			unit = perText[kind.Fault().Rate.Per] + "; "
		}
		v := r.values[d.key]
		source := d.source
		if v.Source != SourceDefault {
			source = v.Source
		}
		fmt.Fprintf(&b, "%s# %s%s\n%s%s: %s\n", indent, unit, source, indent, name, v.Text)
	}
	return b.String()
}

// perText says what a rate is of.
var perText = map[model.Per]string{model.PerBrokerYear: "of each broker", model.PerClusterYear: "of the whole cluster",
	model.PerPartitionYear: "of each partition", model.PerMemberYear: "of each process, or of the group",
	model.PerRequest: "of each request", model.PerMessageTried: "of each message"}

// known says whether a key is one of a rate.
func known(key string) bool {
	for _, d := range defaults {
		if d.key == key {
			return true
		}
	}
	return false
}
