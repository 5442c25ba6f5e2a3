package kafkaconf

import (
	"strings"
	"testing"
)

// A list of dependencies says with which client, and with which release of it, a program sends and receives.
func TestDependencies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ file, text, client, note string }{
		{"go.mod", "module m\n\ngo 1.24\n\nrequire (\n\tgithub.com/IBM/sarama v1.43.1\n\tgithub.com/spf13/cobra v1.8.0\n)\n", "sarama-1.43.1", "sarama issue 2940"},
		{"go.mod", "module m\nrequire github.com/confluentinc/confluent-kafka-go/v2 v2.3.0 // indirect\n", "librdkafka-2.3.0", "librdkafka issue 4636"},
		{"go.mod", "module m\nrequire github.com/IBM/sarama v1.99.0\n", "sarama", "no release that kcheck knows"},
		{"go.mod", "module m\nrequire github.com/IBM/sarama v1.43.3\nrequire github.com/twmb/franz-go v1.20.0\n", "java-4.4", "sarama and franz-go"},
		{"package.json", `{"name": "a", "dependencies": {"kafkajs": "^1.13.0", "express": "4"}}`, "kafkajs-1.13.0", "does not say which release"},
		{"requirements.txt", "requests==2.0\naiokafka==0.4.3  # pinned\n", "aiokafka-0.4.3", "aiokafka issue 228"},
		{"requirements-prod.txt", "confluent-kafka[avro]>=2.3.0,<3\n", "librdkafka-2.3.0", "does not say which release"},
		{"requirements.txt", "kafka-python\n", "kafka-python", "does not say which release"},
		{"pyproject.toml", "[project]\ndependencies = [\"kafka-python==2.2.8\", \"click\"]\n", "kafka-python-2.2.8", "kafka-python issue 2629"},
		{"pyproject.toml", "[tool.poetry.dependencies]\npython = \"^3.9\"\naiokafka = \"0.10.0\"\n", "aiokafka-0.10.0", ""},
		{"pom.xml", "<project><properties><kafka.version>3.9.1</kafka.version></properties><dependency><groupId>org.apache.kafka</groupId>" +
			"<artifactId>kafka-clients</artifactId>\n<version>${kafka.version}</version></dependency></project>", "java-3.9.1", "KAFKA-19012"},
		{"build.gradle.kts", "dependencies { implementation(\"org.apache.kafka:kafka-clients:4.1.1\") }\n", "java-4.1.1", "KAFKA-19012"},
	} {
		r, problems := loadAll(Request{Files: []string{"s.yaml"}, ReadFile: files{
			"s.yaml":  "guarantee: order\nproducer: {}\nconsumer: {enable.auto.commit: false}\nfiles: " + test.file + "\n",
			test.file: test.text,
		}.read})
		if r == nil {
			t.Errorf("%s: %v", test.file, problems)
			continue
		}
		if got, _, _ := strings.Cut(effective(r, "app.producer-client"), " | "); got != test.client {
			t.Errorf("%s: %q is the client, want %q", test.text, got, test.client)
		}
		if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, test.note) {
			t.Errorf("%s: no note of %q in\n%s", test.text, test.note, notes)
		}
	}
}
