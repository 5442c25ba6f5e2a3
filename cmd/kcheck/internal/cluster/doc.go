// Package cluster reads topic, broker and group settings from a live Kafka cluster through its admin interface. It only
// asks: metadata, configurations, features, groups and their committed offsets. What it finds is a
// [kafkaconf.Source] like that of a file.
//
// How to connect is read from a client's .properties file, as kafka-topics --command-config takes it: PLAINTEXT, SSL,
// SASL_PLAINTEXT and SASL_SSL; the mechanisms PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512; certificates and keys as PEM. Java
// key stores and Kerberos are not read.
//
// Only this package opens connections to clusters of the user; package reproduce starts its own.
package cluster
