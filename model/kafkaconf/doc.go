// Package kafkaconf reads Kafka configurations: from specs, .properties files and flags to a [model.Config] in which
// every setting has its effective value, and a list that says where each value came from.
//
//	resolved, err := kafkaconf.Load(kafkaconf.Request{Files: []string{"acks-1.yaml"}})
//	if err != nil {
//		// could not be read: one line per problem; errors.As with a *kafkaconf.LoadError has them as values
//	}
//	if len(resolved.Refused) > 0 {
//		// Kafka itself would not start: a result like any other
//	}
//
// A file becomes a [Source], the list of values it gives with their positions, in package formats, which recognises it
// by its content. Load lays the sources over each other, where two that contradict each other without a rule that
// decides are an error, fills in the defaults of the Kafka version and client library from the key table
// ([Settings], [Lookup]), applies Kafka's own checks, and fills in the configuration.
//
// A value has one of five origins, in this order of precedence: the command line (--set), a file or a live cluster, the
// default of a framework that a file is for, such as Kafka Connect, Kafka's default for the version and client, and, for
// parts that nobody gave, an assumption chosen so that it cannot be the cause of a violation.
//
// # What a part is that nobody gave
//
// A part that is not given is not the question. The consumer commits after processing and begins at the earliest
// offset, the reader of the output topic reads committed records, the topic has three replicas, and the producer waits
// for the whole in-sync set, is idempotent where its library can be, and has one request in flight. Everything else has
// Kafka's default. Such values have the source "assumed", as has what nobody said of the application. A part that is
// given, even empty, has Kafka's defaults throughout; --set alone does not make a part given.
//
// # Who refuses what
//
// A [Problem] is a [Failure] when kcheck cannot read something, a [Refusal] when Kafka or the client would not start
// with it, and a [Warning] when both go on. Names that no version knows are failures in a spec and on the command line,
// where they must be a mistake, and warnings in a configuration file, where Kafka ignores them too; so are names that only
// other versions know, except that a version changed by a flag makes them warnings in a spec as well.
//
// # Limits
//
// A .properties file is read as UTF-8, as editors write it; java.util.Properties reads ISO-8859-1, which differs only
// outside ASCII, where no Kafka key or value that bears on delivery has a character. Dynamic configuration that was set
// with kafka-configs is known only from what kafka-configs or the cluster itself says. One partition of one topic is followed.
package kafkaconf
