package formats

import "strings"

// KsqlDB is what the configuration of a ksqlDB server is taken for.
const KsqlDB = "ksqlDB server"

// readKsqlDB reads ksql-server.properties.
func readKsqlDB(r *reading) { r.ksqlDB(r.properties(), Position{File: r.File}) }

// ksqlDB reads the settings of a ksqlDB server, whose queries are Kafka Streams applications. Settings of Streams and of
// its clients are taken with the prefix ksql.streams. and without one (KsqlConfig.getKsqlStreamConfigProps); the id of an
// application is made of ksql.service.id. ksqlDB commits every two seconds where nobody says otherwise, and its producers
// give up after ksql's own time.
func (r *reading) ksqlDB(properties []Property, at Position) {
	var streams []Property
	id := Property{"application.id", "_confluent-ksql-default_", at, at}
	for _, p := range properties {
		name := strings.TrimPrefix(p.Key, "ksql.streams.")
		switch {
		case p.Key == "ksql.service.id":
			id = Property{"application.id", "_confluent-ksql-" + strings.TrimSpace(p.Value), p.KeyAt, p.ValueAt}
		case name != p.Key || !strings.HasPrefix(p.Key, "ksql."):
			streams = append(streams, Property{name, p.Value, p.KeyAt, p.ValueAt})
		}
	}
	r.quiet = true // what ksqlDB knows beside Streams' settings is not looked at
	r.streams(append(streams, id), at)
}
