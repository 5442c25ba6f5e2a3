#!/usr/bin/env bash
# Does lines of work of kcheck on an Apache Spark cluster of two executors, one of which is killed in the middle. It
# installs PySpark into a folder of its own. Where Python, a JDK or PySpark is missing, the test says what it skips.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ -z ${KCHECK_PYTHON:-} ]] && command -v python3 >/dev/null && command -v java >/dev/null; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	if python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet 'pyspark>=4,<5'; then
		export KCHECK_PYTHON=$work/venv/bin/python
	else
		echo "PySpark cannot be installed here"
	fi
fi
go test ./specs/spread -count=1 -v -timeout 20m
