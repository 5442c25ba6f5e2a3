#!/usr/bin/env bash
# Writes the saved results story-*.json anew, from which the tests render every form. What differs from run to run (time
# and memory) is made the same. Run it after a change of what a result says, then `go test .. -update`, and look at the
# difference.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../../../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/kcheck" ./cmd/kcheck
cp specs/seed/acks-all-answer-lost-0.8.yaml "$work/answer.yaml"
cp specs/transactions/offsets-before-transaction-consumer-crash.yaml "$work/transaction.yaml"
cat >"$work/producer.properties" <<'END'
# The producer of the order service.
bootstrap.servers=broker1:9092,broker2:9092
client.id=orders
linger.ms=5
compression.type=lz4

acks=1
retries=5
END
printf '# kafka-topics --describe\nreplication.factor=3\nmin.insync.replicas=2\n' >"$work/topic.properties"
cd "$work"

# story NAME ARG... saves the result of a check.
story() {
	local name=$1
	shift
	./kcheck check "$@" --workers 2 --format json >"$name" || true
	sed -i -E -e 's/"seconds": [0-9.e-]+/"seconds": 0.01/; s/"bytes": [0-9]+/"bytes": 1048576/' \
		-e '/"expected":/s/: ".*"/: ""/' "$name"
	cp "$name" "$here/story-$name.json"
}
files=(--producer producer.properties --topic topic.properties --guarantee at-least-once --faults broker-crash=1 --messages 1)
story acks-1 "${files[@]}"
story holds "${files[@]}" --set producer.acks=all
story lost-answer answer.yaml --guarantee at-most-once
story transaction transaction.yaml
