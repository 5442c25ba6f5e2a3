package model

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Version is a release of Kafka, of the brokers or of a Java client. Versions compare with < and >= in the order in
// which they follow each other:
//
//   - a line, such as [V3_0], is the boundary before its first release: c.Kafka >= V3_0 holds for all of 3.0;
//   - a release, such as 3.0.1, has its patch number;
//   - a line that a user names without a patch number, "3.0", stands for its last release and has the number after every
//     patch, so that it has what any patch of the line brought. [Version.Release] is that release.
//
// Releases before 1.0 have four numbers, of which the first three make a line of their own: 0.10.2.1.
type Version int

// Two decimal digits each: major, minor, third and fourth number. A third or fourth number n is kept as n+1: 0 is none.
const (
	major  Version = 1_000_000
	minor  Version = 10_000
	third  Version = 100
	fourth Version = 1
	last   Version = 99 // in place of a third or fourth number: the last one there is
)

// The lines at which something that kcheck models or checks has changed.
const (
	V0_8    = 8 * minor
	V0_9    = 9 * minor
	V0_10   = 10 * minor
	V0_10_1 = V0_10 + 2*third
	V0_10_2 = V0_10 + 3*third
	V0_11   = 11 * minor
	V1_0    = 1 * major
	V1_1    = V1_0 + 1*minor
	V2_0    = 2 * major
	V2_0_1  = V2_0 + 2*third
	V2_1    = V2_0 + 1*minor
	V2_2    = V2_0 + 2*minor
	V2_3    = V2_0 + 3*minor
	V2_4    = V2_0 + 4*minor
	V2_5    = V2_0 + 5*minor
	V2_7    = V2_0 + 7*minor
	V2_8    = V2_0 + 8*minor
	V2_8_2  = V2_8 + 3*third
	V3_0    = 3 * major
	V3_0_1  = V3_0 + 2*third
	V3_1    = V3_0 + 1*minor
	V3_1_1  = V3_1 + 2*third
	V3_2    = V3_0 + 2*minor
	V3_3    = V3_0 + 3*minor
	V3_4    = V3_0 + 4*minor
	V3_5    = V3_0 + 5*minor
	V3_6    = V3_0 + 6*minor
	V3_7    = V3_0 + 7*minor
	V3_8    = V3_0 + 8*minor
	V3_9    = V3_0 + 9*minor
	V4_0    = 4 * major
	V4_1    = V4_0 + 1*minor
	V4_2    = V4_0 + 2*minor
	V4_3    = V4_0 + 3*minor
	V4_4    = V4_0 + 4*minor
)

// releaseList is every release that kcheck knows, as Maven Central lists org.apache.kafka:kafka-clients.
const releaseList = `
0.8.2.0 0.8.2.1 0.8.2.2 0.9.0.0 0.9.0.1 0.10.0.0 0.10.0.1 0.10.1.0 0.10.1.1 0.10.2.0 0.10.2.1 0.10.2.2
0.11.0.0 0.11.0.1 0.11.0.2 0.11.0.3 1.0.0 1.0.1 1.0.2 1.1.0 1.1.1
2.0.0 2.0.1 2.1.0 2.1.1 2.2.0 2.2.1 2.2.2 2.3.0 2.3.1 2.4.0 2.4.1 2.5.0 2.5.1 2.6.0 2.6.1 2.6.2 2.6.3
2.7.0 2.7.1 2.7.2 2.8.0 2.8.1 2.8.2 3.0.0 3.0.1 3.0.2 3.1.0 3.1.1 3.1.2 3.2.0 3.2.1 3.2.2 3.2.3
3.3.0 3.3.1 3.3.2 3.4.0 3.4.1 3.5.0 3.5.1 3.5.2 3.6.0 3.6.1 3.6.2 3.7.0 3.7.1 3.7.2 3.8.0 3.8.1
3.9.0 3.9.1 3.9.2 4.0.0 4.0.1 4.0.2 4.1.0 4.1.1 4.1.2 4.2.0 4.2.1 4.2.2 4.3.0 4.3.1 4.4.0`

// releases is the parsed list, oldest first.
var releases = sync.OnceValue(func() []Version {
	var all []Version
	for _, s := range strings.Fields(releaseList) {
		v, _ := parse(s)
		all = append(all, v)
	}
	return all
})

// Released lists every release that kcheck knows, oldest first.
func Released() []Version { return slices.Clone(releases()) }

// Lines lists the lines that the releases make, each as its last release, oldest first: 0.8, 0.9, ... 1.0, 1.1, ...
func Lines() []Version {
	var all []Version
	for _, v := range releases() {
		if line := v.Line(); len(all) == 0 || all[len(all)-1] != line {
			all = append(all, line)
		}
	}
	return all
}

// Newest is the version that is assumed where none is given: the last release of the newest line.
var Newest = func() Version { lines := Lines(); return lines[len(lines)-1] }()

// String writes the version as a user would: "0.8", "0.10.2.1", "4.1", "4.1.2".
func (v Version) String() string {
	s := fmt.Sprintf("%d.%d", v/major, v/minor%100)
	for _, unit := range []Version{third, fourth} {
		n := v / unit % 100
		if n == 0 || n == last {
			break
		}
		s += "." + strconv.Itoa(int(n)-1)
	}
	return s
}

// Last is the version of which a line is the boundary, as its last release; a release is its own last.
func (v Version) Last() Version {
	switch {
	case v/third%100 == 0:
		return v + last*third
	case v < V1_0 && v/third%100 != last && v%100 == 0:
		return v + last*fourth
	}
	return v
}

// First is the boundary before a line that stands for its last release; a release is its own first.
func (v Version) First() Version {
	switch {
	case v/third%100 == last:
		return v - last*third
	case v%100 == last:
		return v - last*fourth
	}
	return v
}

// Line is the line of two numbers that a release belongs to, as its last release: 4.1, 0.10.
func (v Version) Line() Version { return v/minor*minor + last*third }

// Release is the release whose behaviour a version has: of a line the last one, else itself.
func (v Version) Release() Version {
	i, found := slices.BinarySearch(releases(), v.Last())
	if !found && i > 0 {
		i--
	}
	return releases()[i]
}

// errShape is what is wrong with a version that is none.
var errShape = errors.New("write major.minor or major.minor.patch")

// parse reads the numbers of a version. Those left out are the last ones.
func parse(s string) (Version, error) {
	parts := strings.Split(s, ".")
	v, units := Version(0), []Version{major, minor, third, fourth}
	if len(parts) < 2 || len(parts) > 4 || len(parts) == 4 && parts[0] != "0" {
		return 0, fmt.Errorf("%q is not a version; %w", s, errShape)
	}
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || n >= int(last)-1 || strconv.Itoa(n) != part {
			return 0, fmt.Errorf("%q is not a version; %w", s, errShape)
		}
		if units[i] <= third {
			n++
		}
		v += Version(n) * units[i]
	}
	return v.Last(), nil
}

// ParseVersion reads a released version as --kafka takes it, of brokers or of a Java client: "4.1", the last release of
// that line, or "4.1.0". The error says what would be right.
func ParseVersion(s string) (Version, error) {
	v, err := parse(s)
	if err != nil {
		return 0, err
	}
	if v.Release() == v || v.Release().inLine(v) {
		return v, nil
	}
	if of := releasesOf(v); len(of) > 0 {
		return 0, fmt.Errorf("there is no Kafka %s; %s has the releases %s", s, of[0].Line(), join(of))
	}
	return 0, fmt.Errorf("unknown Kafka version %q; known are %s", s, join(Lines()))
}

// NewestBefore is the newest release that is not newer than a version that may be no release itself: of the same line
// where that has any.
func NewestBefore(s string) (Version, error) {
	v, err := parse(s)
	if err != nil {
		return 0, err
	}
	if v < releases()[0] {
		return 0, fmt.Errorf("release %s is older than %s, the first that kcheck knows", s, releases()[0])
	}
	return v.Release().Line(), nil
}

// inLine says whether a release belongs to a line that was named without the rest of its numbers.
func (v Version) inLine(line Version) bool {
	switch {
	case line/third%100 == last:
		return v/minor == line/minor
	case line%100 == last:
		return v/third == line/third
	}
	return false
}

// releasesOf lists the releases of a version's line.
func releasesOf(v Version) []Version {
	var of []Version
	for _, r := range releases() {
		if r.Line() == v.Line() {
			of = append(of, r)
		}
	}
	return of
}

func join(versions []Version) string {
	words := make([]string, len(versions))
	for i, v := range versions {
		words[i] = v.String()
	}
	return strings.Join(words, " ")
}
