package matrices

// Table is a public table, or a public rule written out as one.
type Table struct {
	Name   string
	Source string
	Claims []Claim
}

// Claim is one cell: how many brokers may fail. -1 is no claim.
type Claim struct {
	Acks     string
	Replicas int
	MinISR   int
	Loss     int // brokers that may be lost without losing an acknowledged message
	Writes   int // brokers that may be down while writes go on
}

const unsaid = -1

// Tables are the public tables, with where they were read in 2026-11. The numbers are theirs, the wording is not.
var Tables = []Table{
	{"f+1 replicas survive f failures", "Kafka documentation, Design, Replication: a topic with f+1 replicas loses no committed message in f failures; doubted on users@kafka.apache.org, message 15593", []Claim{
		{"all", 1, 1, 0, unsaid},
		{"all", 2, 1, 1, unsaid},
		{"all", 2, 2, 1, unsaid},
		{"all", 3, 1, 2, unsaid},
		{"all", 3, 2, 2, unsaid},
		{"all", 3, 3, 2, unsaid},
	}},
	{"N replicas keep durability and availability in N-1 failures", "Confluent Developer, Apache Kafka Internal Architecture, Durability, Availability, and Ordering Guarantees", []Claim{
		{"all", 2, 1, 1, 1},
		{"all", 3, 1, 2, 2},
		{"all", 3, 2, 2, 2},
	}},
	{"the most failures without data loss is RF - min.insync.replicas", "public study notes found on GitHub by the column title \"Max broker failures without data loss\"", []Claim{
		{"0", 3, 1, 0, unsaid},
		{"1", 3, 1, 0, unsaid},
		{"1", 3, 2, 0, unsaid},
		{"all", 3, 1, 2, unsaid},
		{"all", 3, 2, 1, unsaid},
		{"all", 3, 3, 0, 0},
	}},
	{"survives RF-1 failures with min.insync.replicas of 2 or more", "semweb.academy, lesson replication-isr", []Claim{
		{"0", 3, 2, 0, unsaid},
		{"1", 3, 2, 0, unsaid},
		{"all", 3, 2, 2, unsaid},
		{"all", 3, 3, 2, unsaid},
	}},
	{"the classic durable setup", "mindex.sargonpiraev.com, Kafka replication", []Claim{
		{"all", 3, 2, 1, 1},
	}},
	{"failures that writes tolerate", "a public Kafka handbook found on GitHub by its table of RF and min.insync.replicas, section 4.2.2", []Claim{
		{"all", 1, 1, unsaid, 0},
		{"all", 2, 1, unsaid, 1},
		{"all", 3, 2, unsaid, 1},
	}},
	{"a margin of RF - min.insync.replicas of 2 is optimal", "softwaremill/kcpilot, isr_replication_margin.yaml", []Claim{
		{"all", 3, 1, 2, 2},
	}},
	{"the brokers that may be lost are RF minus 1 or 2", "public topic design guides: RF 2 for one broker, RF 3 for two", []Claim{
		{"all", 2, 1, 1, unsaid},
		{"all", 3, 1, 2, unsaid},
	}},
}
