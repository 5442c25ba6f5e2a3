#!/usr/bin/env bash
# Plays a small selection of counterexamples on real Apache Kafka brokers of several releases. The brokers come from Maven
# Central and are kept in the user's cache; where there is no mvn or JDK, this is skipped with a line that says so. With
# KCHECK_KAFKA_HOME only that distribution is played on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

VERSIONS=(0.8.2.2 4.1.1 4.4.0)

for tool in mvn java javac; do
	if ! command -v "$tool" >/dev/null; then
		echo "skipped: kcheck reproduce is not tested on brokers without $tool (a JDK, 17 or later, and Apache Maven)"
		exit 0
	fi
done
homes=()
if [[ -n ${KCHECK_KAFKA_HOME:-} ]]; then
	homes=("$KCHECK_KAFKA_HOME")
else
	for version in "${VERSIONS[@]}"; do
		home=${XDG_CACHE_HOME:-$HOME/.cache}/kcheck/kafka-$version
		if ! compgen -G "$home/libs/kafka_2.1?-*.jar" >/dev/null; then
			cmd/kcheck/internal/reproduce/fetch-kafka.sh "$version" "$home"
		fi
		homes+=("$home")
	done
fi
for home in "${homes[@]}"; do
	KCHECK_KAFKA_HOME=$home go test -count=1 -timeout 4m -v -run Cluster ./cmd/kcheck/internal/reproduce
done
