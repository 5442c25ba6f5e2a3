#!/usr/bin/env bash
# Plays a small selection of counterexamples on real Apache Kafka brokers. The brokers come from Maven Central and are kept
# in the user's cache; where there is no mvn or JDK, this is skipped with a line that says so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

VERSION=4.1.1

for tool in mvn java javac; do
	if ! command -v "$tool" >/dev/null; then
		echo "skipped: kcheck reproduce is not tested on brokers without $tool (a JDK, 17 or later, and Apache Maven)"
		exit 0
	fi
done
home=${KCHECK_KAFKA_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/kcheck/kafka-$VERSION}
if ! compgen -G "$home/libs/kafka_2.13-*.jar" >/dev/null; then
	cmd/kcheck/internal/reproduce/fetch-kafka.sh "$VERSION" "$home"
fi
KCHECK_KAFKA_HOME=$home go test -count=1 -timeout 8m -v -run Cluster ./cmd/kcheck/internal/reproduce
