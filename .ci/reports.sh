#!/usr/bin/env bash
# Looks at the reports as their readers do: installs Chromium and Graphviz (apt-get) and the npm packages that the test needs, then
# runs it. Run it from anywhere; it needs Go, node and npm, and is skipped with a message where node or npm is missing.
#
#   .ci/reports.sh
#
# KCHECK_REPORTS=DIR keeps the reports and the printed PDF in DIR; KCHECK_NODE_MODULES=DIR uses packages that are there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

browser=cmd/kcheck/internal/report/testdata/browser
ACTIONLINT=github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

# The workflow that specs/ci.md has to copy is one that GitHub takes.
if go install -n "$ACTIONLINT" >/dev/null 2>&1; then
	sed -n '/^```yaml$/,/^```$/p' specs/ci.md | sed -n '/^```yaml$/d; /^```$/q; p' | go run "$ACTIONLINT" -
else
	echo "skipped: actionlint cannot be fetched here, so the workflow of specs/ci.md is not looked at"
fi

for tool in node npm; do
	if ! command -v "$tool" >/dev/null; then
		echo "skipped: $tool is not installed, so the reports are not looked at in a browser"
		exit 0
	fi
done

if ! command -v chromium >/dev/null && ! command -v "${CHROMIUM:-no-chromium}" >/dev/null; then
	sudo=""
	[[ $(id -u) -eq 0 ]] || sudo=sudo
	if ! { $sudo apt-get update && $sudo apt-get install -y --no-install-recommends chromium fonts-dejavu-core graphviz; }; then
		echo "skipped: chromium cannot be installed here, so the reports are not looked at in a browser"
		exit 0
	fi
fi

if [[ -z ${KCHECK_NODE_MODULES:-} ]]; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	cp "$browser/package.json" "$work/"
	if ! (cd "$work" && npm install --no-audit --no-fund --ignore-scripts --loglevel=error); then
		echo "skipped: the npm packages cannot be installed here, so the reports are not looked at in a browser"
		exit 0
	fi
	export KCHECK_NODE_MODULES=$work/node_modules
fi

go test ./cmd/kcheck/internal/report -run "TestBrowser|TestGraphviz" -count=1 -v -timeout 20m
go run ./cmd/kcheck/internal/whatif/build
go test ./cmd/kcheck -run "TestWhatIf" -count=1 -v -timeout 20m
