// Package jvm runs the Java programs of an Apache Kafka distribution: it finds the distribution and a JDK, and starts
// processes whose output it keeps and which it can end.
package jvm

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// ErrMissing says that a program or file that reproduce needs is not there. It is one line that says what to do.
var ErrMissing = errors.New("kcheck reproduce needs")

// Home is a distribution of Apache Kafka and the Java to run it with.
type Home struct {
	Dir     string // absolute: processes run in directories of their own
	Version string // of the brokers: 4.1.1
	java    string
	javac   string
}

var kafkaJar = regexp.MustCompile(`^kafka_2\.1[0-9]-([0-9][^/]*)\.jar$`)

// OpenHome looks at a distribution: a directory with the jars of kafka_2.13 and what it depends on in libs.
func OpenHome(dir string) (*Home, error) {
	if dir == "" {
		return nil, fmt.Errorf("%w --kafka-home DIR, an unpacked Apache Kafka or what fetch-kafka.sh fetches", ErrMissing)
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("--kafka-home %s: %w", dir, err)
	}
	h := &Home{Dir: absolute}
	if h.Version, err = brokerVersion(dir); err != nil {
		return nil, err
	}
	if err := h.playable(); err != nil {
		return nil, err
	}
	if h.java, err = javaTool("java"); err != nil {
		return nil, err
	}
	if h.javac, err = javaTool("javac"); err != nil {
		return nil, err
	}
	return h, nil
}

// brokerVersion reads the version of the brokers off the name of their jar.
func brokerVersion(dir string) (string, error) {
	libs := filepath.Join(dir, "libs")
	entries, err := os.ReadDir(libs)
	if err != nil {
		return "", fmt.Errorf("%w the jars of Apache Kafka in %s; unpack a distribution there, or run fetch-kafka.sh 4.1.1 %s",
			ErrMissing, libs, dir)
	}
	for _, e := range entries {
		if m := kafkaJar.FindStringSubmatch(e.Name()); m != nil && !strings.Contains(m[1], "-") {
			return m[1], nil
		}
	}
	return "", fmt.Errorf("%w kafka_2.13-VERSION.jar in %s; is this an Apache Kafka?", ErrMissing, libs)
}

// javaTool finds a program of a JDK.
func javaTool(name string) (string, error) {
	if dir := os.Getenv("JAVA_HOME"); dir != "" {
		if path, err := exec.LookPath(filepath.Join(dir, "bin", name)); err == nil {
			return filepath.Abs(path)
		}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%w a JDK, 17 or later: there is no %s in JAVA_HOME or on the path", ErrMissing, name)
	}
	return filepath.Abs(path)
}

// Line is the major and minor version, as a spec writes it: 4.1.
func (h *Home) Line() string {
	parts := strings.SplitN(h.Version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// AdvertisesController says that a controller's listener may be advertised (3.9 on, KIP-853).
func (h *Home) AdvertisesController() bool { return h.since(3, 9) }

// HasShareGroups says that the brokers have share groups (4.2 on, KIP-932).
func (h *Home) HasShareGroups() bool { return h.since(4, 2) }

// HasKRaft says that the brokers run KRaft for production (3.3 on, KIP-833).
func (h *Home) HasKRaft() bool { return h.since(3, 3) }

// HasFeatures says that the brokers are formatted with feature levels (4.0 on, KIP-584 and KIP-1022).
func (h *Home) HasFeatures() bool { return h.since(4, 0) }

// HasAdminRequests says that brokers can be asked and told by requests what is in ZooKeeper only before: topics, leader epochs,
// orders of replicas, elections (KIP-320, KIP-455, KIP-460, KIP-497).
func (h *Home) HasAdminRequests() bool { return h.since(2, 7) }

// HasGroupMetadata says that the Java producer takes the metadata of a consumer group (2.5 on, KIP-447).
func (h *Home) HasGroupMetadata() bool { return h.since(2, 5) }

// KnowsBouncedBrokers says that a controller knows a broker that has come back by its epoch (2.2 on, KIP-380).
func (h *Home) KnowsBouncedBrokers() bool { return h.since(2, 2) }

// DeletesOffsets says that there is a request that deletes what a group has committed (2.4 on, KIP-496).
func (h *Home) DeletesOffsets() bool { return h.since(2, 4) }

// KeepsLastMember says that a controller with ZooKeeper keeps the last member of the in-sync set also where unclean elections are
// enabled (1.1 on).
func (h *Home) KeepsLastMember() bool { return h.since(1, 1) }

// DeletesRecords says that there is a request that deletes records (0.11 on, KIP-107).
func (h *Home) DeletesRecords() bool { return h.since(0, 11) }

// AsksWhereToTruncate says that a new follower asks its leader where to truncate before it fetches (0.11 to 2.6, KIP-101); later
// ones are told when they fetch (KIP-595).
func (h *Home) AsksWhereToTruncate() bool { return h.since(0, 11) && !h.since(2, 7) }

// FencesByEpoch says that fetches are of a leader epoch, by which a new follower truncates (2.1 on, KIP-320).
func (h *Home) FencesByEpoch() bool { return h.since(2, 1) }

// playable is the error of a distribution that is neither of 0.8.2 nor of 0.10.2 or later.
func (h *Home) playable() error {
	if h.since(0, 11) || h.HasScalaClients() || strings.HasPrefix(h.Version, "0.10.2") {
		return nil
	}
	return fmt.Errorf("%w Apache Kafka 0.8.2, or 0.10.2 or later; %s has %s", ErrMissing, h.Dir, h.Version)
}

// HasScalaClients says that the distribution has the Scala clients, and those of Java not whole, keeps offsets in ZooKeeper, and has
// one listener for clients and brokers (0.8).
func (h *Home) HasScalaClients() bool { return !h.since(0, 9) }

// since says whether the brokers are of a line or a later one.
func (h *Home) since(major, minor int) bool {
	var a, b int
	if _, err := fmt.Sscanf(h.Version, "%d.%d", &a, &b); err != nil {
		return false
	}
	return a > major || a == major && b >= minor
}

// classPath is every jar of the distribution, and further directories.
func (h *Home) classPath(more ...string) string {
	return strings.Join(append([]string{filepath.Join(h.Dir, "libs", "*")}, more...), string(os.PathListSeparator))
}

// flags make a small Java process start fast. What fetch-kafka.sh --archive leaves, an archive of the classes that brokers
// load, makes it start faster still.
func (h *Home) flags() []string {
	flags := []string{"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto", "-Djava.awt.headless=true"}
	if !h.since(1, 0) { // of before Java 9
		for _, p := range []string{"java.base/sun.nio.ch", "java.base/java.nio", "java.base/java.lang"} {
			flags = append(flags, "--add-exports", p+"=ALL-UNNAMED", "--add-opens", p+"=ALL-UNNAMED")
		}
	}
	archive := filepath.Join(h.Dir, "kcheck.jsa")
	if _, err := os.Stat(archive); err == nil {
		flags = append(flags, "-XX:SharedArchiveFile="+archive)
	}
	return flags
}
