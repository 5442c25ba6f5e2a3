package formats

import "strings"

// mskDefault is the origin of what Amazon MSK sets where its configuration is silent.
const mskDefault = "default of Amazon MSK"

// mskDefaults are the values that MSK has in place of Kafka's: they depend on the number of availability zones (Amazon MSK
// Developer Guide, Default Amazon MSK configuration).
func (r *reading) mskDefaults(zones int, at Position) {
	factor, minISR := "3", "2"
	switch zones {
	case 2:
		factor, minISR = "2", "1"
	case 0:
		r.note("%s: Amazon MSK has its own defaults; those of a cluster in three availability zones are taken", r.File)
	}
	r.rules(Broker, FrameworkDefault, mskDefault, at, "default.replication.factor", factor, "min.insync.replicas", minISR,
		"unclean.leader.election.enable", "true")
	if r.Kafka != "" && !strings.Contains(r.Kafka, "kraft") && !strings.HasPrefix(r.Kafka, "4") { // its KRaft versions are called 3.7.x.kraft
		r.rules(Broker, FrameworkDefault, mskDefault, at, "zookeeper.connect", "MSK")
	}
}
