#!/usr/bin/env bash
# Writes the saved documents anew, from which the tests write every form. What differs from run to run (time and memory)
# is made the same. Run it after a change of what a document says, then `go test ../.. -update`, and look at the difference.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../../../../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/kcheck" ./cmd/kcheck
cd "$work"
printf '# the orders service\nacks=1\nretries=5\n' >one.properties
printf '# the orders service\nacks=all\n' >all.properties
printf 'about: a crash before the commit\nguarantee: at-most-once\nproducer: {acks: all}\nconsumer: {}\nfaults: {consumer-crash: 1}\nscope: {messages: 1}\n' >twice.yaml
printf 'guarantee: at-least-once\nproducer: {acks: 1}\nfaults: {broker-crash: 1}\nscope: {messages: 1}\n' >one.yaml
sed 's/acks: 1/acks: all/' one.yaml >all.yaml

# story NAME COMMAND ARG... saves the document of a command.
story() {
	local name=$1
	shift
	./kcheck "$@" --workers 2 --format json >"$name" || true
	sed -E -e 's/"seconds": [0-9.e-]+/"seconds": 0.01/; s/"bytes": [0-9]+/"bytes": 1048576/' "$name" >"$here/$name.json"
}
few=(--faults broker-crash=1,leader-move=1,replica-lag=1 --messages 1)
story resilience resilience one.properties --guarantee at-least-once "${few[@]}"
story resilience-two resilience one.yaml all.yaml "${few[@]}"
story matrix matrix one.properties --vary producer.acks=0,1,all --vary topic.replication.factor=1,3 \
	--guarantee at-least-once --guarantee no-duplicate-in-log --faults broker-crash=1 --messages 1
story diff diff all.properties one.properties --guarantee at-least-once "${few[@]}"
story repair repair one.properties --guarantee at-least-once --faults broker-crash=1 --messages 1 --alternatives 2
story repair-none repair twice.yaml --only producer
story load-bearing repair all.yaml --load-bearing
