package model

import (
	"fmt"
	"strconv"
	"strings"
)

// Version is a Kafka release, of brokers or of a Java client, as 10000*major + 100*minor + patch: 3.6 is 30600,
// 3.0.1 is 30001. Minor releases compare as their last patch where a patch matters; see [ParseClientVersion].
type Version int

// The releases that a rule or a default changes with; [Versions] are those that --kafka accepts.
const (
	V0_8  Version = 802 // 0.8.2
	V0_10 Version = 1000
	V0_11 Version = 1100
	V1_0  Version = 10000
	V2_0  Version = 20000
	V2_1  Version = 20100
	V2_3  Version = 20300
	V2_5  Version = 20500
	V2_8  Version = 20800
	V3_0  Version = 30000
	V3_6  Version = 30600
	V3_7  Version = 30700
	V3_8  Version = 30800
	V3_9  Version = 30900
	V4_0  Version = 40000
	V4_1  Version = 40100
)

// Versions lists the broker versions that --kafka accepts, oldest first.
var Versions = []Version{V0_8, V0_10, V0_11, V2_0, V2_1, V2_8, V3_0, V3_6, V3_7, V3_8, V3_9, V4_0, V4_1}

// Newest is the version that is assumed where none is given.
const Newest = V4_1

// String writes the version as users write it: "0.8", "2.0", "4.1".
func (v Version) String() string {
	switch {
	case v == V0_8:
		return "0.8"
	case v < V1_0:
		return fmt.Sprintf("0.%d", v/100)
	}
	return fmt.Sprintf("%d.%d", v/10000, v/100%100)
}

// ParseVersion reads a broker version as --kafka takes it. The error lists what would be right.
func ParseVersion(s string) (Version, error) {
	for _, v := range Versions {
		if v.String() == s {
			return v, nil
		}
	}
	names := make([]string, len(Versions))
	for i, v := range Versions {
		names[i] = v.String()
	}
	return 0, fmt.Errorf("unknown Kafka version %q; known are %s", s, strings.Join(names, " "))
}

// ParseClientVersion reads the version of a Java client such as "4.1" or "3.0.0". Without a patch level it is the last
// patch of that minor release (99), so that "3.0" has the fix of KAFKA-13598 and "3.0.0" has not.
func ParseClientVersion(s string) (Version, error) {
	parts := strings.Split(s, ".")
	if len(parts) < 2 || len(parts) > 4 {
		return 0, fmt.Errorf("%q is not a version; write major.minor or major.minor.patch", s)
	}
	n := make([]int, 0, 4)
	for _, p := range parts {
		i, err := strconv.Atoi(p)
		if err != nil || i < 0 || i > 99 {
			return 0, fmt.Errorf("%q is not a version; write major.minor or major.minor.patch", s)
		}
		n = append(n, i)
	}
	if n[0] == 0 {
		n = n[1:] // 0.11.0 is 11.0 of the old numbering: keep it below 1.0
		patch := 99
		if len(n) > 1 {
			patch = n[1]
		}
		return Version(n[0]*100 + patch), nil
	}
	patch := 99
	if len(n) > 2 {
		patch = n[2]
	}
	return Version(n[0]*10000 + n[1]*100 + patch), nil
}
