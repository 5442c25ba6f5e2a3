// Package formats reads the files in which people keep Kafka configurations: which settings a file gives to which part,
// with the place of each.
//
// [Read] recognises a file by its content, never by its name, from one table of formats (see recognise.go), and gives a
// [Source]: the parts, the values with line and column, what the file was taken for, and notes on what was left out.
// A file that is for a framework, such as Kafka Connect or Kafka Streams, selects its row of the table in package kafkaconf
// ([Preset]); where one value overrides another by the framework's own rule, their ranks say so.
//
// The package knows what files look like and what frameworks make of them. It does not know Kafka's keys, their types,
// defaults and meanings: that is package kafkaconf, which asks this package to read and hands it what little it needs
// of the key table in [Options].
//
// # Limits
//
// A placeholder is filled in with what the same configuration says of it, else with the default that stands beside it,
// which a note says. Variables of Terraform count with their default in the same file. Files that a file refers to are not
// followed: they are read together where they are given together ([Combine]). What a file shows of the code is the name of
// its framework ([Source.Framework]) and what the framework's settings say; how the code uses its clients is not read.
// Charts are read by their values, not by their templates, and playbooks by the lists of topics in them.
package formats
